import { isTemplate } from '../expression/index.ts';
import { isObject, type Json } from '../json.ts';
import { findStepType } from '../steps/index.ts';
import type { Path } from './problem.ts';
import { allSteps, type ListPlace, nestedLists } from './walk.ts';
import type { Step, Workflow } from './workflow.ts';

/** A text with expressions, where it stands, and what it can see. */
export interface ExpressionText {
  text: string;
  path: Path;
  /** The whole text is one expression, with or without `{{ }}`. */
  isBare: boolean;
  /** The step it belongs to and the list that one stands in; neither for the workflow's output. */
  step?: Step;
  list?: ListPlace;
  /** Names it sees besides the run's own and its list's. */
  extra: readonly string[];
  /** It is evaluated when its step has ended, and sees that step. */
  isAfter: boolean;
  /** It sees the steps nested in its step: a loop's `while`. */
  seesInside: boolean;
}

function* templates(value: Json | undefined, path: Path): Generator<{ text: string; path: Path }> {
  if (typeof value === 'string' && isTemplate(value)) yield { text: value, path };
  else if (Array.isArray(value))
    for (const [index, item] of value.entries()) yield* templates(item, [...path, index]);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) yield* templates(item, [...path, key]);
}

/** The step's own config, without the steps nested in it. */
function ownConfig(step: Step): Json {
  return findStepType(step.type)?.nested?.map(step.config, () => []) ?? step.config;
}

function* textsOf(step: Step, path: Path): Generator<Omit<ExpressionText, 'step' | 'list'>> {
  const plain = { isBare: false, extra: [], isAfter: false, seesInside: false };
  for (const found of templates(step.action?.parameters, [...path, 'action', 'parameters']))
    yield { ...plain, ...found };
  const bare = new Set(findStepType(step.type)?.expressions);
  for (const [key, value] of Object.entries(ownConfig(step) as Record<string, Json>)) {
    const here = [...path, 'config', key];
    if (bare.has(key)) {
      const seesInside = nestedLists(step).length > 0;
      yield {
        text: String(value),
        path: here,
        isBare: true,
        extra: seesInside ? ['index', 'output'] : [],
        isAfter: false,
        seesInside,
      };
    } else for (const found of templates(value, here)) yield { ...plain, ...found };
  }
  const { value, undo } = step.errorHandling;
  for (const found of templates(value, [...path, 'errorHandling', 'value']))
    yield { ...plain, ...found, extra: ['error'], isAfter: true };
  for (const found of templates(undo?.action.parameters, [
    ...path,
    'errorHandling',
    'undo',
    'action',
    'parameters',
  ]))
    yield { ...plain, ...found, isAfter: true };
  for (const [position, { condition }] of step.connections.outputs.entries()) {
    if (condition.expression === undefined) continue;
    const here = [...path, 'connections', 'outputs', position, 'condition', 'expression'];
    yield {
      text: condition.expression,
      path: here,
      isBare: true,
      extra: ['output', 'error', 'status'],
      isAfter: true,
      seesInside: false,
    };
  }
}

/** Every text of a workflow in which expressions stand. */
export function* expressionTexts(workflow: Workflow): Generator<ExpressionText> {
  for (const { step, path, list } of allSteps(workflow))
    for (const text of textsOf(step, path)) yield { ...text, step, list };
  for (const found of templates(workflow.output, ['output']))
    yield { ...found, isBare: false, extra: [], isAfter: true, seesInside: false };
}

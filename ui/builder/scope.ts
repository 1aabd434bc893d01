import type { ExecutionView } from '#shared/contract/execution.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { idOf } from '#shared/machine/paths.ts';
import { findStepType } from '#shared/steps/index.ts';
import { before } from '#ui/document/edges.ts';
import { type ListPlace, outlineOf, type StepPlace } from '#ui/document/outline.ts';
import { getIn, listAt } from '#ui/document/path.ts';
import type { ScopeInfo, ScopeStep } from '#ui/expression/scope-info.ts';
import type { CatalogAnswer } from './templates.ts';

/** What is known besides the definition: what was pinned, what the last run gave. */
export interface Known {
  catalog: CatalogAnswer | undefined;
  lastRun: ExecutionView | undefined;
  secrets: readonly string[];
}

/** The lists around a step, the innermost first, each with the step of it that the way leads through. */
function* around(place: StepPlace): Generator<{ list: ListPlace; through: StepPlace }> {
  let through: StepPlace | undefined = place;
  while (through) {
    yield { list: through.list, through };
    through = through.list.holder;
  }
}

/** The steps whose end an expression in this step can read. */
function readable(definition: JsonObject, place: StepPlace | undefined): StepPlace[] {
  const outline = outlineOf(definition);
  const root = outline.lists.find(({ key }) => key === 'steps')?.places ?? [];
  if (!place) return root;
  const earlier = [...around(place)].flatMap(({ list, through }) => {
    const ids = before(list, through.id);
    return list.places.filter(({ id }) => ids.has(id));
  });
  const isFinally = [...around(place)].some(({ list }) => list.key === 'finally');
  return isFinally ? [...root, ...earlier] : earlier;
}

/** Outputs of the steps of the last run, by step: of one that ran several times, the last. */
function lastOutputs(lastRun: ExecutionView | undefined): Map<string, Json> {
  const outputs = new Map<string, Json>();
  for (const { path, status, output } of lastRun?.steps ?? [])
    if (status === 'success' || status === 'failure') outputs.set(idOf(path), output);
  return outputs;
}

function outputSchemaOf(
  { type, step }: StepPlace,
  catalog: CatalogAnswer | undefined,
): JsonObject | undefined {
  const action = getIn(step, ['action', 'type']);
  if (action !== undefined)
    return catalog?.items.find((item) => item.type === action)?.output as JsonObject | undefined;
  if (type === 'condition') return { type: 'object', properties: { result: { type: 'boolean' } } };
  if (type !== 'set') return undefined;
  const values = getIn(step, ['config', 'values']);
  const properties = Object.fromEntries(
    Object.keys(isObject(values) ? values : {}).map((name) => [name, {}]),
  );
  return { type: 'object', properties };
}

/** The output that an action's first example shows. */
const exampleOf = ({ step }: StepPlace, catalog: CatalogAnswer | undefined): Json | undefined =>
  catalog?.items
    .find((item) => item.type === getIn(step, ['action', 'type']))
    ?.examples.find(({ output }) => output !== undefined)?.output as Json | undefined;

function triggerOf(definition: JsonObject, { catalog, lastRun }: Known): JsonObject {
  const [first] = listAt(definition, ['triggers']).filter(isObject);
  const type = String(first?.type ?? 'manual');
  const sample = catalog?.triggers.find((each) => each.type === type)?.sample ?? {};
  const fired = lastRun?.triggeredBy.type === type ? lastRun.triggeredBy : {};
  return {
    id: String(first?.id ?? type),
    type,
    time: '2027-01-31T09:00:00.000Z',
    ...sample,
    ...fired,
  } as JsonObject;
}

const variablesOf = (definition: JsonObject) =>
  listAt(definition, ['variables'])
    .filter(isObject)
    .map(({ name, type, description, default: value }) => ({
      name: String(name ?? ''),
      type: String(type ?? 'any'),
      ...(typeof description === 'string' && { description }),
      value: value ?? null,
    }));

function localsOf(place: StepPlace | undefined): string[] {
  const locals = place ? [...around(place)].flatMap(({ list: { holder } }) => (holder ? [holder] : [])) : [];
  return locals.flatMap(({ type, step }) => {
    const config = isObject(step.config) ? step.config : {};
    return findStepType(type)?.nested?.locals?.(config) ?? [];
  });
}

/** What the expressions of a step can name, with values to try them on; of the workflow itself without a step. */
export function scopeOf(definition: JsonObject, stepId: string | undefined, known: Known): ScopeInfo {
  const place = stepId === undefined ? undefined : outlineOf(definition).steps.get(stepId);
  const pins = getIn(definition, ['metadata', 'pins']);
  const outputs = lastOutputs(known.lastRun);
  const sampleOf = (step: StepPlace): Json | undefined =>
    getIn(pins, [step.id]) ?? outputs.get(step.id) ?? exampleOf(step, known.catalog);
  const places = readable(definition, place);
  const steps = places.map((step): ScopeStep => {
    const { id, name, type } = step;
    const action = getIn(step.step, ['action', 'type']);
    const outputSchema = outputSchemaOf(step, known.catalog);
    const sample = sampleOf(step);
    return {
      id,
      name,
      type,
      ...(typeof action === 'string' && { action }),
      ...(outputSchema && { outputSchema }),
      ...(sample !== undefined && { sample }),
    };
  });
  const variables = variablesOf(definition);
  const trigger = triggerOf(definition, known);
  const values: JsonObject = {
    trigger,
    variables: {
      ...Object.fromEntries(variables.map(({ name, value }) => [name, value])),
      ...known.lastRun?.variables,
    },
    workflow: { id: String(definition.id ?? ''), name: String(definition.name ?? '') },
    execution: {
      id: known.lastRun?.executionId ?? 'sample',
      startTime: known.lastRun?.startTime ?? '2027-01-31T09:00:00.000Z',
    },
    steps: Object.fromEntries(
      steps.flatMap(({ id, sample }) =>
        sample === undefined ? [] : [[id, { output: sample, status: 'success' }]],
      ),
    ),
  };
  return {
    steps,
    variables: variables.map(({ value: _, ...variable }) => variable),
    trigger,
    locals: localsOf(place),
    secrets: [...known.secrets],
    values,
  };
}

/** A value that expressions of a step can read, and the expression that reads it. */
export interface Source {
  label: string;
  path: string;
  value: Json;
}

/** What expressions can read, value by value: what steps gave, the nearest first, the trigger, the variables. */
export function sourcesOf({ steps, values }: ScopeInfo): Source[] {
  const outputs = steps.flatMap(({ id, sample }): Source[] =>
    sample === undefined ? [] : [{ label: `Output of ${id}`, path: `steps.${id}.output`, value: sample }],
  );
  const { trigger, variables } = values;
  const hasVariables = isObject(variables ?? null) && Object.keys(variables as JsonObject).length > 0;
  return [
    ...outputs.reverse(),
    { label: 'Trigger', path: 'trigger', value: trigger ?? {} },
    ...(hasVariables ? [{ label: 'Variables', path: 'variables', value: variables ?? {} }] : []),
  ];
}

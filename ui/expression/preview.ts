import { AppError, messageOf } from '#shared/errors.ts';
import {
  condition,
  DeferredError,
  evaluate,
  isTemplate,
  references,
  render,
  type Scope,
  scopeOf,
} from '#shared/expression/index.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ScopeInfo } from './scope-info.ts';

/** What a text gives with the values at hand; an error's position is an offset in the text. */
export type Preview =
  | { value: Json }
  | { error: string; fix?: string; position: number }
  /** Nothing is wrong, but what it gives is only known when it runs. */
  | { unknown: string };

/** Steps of work one preview may take: a few milliseconds. */
const FUEL = 100_000;

const KNOWN_ROOTS = new Set(['steps', 'trigger', 'variables', 'execution', 'workflow', 'secrets']);
const LATER = 'known only when it runs';

const own = (value: Json | undefined, key: string): Json | undefined =>
  isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** Why a path has no value here although it may have one in an execution. */
function missing([root = '', name = '', field]: readonly string[], scope: ScopeInfo): string | undefined {
  const { values } = scope;
  if (root === 'secrets') {
    if (scope.secrets.includes(name) || name === '') return `A secret is ${LATER}.`;
    return `There is no secret ${name} yet: add it on the page Secrets.`;
  }
  if (root === 'steps') {
    if (!scope.steps.some(({ id }) => id === name)) return undefined;
    const step = own(values.steps, name);
    const isThere = step !== undefined && (field === undefined || own(step, field) !== undefined);
    return isThere ? undefined : `steps.${name} has no sample yet: ${LATER}.`;
  }
  if (root === 'variables' && name !== '') {
    const isDeclared = scope.variables.some((variable) => variable.name === name);
    return isDeclared && own(values.variables, name) === undefined
      ? `variables.${name} has no default: ${LATER}.`
      : undefined;
  }
  const isNamed = KNOWN_ROOTS.has(root) || scope.locals.includes(root);
  return isNamed && !Object.hasOwn(values, root) ? `${root} is ${LATER}.` : undefined;
}

/** Why a text cannot be evaluated here although nothing in it is wrong. */
function reasonFor(text: string, scope: ScopeInfo): string | undefined {
  for (const { path } of references(text)) {
    const reason = missing(path, scope);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function failed(thrown: unknown): Preview {
  if (!AppError.is(thrown)) return { error: messageOf(thrown), position: 0 };
  const { offset } = (isObject(thrown.details) ? thrown.details : {}) as { offset?: number };
  const preview: Preview = { error: thrown.message, position: offset ?? 0 };
  return thrown.fix === undefined ? preview : { ...preview, fix: thrown.fix };
}

/** Names that are written in and that the values lack, so that the evaluator reports them as the engine would. */
const withNames = (values: JsonObject): Scope =>
  scopeOf({ steps: {}, trigger: {}, variables: {}, ...values });

function evaluated(text: string, { values }: ScopeInfo, isCondition: boolean): Preview {
  const limits = { deferredNames: ['secrets'], fuel: { left: FUEL } };
  if (isCondition) {
    const value = evaluate(condition(text), withNames(values), limits);
    return { value: value ?? null };
  }
  const value = render(text, withNames(values), limits);
  return isObject(value) && Object.hasOwn(value, '$deferred')
    ? { unknown: `It reads what is stored apart: ${LATER}.` }
    : { value };
}

/**
 * What stands in a field, evaluated as the engine would with the values of the scope; a plain text gives itself.
 * The work is bounded, so this may be called on every key press.
 */
export function preview(text: string, scope: ScopeInfo, isCondition = false): Preview {
  if (!isCondition && !isTemplate(text)) return { value: text };
  try {
    const reason = reasonFor(isCondition ? condition(text).source : text, scope);
    if (reason !== undefined) return { unknown: reason };
    return evaluated(text, scope, isCondition);
  } catch (thrown) {
    if (DeferredError.is(thrown)) return { unknown: `It reads what is stored apart: ${LATER}.` };
    return failed(thrown);
  }
}

import { isObject, isSame, type Json, type JsonObject } from '../json.ts';
import { allSteps, nestedLists } from './walk.ts';
import type { Connection, Step, Workflow } from './workflow.ts';

/** One thing in which two definitions differ. */
export interface Difference {
  kind: 'added' | 'removed' | 'changed';
  what: 'step' | 'edge' | 'trigger' | 'variable' | 'setting' | 'field';
  /** Id of the step, trigger or variable; `a → b` for an edge; the name of a setting or field. */
  id: string;
  /** The field that changed of a step, trigger or variable: `action.parameters.path`. */
  field?: string;
  before?: Json;
  after?: Json;
}

type What = Difference['what'];

const json = (value: unknown): Json => value as Json;

/** The fields in which two values differ, as deep as both are objects. */
function* changed(
  before: Json | undefined,
  after: Json | undefined,
  path = '',
): Generator<{ path: string; before?: Json; after?: Json }> {
  if (isSame(before, after)) return;
  if (!isObject(before) || !isObject(after)) {
    yield { path, ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const own = (object: JsonObject): Json | undefined =>
      Object.hasOwn(object, key) ? object[key] : undefined;
    yield* changed(own(before), own(after), path === '' ? key : `${path}.${key}`);
  }
}

/** Differences of what is told apart by an id. */
function* entries(what: What, before: Map<string, Json>, after: Map<string, Json>): Generator<Difference> {
  for (const [id, value] of before) if (!after.has(id)) yield { kind: 'removed', what, id, before: value };
  for (const [id, value] of after) {
    if (!before.has(id)) yield { kind: 'added', what, id, after: value };
    else
      for (const { path, ...values } of changed(before.get(id), value))
        yield { kind: 'changed', what, id, ...(path !== '' && { field: path }), ...values };
  }
}

/** A step by itself: its edges and the steps inside it are told of on their own; where it stands is part of it. */
function alone(step: Step, place: string, order: number): JsonObject {
  const { connections, config, ...rest } = step;
  const inner = new Set(nestedLists(step).map(({ path }) => String(path[1])));
  const own = Object.entries(config).map(([key, value]): [string, Json] => [
    key,
    inner.has(key) ? shells(value) : value,
  ]);
  return { ...(rest as unknown as JsonObject), config: Object.fromEntries(own), place, order };
}

/** The lists inside a container, emptied of their steps: branches keep their ids and names. */
const shells = (value: Json): Json =>
  Array.isArray(value)
    ? value
        .map((item) => (isObject(item) && Array.isArray(item.steps) ? { ...item, steps: [] } : null))
        .filter((item) => item !== null)
    : value;

function steps(workflow: Workflow): Map<string, Json> {
  const found = [...allSteps(workflow)].map(({ step, path, list }): [string, Json] => {
    const branch = list.within ? path.slice(list.within.list.path.length + 1, -1).join('.') : '';
    const place = list.within ? `${list.within.step.id}.${branch}` : list.isFinally ? 'finally' : 'steps';
    return [step.id, alone(step, place, Number(path.at(-1)))];
  });
  return new Map(found);
}

/** Edges by their ends, numbered where several lead the same way. */
function edges(workflow: Workflow): Map<string, Json> {
  const found = new Map<string, Json>();
  for (const { step } of allSteps(workflow))
    for (const [position, edge] of step.connections.outputs.entries()) {
      const { targetStepId, ...rest }: Connection = edge;
      let id = `${step.id} → ${targetStepId}`;
      for (let number = 2; found.has(id); number++) id = `${step.id} → ${targetStepId} (${number})`;
      found.set(id, { ...(rest as unknown as JsonObject), position });
    }
  return found;
}

const byKey = (items: readonly unknown[], key: string): Map<string, Json> =>
  new Map((items as JsonObject[]).map((item, order) => [String(item[key]), { ...item, order }]));

const fields = (object: object): Map<string, Json> =>
  new Map(Object.entries(object).map(([key, value]) => [key, json(value)]));

function top({
  steps: _steps,
  finally: _finally,
  triggers: _triggers,
  variables: _variables,
  settings: _settings,
  ...rest
}: Workflow): Map<string, Json> {
  return fields(rest);
}

/** All in which two definitions in normal form differ; empty where, and only where, they mean the same. */
export function diffWorkflows(before: Workflow, after: Workflow): Difference[] {
  return [
    ...entries('field', top(before), top(after)),
    ...entries('setting', fields(before.settings), fields(after.settings)),
    ...entries('variable', byKey(before.variables, 'name'), byKey(after.variables, 'name')),
    ...entries('trigger', byKey(before.triggers, 'id'), byKey(after.triggers, 'id')),
    ...entries('step', steps(before), steps(after)),
    ...entries('edge', edges(before), edges(after)),
  ];
}

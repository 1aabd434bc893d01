import type { ConditionType } from '#shared/definition/workflow.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { type EdgePlace, type ListPlace, listOf, outlineOf, type StepPlace } from './outline.ts';
import { listAt, setInDefinition } from './path.ts';

/** What an edge asks before it is followed. */
export interface EdgeCondition {
  type: ConditionType;
  expression?: string;
  label?: string;
}

/** An edge as it is written. */
export function writtenEdge(target: string, { type, expression, label }: EdgeCondition): JsonObject {
  const isPlain = type === 'success';
  return {
    targetStepId: target,
    ...(!isPlain && {
      condition: { type, ...(type === 'expression' && { expression: expression ?? 'true' }) },
    }),
    ...(label !== undefined && label !== '' && { label }),
  };
}

const outputsPath = ({ path }: StepPlace) => [...path, 'connections', 'outputs'];

/** Writes a list's implied edges and ids out, so that other edges can be added. Changes nothing where they are. */
export function withWrittenEdges(definition: JsonObject, listKey: string): JsonObject {
  const list = listOf(outlineOf(definition), listKey);
  if (!list.isImplicit) return definition;
  let next = definition;
  for (const place of list.places) {
    const outputs = list.edges.filter(({ source }) => source === place.id);
    next = setInDefinition(next, [...place.path, 'id'], place.id);
    next = setInDefinition(
      next,
      outputsPath(place),
      outputs.map(({ target }) => writtenEdge(target, { type: 'success' })),
    );
  }
  return next;
}

const sources = new WeakMap<ListPlace, Map<string, string[]>>();

/** The steps that each step of a list is led to by. */
function sourcesIn(list: ListPlace): Map<string, string[]> {
  const known = sources.get(list);
  if (known) return known;
  const found = new Map<string, string[]>();
  for (const { source, target } of list.edges) {
    const before = found.get(target);
    if (before) before.push(source);
    else found.set(target, [source]);
  }
  sources.set(list, found);
  return found;
}

/** Ids of the steps from which a way leads to a step, over any number of edges. */
export function before(list: ListPlace, id: string): ReadonlySet<string> {
  const found = sourcesIn(list);
  const reached = new Set<string>();
  const left = [id];
  for (const current of left)
    for (const source of found.get(current) ?? [])
      if (!reached.has(source)) {
        reached.add(source);
        left.push(source);
      }
  return reached;
}

/** Why two steps cannot be joined by an edge; undefined where they can. */
export function refusal(definition: JsonObject, source: string, target: string): string | undefined {
  const { steps } = outlineOf(definition);
  const [from, to] = [steps.get(source), steps.get(target)];
  if (!from || !to) return 'An edge joins two steps.';
  if (source === target) return 'A step cannot lead to itself. Use a loop.';
  if (from.list !== to.list) return 'An edge stays inside its frame.';
  if (from.list.edges.some((edge) => edge.source === source && edge.target === target))
    return 'These two are joined already.';
  if (before(from.list, source).has(target)) return 'This would be a cycle. Use a loop.';
  return undefined;
}

/** The steps that an edge from this one may lead to. */
export function targetsOf({ id, list }: StepPlace): StepPlace[] {
  const earlier = before(list, id);
  const joined = new Set(list.edges.filter(({ source }) => source === id).map(({ target }) => target));
  return list.places.filter((place) => place.id !== id && !earlier.has(place.id) && !joined.has(place.id));
}

/** Joins two steps. Throws where {@link refusal} says why not. */
export function connect(
  definition: JsonObject,
  source: string,
  target: string,
  condition: EdgeCondition = { type: 'success' },
): JsonObject {
  const reason = refusal(definition, source, target);
  if (reason !== undefined) throw new Error(reason);
  const list = outlineOf(definition).steps.get(source)?.list;
  const next = withWrittenEdges(definition, list?.key ?? 'steps');
  const place = outlineOf(next).steps.get(source);
  const aim = outlineOf(next).steps.get(target);
  if (!place || !aim) return definition;
  const named = setInDefinition(next, [...aim.path, 'id'], target);
  const outputs = listAt(named, outputsPath(place));
  return setInDefinition(named, outputsPath(place), [...outputs, writtenEdge(target, condition)]);
}

function findEdge(definition: JsonObject, id: string): { place: StepPlace; edge: EdgePlace } | undefined {
  for (const { places, edges } of outlineOf(definition).lists) {
    const edge = edges.find((each) => each.id === id);
    const place = places.find((each) => each.id === edge?.source);
    if (edge && place) return { place, edge };
  }
  return undefined;
}

/** The definition with all edges of an edge's list written out, and where the edge is then. */
function written(definition: JsonObject, id: string) {
  const found = findEdge(definition, id);
  if (!found) return undefined;
  const next = withWrittenEdges(definition, found.place.list.key);
  return { definition: next, path: [...outputsPath(found.place), found.edge.index ?? 0], edge: found.edge };
}

/** Takes an edge away. */
export function disconnect(definition: JsonObject, edgeId: string): JsonObject {
  const at = written(definition, edgeId);
  return at ? setInDefinition(at.definition, at.path, undefined) : definition;
}

/** Gives an edge another condition or label. */
export function changeEdge(definition: JsonObject, edgeId: string, condition: EdgeCondition): JsonObject {
  const at = written(definition, edgeId);
  return at ? setInDefinition(at.definition, at.path, writtenEdge(at.edge.target, condition)) : definition;
}

/** A list's steps with every edge that names a step changed or taken away. */
export function mapTargets(
  steps: readonly Json[],
  change: (target: string, edge: JsonObject) => JsonObject[],
): Json[] {
  return steps.map((step) => {
    if (!isObject(step) || !isObject(step.connections)) return step;
    const outputs = listAt(step, ['connections', 'outputs']);
    const next = outputs.flatMap((edge): Json[] =>
      isObject(edge) ? change(String(edge.targetStepId), edge) : [edge],
    );
    const isSameList = next.length === outputs.length && next.every((edge, index) => edge === outputs[index]);
    return isSameList ? step : setInDefinition(step, ['connections', 'outputs'], next);
  });
}

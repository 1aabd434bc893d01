import { snaked, unused } from '#shared/definition/slug.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import {
  connect,
  disconnect,
  type EdgeCondition,
  mapTargets,
  withWrittenEdges,
  writtenEdge,
} from './edges.ts';
import { listOf, type Outline, outlineOf, type StepPlace } from './outline.ts';
import { listAt, setInDefinition } from './path.ts';

/** Where a new step goes. */
export type Spot =
  /** By itself in a list, joined to nothing. */
  | { kind: 'alone'; list: string }
  /** Behind a step, by an edge. */
  | { kind: 'after'; step: string; condition?: EdgeCondition }
  /** In the middle of an edge. */
  | { kind: 'on'; edge: string }
  /** At the end of a list: behind its last step. */
  | { kind: 'end'; list: string };

export interface Point {
  x: number;
  y: number;
}

const takenIds = ({ steps }: Outline): Set<string> => new Set(steps.keys());

/** A step with an id that no other has. */
const named = (step: JsonObject, taken: Set<string>): JsonObject => {
  const wished = typeof step.id === 'string' ? step.id : snaked(String(step.name ?? step.type ?? 'step'));
  const { id: _, name, ...rest } = step;
  return { id: unused(wished, taken), ...(name !== undefined && { name }), ...rest };
};

function insertAt(definition: JsonObject, listKey: string, index: number, step: JsonObject): JsonObject {
  const { path } = listOf(outlineOf(definition), listKey);
  const list = listAt(definition, path);
  return setInDefinition(definition, path, [...list.slice(0, index), step, ...list.slice(index)]);
}

const edgeOf = (outline: Outline, id: string) =>
  outline.lists.flatMap(({ edges }) => edges).find((edge) => edge.id === id);

function placeOf(outline: Outline, id: string): StepPlace {
  const place = outline.steps.get(id);
  if (!place) throw new Error(`There is no step ${id}.`);
  return place;
}

function addAlone(definition: JsonObject, listKey: string, step: JsonObject): JsonObject {
  const { places } = listOf(outlineOf(definition), listKey);
  const next = places.length > 0 ? withWrittenEdges(definition, listKey) : definition;
  const isolated = places.length > 0 ? { ...step, connections: { outputs: [] } } : step;
  const { path } = listOf(outlineOf(next), listKey);
  return insertAt(next, listKey, listAt(next, path).length, isolated);
}

function addAfter(
  definition: JsonObject,
  afterId: string,
  step: JsonObject,
  condition?: EdgeCondition,
): JsonObject {
  const { list, index } = placeOf(outlineOf(definition), afterId);
  const isPlain = condition === undefined || condition.type === 'success';
  const isLast = list.places.at(-1)?.id === afterId;
  if (list.isImplicit && isPlain && isLast) return insertAt(definition, list.key, index + 1, step);
  const explicit = withWrittenEdges(definition, list.key);
  const added = insertAt(explicit, list.key, index + 1, { ...step, connections: { outputs: [] } });
  return connect(added, afterId, String(step.id), condition);
}

function addOn(definition: JsonObject, edgeId: string, step: JsonObject): JsonObject {
  const outline = outlineOf(definition);
  const edge = edgeOf(outline, edgeId);
  if (!edge) throw new Error('There is no such edge any more.');
  const { list, index } = placeOf(outline, edge.source);
  if (list.isImplicit) return insertAt(definition, list.key, index + 1, step);
  const outputs = [writtenEdge(edge.target, { type: 'success' })];
  const added = insertAt(definition, list.key, index + 1, { ...step, connections: { outputs } });
  const { steps } = outlineOf(added);
  const path = [
    ...(steps.get(edge.source)?.path ?? []),
    'connections',
    'outputs',
    edge.index ?? 0,
    'targetStepId',
  ];
  return setInDefinition(added, path, String(step.id));
}

function put(definition: JsonObject, step: JsonObject, spot: Spot): JsonObject {
  if (spot.kind === 'after') return addAfter(definition, spot.step, step, spot.condition);
  if (spot.kind === 'on') return addOn(definition, spot.edge, step);
  if (spot.kind === 'alone') return addAlone(definition, spot.list, step);
  const last = listOf(outlineOf(definition), spot.list).places.at(-1);
  return last ? addAfter(definition, last.id, step) : addAlone(definition, spot.list, step);
}

/** Adds a step; it gets an id of its own. Says which. */
export function addStep(
  definition: JsonObject,
  step: JsonObject,
  spot: Spot,
): { definition: JsonObject; id: string } {
  const fresh = named(step, takenIds(outlineOf(definition)));
  return { definition: put(definition, fresh, spot), id: String(fresh.id) };
}

/** Joins what led to a step with what it led to; edges keep the condition they came in by. */
function heal(definition: JsonObject, id: string): JsonObject {
  const { list } = placeOf(outlineOf(definition), id);
  const outgoing = list.edges.filter(({ source }) => source === id).map(({ target }) => target);
  const steps = mapTargets(listAt(definition, list.path), (target, edge) => {
    if (target !== id) return [edge];
    return outgoing.map((next) => ({ ...edge, targetStepId: next }));
  });
  return setInDefinition(definition, list.path, withoutDoubles(steps));
}

/** Each pair of steps is joined once: the first edge stays. */
const withoutDoubles = (steps: readonly Json[]): Json[] =>
  steps.map((step) => {
    const seen = new Set<string>();
    return (
      mapTargets([step], (target, edge) => {
        if (seen.has(target)) return [];
        seen.add(target);
        return [edge];
      })[0] ?? step
    );
  });

function removeOne(definition: JsonObject, id: string, isHealed: boolean): JsonObject {
  const { list, path } = placeOf(outlineOf(definition), id);
  const isMiddle = list.isImplicit && list.places.at(-1)?.id !== id && list.places[0]?.id !== id;
  const start = isMiddle && !isHealed ? withWrittenEdges(definition, list.key) : definition;
  const joined = isHealed && !list.isImplicit ? heal(start, id) : start;
  const gone = setInDefinition(joined, path, undefined);
  const steps = mapTargets(listAt(gone, list.path), (target, edge) => (target === id ? [] : [edge]));
  return setInDefinition(gone, list.path, steps);
}

/** Removes steps with all that is in them. Healed, what led to them leads on to what they led to. */
export function removeSteps(definition: JsonObject, ids: Iterable<string>, isHealed = false): JsonObject {
  let next = definition;
  for (const id of ids) if (outlineOf(next).steps.has(id)) next = removeOne(next, id, isHealed);
  return next;
}

/** Removes edges. */
export function removeEdges(definition: JsonObject, ids: readonly string[]): JsonObject {
  // From the last output to the first: an edge's id is its position.
  return [...ids].sort((a, b) => positionOf(b) - positionOf(a)).reduce(disconnect, definition);
}

const positionOf = (edgeId: string): number => Number(edgeId.slice(edgeId.lastIndexOf('#') + 1));

/** Sets a field of a step, `undefined` removes it. A derived id is written out where its name changes. */
export function setField(
  definition: JsonObject,
  id: string,
  path: readonly (string | number)[],
  value: Json | undefined,
): JsonObject {
  const place = placeOf(outlineOf(definition), id);
  const next = setInDefinition(definition, [...place.path, ...path], value);
  const isDerived = place.step.id === undefined && (path[0] === 'name' || path[0] === 'type');
  return isDerived ? setInDefinition(next, [...place.path, 'id'], id) : next;
}

/** Switches steps off, or on again where all of them are off. */
export function toggleDisabled(definition: JsonObject, ids: readonly string[]): JsonObject {
  const { steps } = outlineOf(definition);
  const isAllOff = ids.every((id) => steps.get(id)?.isDisabled);
  return ids.reduce((next, id) => setField(next, id, ['disabled'], isAllOff ? undefined : true), definition);
}

/** Moves steps to where they were dragged; numbers are rounded to whole pixels. */
export function moveSteps(definition: JsonObject, positions: ReadonlyMap<string, Point>): JsonObject {
  let next = definition;
  for (const [id, { x, y }] of positions)
    if (outlineOf(next).steps.has(id))
      next = setField(next, id, ['position'], { x: Math.round(x), y: Math.round(y) });
  return next;
}

/** Forgets where steps were put, so that they are laid out anew. */
export function forgetPositions(definition: JsonObject): JsonObject {
  return [...outlineOf(definition).steps.values()].reduce(
    (next, { path, step }) =>
      step.position === undefined ? next : setInDefinition(next, [...path, 'position'], undefined),
    definition,
  );
}

/** Puts steps into another list, joined to nothing there. */
export function moveToList(definition: JsonObject, ids: readonly string[], listKey: string): JsonObject {
  let next = definition;
  for (const id of ids) {
    const place = outlineOf(next).steps.get(id);
    const isAround = place?.lists.some(({ key }) => key === listKey || listKey.startsWith(`${id}/`));
    if (!place || place.list.key === listKey || isAround) continue;
    const { connections: _, position: __, ...step } = place.step;
    next = removeOne(next, id, true);
    next = put(next, { ...step, id }, { kind: 'end', list: listKey });
  }
  return next;
}

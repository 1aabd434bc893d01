import type { ExecutionView, StepView } from '#shared/contract/execution.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { idOf } from '#shared/machine/paths.ts';
import { layoutOf } from '#ui/canvas/layout.ts';
import { changeNote, notesOf } from '#ui/document/notes.ts';
import { outlineOf } from '#ui/document/outline.ts';
import { getIn } from '#ui/document/path.ts';
import { moveSteps, moveToList, type Point } from '#ui/document/steps.ts';
import { pinPath, withoutPin, withPin } from '#ui/trying/pins.ts';

/** What a run says of a step: of one that ran several times, the last time. */
export const lastOf = (run: ExecutionView | undefined, id: string): StepView | undefined =>
  run?.steps.filter(({ path }) => idOf(path) === id).at(-1);

/** The output that is pinned in place of a step for trials. */
export const pinOf = (definition: JsonObject, id: string): Json | undefined => getIn(definition, pinPath(id));

/** The definition with an output pinned in place of a step for trials; without one, with the pin taken out. */
export const pinned = (definition: JsonObject, id: string, output: Json | undefined): JsonObject =>
  output === undefined ? withoutPin(definition, id) : withPin(definition, id, output);

/** Puts steps of one list in a column (`x`) or in a row (`y`), by the first of them. */
export function aligned(definition: JsonObject, ids: readonly string[], axis: 'x' | 'y'): JsonObject {
  const { steps } = outlineOf(definition);
  const boxes = layoutOf(outlineOf(definition));
  const [first] = ids;
  const list = first === undefined ? undefined : steps.get(first)?.list;
  const target = first === undefined ? undefined : boxes.get(first);
  if (!list || !target) return definition;
  const moved = ids.flatMap((id) => {
    const box = boxes.get(id);
    if (!box || steps.get(id)?.list !== list) return [];
    return [[id, axis === 'x' ? { x: target.x, y: box.y } : { x: box.x, y: target.y }] as const];
  });
  return dragged(definition, new Map(moved));
}

/**
 * Moves steps and notes to where they were dragged. Where a list was laid out by itself until now, all its steps are
 * written down where they stand: the others do not move because one was.
 */
export function dragged(definition: JsonObject, positions: ReadonlyMap<string, Point>): JsonObject {
  const { steps } = outlineOf(definition);
  const boxes = layoutOf(outlineOf(definition));
  const moved = new Map<string, Point>();
  for (const id of positions.keys())
    for (const place of steps.get(id)?.list.places ?? []) {
      const box = place.step.position === undefined ? boxes.get(place.id) : undefined;
      if (box) moved.set(place.id, box);
    }
  for (const [id, position] of positions) if (steps.has(id)) moved.set(id, position);
  const notes = [...positions].filter(([id]) => !steps.has(id));
  return notes.reduce(
    (next, [id, position]) => changeNote(next, id, { position }),
    moveSteps(definition, moved),
  );
}

/** Moves steps into another frame, where they are joined to nothing; notes go to where they were dragged. */
export function draggedInto(
  definition: JsonObject,
  positions: ReadonlyMap<string, Point>,
  list: string,
): JsonObject {
  const { steps } = outlineOf(definition);
  const notes = [...positions].filter(([id]) => !steps.has(id));
  return dragged(moveToList(definition, [...positions.keys()], list), new Map(notes));
}

/** Moves steps and notes by so many pixels: a drag, done by keys. */
export function nudged(definition: JsonObject, ids: readonly string[], by: Point): JsonObject {
  const boxes = layoutOf(outlineOf(definition));
  const notes = new Map(notesOf(definition).map(({ id, position }) => [id, position]));
  const moved = ids.flatMap((id) => {
    const from = boxes.get(id) ?? notes.get(id);
    return from ? [[id, { x: from.x + by.x, y: from.y + by.y }] as const] : [];
  });
  return dragged(definition, new Map(moved));
}

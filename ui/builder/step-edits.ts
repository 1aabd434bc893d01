import type { ExecutionView } from '#shared/contract/execution.ts';
import { isObject, type JsonObject } from '#shared/json.ts';
import { idOf } from '#shared/machine/paths.ts';
import { layoutOf } from '#ui/canvas/layout.ts';
import { outlineOf } from '#ui/document/outline.ts';
import { getIn, setInDefinition } from '#ui/document/path.ts';
import { moveSteps } from '#ui/document/steps.ts';

/** Pins what a step gave last in its place for trials, or takes the pin out again. */
export function pinToggled(
  definition: JsonObject,
  id: string,
  lastRun: ExecutionView | undefined,
): JsonObject {
  const path = ['metadata', 'pins', id];
  if (getIn(definition, path) !== undefined) return setInDefinition(definition, path, undefined);
  const view = lastRun?.steps.filter((step) => idOf(step.path) === id).at(-1);
  return setInDefinition(definition, path, view?.output ?? {});
}

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
  return moveSteps(definition, new Map(moved));
}

/** The outputs that are pinned, by step. */
export const pinned = (definition: JsonObject): string[] => {
  const pins = getIn(definition, ['metadata', 'pins']);
  return isObject(pins) ? Object.keys(pins) : [];
};

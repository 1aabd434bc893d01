import type { JsonObject } from '#shared/json.ts';
import { outlineOf } from '#ui/document/outline.ts';

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The step that an arrow key leads to from another: along the edges up and down, among siblings left and right. */
export function stepTowards(
  definition: JsonObject,
  from: string | undefined,
  direction: Direction,
): string | undefined {
  const { steps, lists } = outlineOf(definition);
  const place = from === undefined ? undefined : steps.get(from);
  if (!place) return lists[0]?.places[0]?.id;
  const { edges, places, holder } = place.list;
  const after = edges.filter(({ source }) => source === from).map(({ target }) => target);
  const before = edges.filter(({ target }) => target === from).map(({ source }) => source);
  if (direction === 'down') return after[0] ?? place.lists[0]?.places[0]?.id ?? from;
  if (direction === 'up') return before[0] ?? holder?.id ?? from;
  const at = places.findIndex(({ id }) => id === from);
  return places[at + (direction === 'right' ? 1 : -1)]?.id ?? from;
}

/** A step and all that lead to it, or that it leads to. */
export function reach(definition: JsonObject, from: string, direction: 'up' | 'down'): string[] {
  const place = outlineOf(definition).steps.get(from);
  const reached = new Set([from]);
  for (const id of reached)
    for (const { source, target } of place?.list.edges ?? []) {
      if (direction === 'down' && source === id) reached.add(target);
      if (direction === 'up' && target === id) reached.add(source);
    }
  return [...reached];
}

import type { JsonObject } from '#shared/json.ts';
import { outlineOf } from './outline.ts';

/** Copies of steps as a definition's `steps` could hold them, with the edges among them. */
export function copySteps(definition: JsonObject, ids: readonly string[]): JsonObject[] {
  const chosen = outermost(definition, ids);
  const outline = outlineOf(definition);
  return chosen.flatMap((id) => {
    const place = outline.steps.get(id);
    if (!place) return [];
    const outputs = place.list.edges
      .filter(({ source, target }) => source === id && chosen.includes(target))
      .map(({ target, type, expression, label }) => ({
        targetStepId: target,
        ...(type !== 'success' && { condition: { type, ...(expression !== undefined && { expression }) } }),
        ...(label !== undefined && { label }),
      }));
    const { connections: _, ...step } = place.step;
    return [{ ...step, id, connections: { outputs } }];
  });
}

/** Ids without those inside a step that is among them as well. */
export function outermost(definition: JsonObject, ids: readonly string[]): string[] {
  const { steps } = outlineOf(definition);
  const isInside = (id: string): boolean => {
    for (let holder = steps.get(id)?.list.holder; holder; holder = holder.list.holder)
      if (ids.includes(holder.id)) return true;
    return false;
  };
  return ids.filter((id) => steps.has(id) && !isInside(id));
}

import { parse, stringify } from 'yaml';
import { snaked, unused } from '#shared/definition/slug.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { mapTargets, withWrittenEdges } from './edges.ts';
import { renameReferences } from './ids.ts';
import { listOf, nestedPaths, outlineOf } from './outline.ts';
import { listAt, setInDefinition } from './path.ts';

/** How far a copy stands from its original, in pixels. */
const OFFSET = 32;

/** Steps as text for the clipboard: YAML that a definition's `steps` could hold. */
export function copySteps(definition: JsonObject, ids: readonly string[]): string {
  const chosen = outermost(definition, ids);
  const outline = outlineOf(definition);
  const steps = chosen.flatMap((id) => {
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
  return stringify({ steps }, { lineWidth: 0 });
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

/** The steps in a text from the clipboard: a list of them, one, or a whole definition. Undefined where there are none. */
export function readSteps(text: string): JsonObject[] | undefined {
  let value: unknown;
  try {
    value = parse(text, { maxAliasCount: 100 });
  } catch {
    // Other people's clipboards hold all kinds of things; what is no YAML holds no steps.
    return undefined;
  }
  const list =
    isObject(value) && Array.isArray(value.steps) ? value.steps : Array.isArray(value) ? value : [value];
  const steps = list.filter((step): step is JsonObject => isObject(step) && typeof step.type === 'string');
  return steps.length > 0 && steps.length === list.length ? steps : undefined;
}

/** Gives steps, and those inside them, ids that are free. */
function freshIds(
  steps: readonly JsonObject[],
  taken: Set<string>,
): { steps: JsonObject[]; renamed: Map<string, string> } {
  const renamed = new Map<string, string>();
  const fresh = (list: readonly Json[]): Json[] =>
    list.map((step) => {
      if (!isObject(step)) return step;
      const wished = typeof step.id === 'string' ? step.id : snaked(String(step.name ?? step.type));
      const id = unused(wished.replace(/_\d+$/, ''), taken);
      renamed.set(wished, id);
      return nestedPaths(step).reduce<JsonObject>(
        (next, { path }) => setInDefinition(next, path, fresh(listAt(next, path))),
        { ...step, id },
      );
    });
  return { steps: fresh(steps) as JsonObject[], renamed };
}

const moved = (step: JsonObject, by: { x: number; y: number }): JsonObject =>
  isObject(step.position)
    ? { ...step, position: { x: Number(step.position.x) + by.x, y: Number(step.position.y) + by.y } }
    : step;

/**
 * Puts steps into a list, under ids that are free; edges and expressions among them follow.
 * Without `by`, the copies stand a little beside their originals.
 */
export function pasteSteps(
  definition: JsonObject,
  steps: readonly JsonObject[],
  listKey: string,
  by = { x: OFFSET, y: OFFSET },
): { definition: JsonObject; ids: string[] } {
  const fresh = freshIds(steps, new Set(outlineOf(definition).steps.keys()));
  const known = new Set(fresh.renamed.values());
  const list = listOf(outlineOf(definition), listKey);
  const start = list.places.length > 0 ? withWrittenEdges(definition, listKey) : definition;
  const isLinked = list.places.length > 0 || fresh.steps.some(({ connections }) => connections !== undefined);
  const placed: JsonObject[] = fresh.steps
    .map((step) => moved(renameReferences(step, fresh.renamed) as JsonObject, by))
    .map((step) =>
      isLinked && step.connections === undefined ? { ...step, connections: { outputs: [] } } : step,
    );
  const joined = mapTargets(placed, (target, edge) => {
    const id = fresh.renamed.get(target) ?? target;
    return known.has(id) ? [id === target ? edge : { ...edge, targetStepId: id }] : [];
  });
  const next = setInDefinition(start, list.path, [...listAt(start, list.path), ...joined]);
  return { definition: next, ids: placed.map(({ id }) => String(id)) };
}

/** Copies steps beside themselves. */
export function duplicateSteps(
  definition: JsonObject,
  ids: readonly string[],
): { definition: JsonObject; ids: string[] } {
  const chosen = outermost(definition, ids);
  const listKey = outlineOf(definition).steps.get(chosen[0] ?? '')?.list.key;
  const steps = readSteps(copySteps(definition, chosen));
  return listKey === undefined || !steps ? { definition, ids: [] } : pasteSteps(definition, steps, listKey);
}

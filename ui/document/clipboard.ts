import { snaked, unused } from '#shared/definition/slug.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { copySteps } from './copying.ts';
import { mapTargets, withWrittenEdges } from './edges.ts';
import { renameReferences } from './ids.ts';
import { listOf, nestedPaths, outlineOf } from './outline.ts';
import { listAt, setInDefinition } from './path.ts';

/** How far a copy stands from its original, in pixels. */
const OFFSET = 32;

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
  const steps = copySteps(definition, ids);
  const listKey = steps[0] && outlineOf(definition).steps.get(String(steps[0].id))?.list.key;
  return listKey === undefined ? { definition, ids: [] } : pasteSteps(definition, steps, listKey);
}

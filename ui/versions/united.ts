import { isSame, type JsonObject } from '#shared/json.ts';
import type { StepMark } from '#ui/canvas/overlay.ts';
import { writtenEdge } from '#ui/document/edges.ts';
import {
  type EdgePlace,
  nestedPaths,
  type Outline,
  outlineOf,
  type StepPlace,
} from '#ui/document/outline.ts';
import { listAt, setInDefinition } from '#ui/document/path.ts';

/** Two definitions in one. */
export interface United {
  /** The newer one, and in their places what it has no more of the older one. */
  definition: JsonObject;
  /** What each edge of it has become, by its id; nothing of those that are the same. */
  edges: ReadonlyMap<string, NonNullable<StepMark['change']>>;
}

/** The edges of a definition by their ends, in order where several lead the same way. */
function edgesOf({ lists }: Outline): Map<string, EdgePlace[]> {
  const found = new Map<string, EdgePlace[]>();
  for (const edge of lists.flatMap(({ edges }) => edges)) {
    const ends = `${edge.source} → ${edge.target}`;
    found.set(ends, [...(found.get(ends) ?? []), edge]);
  }
  return found;
}

/** A step by itself: those inside it come one by one, for some may have been moved out of it. */
const emptied = (step: JsonObject): JsonObject =>
  nestedPaths(step).reduce<JsonObject>((next, { path }) => setInDefinition(next, path, []), {
    ...step,
    connections: { outputs: [] },
  });

/** Puts a step that is no more where it was; where its list is no more either, at the end of the workflow. */
function withStep(definition: JsonObject, { step, index, list: { key } }: StepPlace): JsonObject {
  const list = outlineOf(definition).lists.find((each) => each.key === key);
  const path = list?.path ?? ['steps'];
  const steps = listAt(definition, path);
  return setInDefinition(definition, path, steps.toSpliced(list ? index : steps.length, 0, emptied(step)));
}

function withEdge(definition: JsonObject, edge: EdgePlace): JsonObject {
  const { steps } = outlineOf(definition);
  const source = steps.get(edge.source);
  if (!source || !steps.has(edge.target)) return definition;
  const path = [...source.path, 'connections', 'outputs'];
  return setInDefinition(definition, path, [...listAt(definition, path), writtenEdge(edge.target, edge)]);
}

const askOf = ({ type, expression, label }: EdgePlace): JsonObject => ({
  type,
  expression: expression ?? null,
  label: label ?? null,
});

/**
 * Draws two definitions together.
 * @param before in normal form, as `after`: with every id and edge written out
 */
export function united(before: JsonObject, after: JsonObject): United {
  const old = outlineOf(before);
  const now = outlineOf(after);
  const [oldEdges, nowEdges] = [edgesOf(old), edgesOf(now)];
  const gone = [...old.steps.values()].filter(({ id }) => !now.steps.has(id));
  const lost = [...oldEdges].flatMap(([ends, edges]) => edges.slice(nowEdges.get(ends)?.length ?? 0));
  const definition = lost.reduce(withEdge, gone.reduce(withStep, after));
  const marks = new Map<string, NonNullable<StepMark['change']>>();
  for (const [ends, edges] of edgesOf(outlineOf(definition)))
    edges.forEach((edge, position) => {
      const was = oldEdges.get(ends)?.[position];
      if (position >= (nowEdges.get(ends)?.length ?? 0)) marks.set(edge.id, 'removed');
      else if (!was) marks.set(edge.id, 'added');
      else if (!isSame(askOf(was), askOf(edge))) marks.set(edge.id, 'changed');
    });
  return { definition, edges: marks };
}

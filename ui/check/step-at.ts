import { formatPath, type Path, type Problem } from '#shared/definition/problem.ts';
import { snaked } from '#shared/definition/slug.ts';
import { allSteps } from '#shared/definition/walk.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import { isObject, type Json } from '#shared/json.ts';

/** A problem with the id of the step it stands in, where it stands in one. */
export type StepProblem = Problem & { step?: string };

/** The steps around a path, outermost first: `steps[2].config.steps[0].action` → the first two. */
const STEP = /^(?:steps|finally)\[\d+\]|\.config(?:\.branches\[\d+\])?\.steps\[\d+\]/y;

/** Paths of the steps that a problem's path leads through, outermost first. */
function stepPaths(path: string): string[] {
  const found: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.test(path)) found.push(path.slice(0, STEP.lastIndex));
  return found;
}

const parsed = (path: string): Path =>
  path.split(/[.[\]]+/).flatMap((part) => (part === '' ? [] : [/^\d+$/.test(part) ? Number(part) : part]));

/** The id of a step that could not be read in full: as written, or as it would follow from the name. */
function writtenId(value: Json | undefined, path: string): string | undefined {
  let step: unknown = value;
  for (const key of parsed(path)) step = (step as Record<string | number, unknown> | null | undefined)?.[key];
  if (!isObject(step)) return undefined;
  const { id, name, type } = step;
  if (typeof id === 'string') return id;
  const source = typeof name === 'string' ? name : type;
  return typeof source === 'string' ? snaked(source) : undefined;
}

/** Each problem with the step it is in: by the normal form where there is one, else by what is written. */
export function withSteps(
  problems: readonly Problem[],
  workflow: Workflow | undefined,
  value: Json | undefined,
): StepProblem[] {
  const ids = new Map(
    workflow ? [...allSteps(workflow)].map(({ step, path }) => [formatPath(path), step.id]) : [],
  );
  return problems.map((problem) => {
    const at = stepPaths(problem.path).at(-1);
    const step = at === undefined ? undefined : (ids.get(at) ?? writtenId(value, at));
    return step === undefined ? problem : { ...problem, step };
  });
}

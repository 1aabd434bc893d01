import type { Workflow } from '../definition/workflow.ts';
import { AppError } from '../errors.ts';
import { didYouMean } from '../suggest.ts';
import { isHandled } from './edges.ts';
import { containerOf, FINALLY, frameOf, idOf } from './paths.ts';
import { Program } from './program.ts';
import type { GivenResult } from './protocol.ts';
import type { Instance, State } from './state.ts';

/** Ids of a step and of all steps that its edges lead to. */
function downstream(program: Program, frame: string, id: string): Set<string> {
  const { byId } = program.list(frame);
  const reached = new Set([id]);
  for (const current of reached)
    for (const edge of byId.get(current)?.connections.outputs ?? []) reached.add(edge.targetStepId);
  return reached;
}

/** For each frame that has to run again: the steps in it that do. */
function rerun(program: Program, from: string): Map<string, Set<string>> {
  const again = new Map<string, Set<string>>();
  for (let path: string | undefined = from; path !== undefined; path = containerOf(frameOf(path))?.step)
    again.set(frameOf(path), downstream(program, frameOf(path), idOf(path)));
  return again;
}

/** Whether a step's path lies inside a container that runs again in full. */
function isRerun(path: string, again: Map<string, Set<string>>, from: string): boolean {
  for (
    let current: string | undefined = path;
    current !== undefined;
    current = containerOf(frameOf(current))?.step
  ) {
    const isAround = from === current || from.startsWith(`${current}[`);
    if (again.get(frameOf(current))?.has(idOf(current)) && !(isAround && current !== from)) return true;
  }
  return false;
}

/** Whether a step's own failure went up unhandled: taken over, it could only fail the new run as well. */
function failedTheRun(program: Program, state: State, path: string): boolean {
  const instance = state.steps[path];
  const step = program.find(path);
  if (!instance || !step || instance.error?.step !== path || isHandled(step, instance)) return false;
  for (let around = containerOf(frameOf(path)); around; around = containerOf(frameOf(around.step)))
    if (state.steps[around.step]?.status === 'success') return false;
  return true;
}

const asGiven = ({ status, output, error, fallenBack, startTime, endTime }: Instance): GivenResult => ({
  status: status as GivenResult['status'],
  output: output ?? null,
  ...(error && { error }),
  ...(fallenBack && { fallenBack }),
  startTime: startTime ?? 0,
  endTime: endTime ?? 0,
});

/**
 * What a new run takes over from an earlier one that is to be retried from a step: the ends of all steps that
 * neither are this step nor come after it, were not undone, and did not fail the earlier run. The new run may follow another definition; a
 * step that it does not have, or has with another type, is not taken over. Throws `retry.unknown_step`.
 */
export function seed(
  before: Workflow,
  state: State,
  after: Workflow,
  from: string,
): Record<string, GivenResult> {
  const program = new Program(after);
  const old = new Program(before);
  if (!program.find(from)) {
    const known = Object.keys(state.steps).filter((path) => program.find(path));
    throw new AppError('retry.unknown_step', `There is no step at "${from}" to retry from.`, {
      fix: didYouMean(from, known) ?? `Use the path of a step, such as "${known[0] ?? after.steps[0]?.id}".`,
    });
  }
  const undone = Object.keys(state.steps).filter((path) => state.steps[`${path}.undo`]?.status === 'success');
  const failed = Object.keys(state.steps).filter((path) => failedTheRun(old, state, path));
  const origins = [from, ...[...undone, ...failed].filter((path) => program.find(path))];
  const reruns = origins.map((origin) => ({ origin, again: rerun(program, origin) }));
  const given: Record<string, GivenResult> = {};
  for (const [path, instance] of Object.entries(state.steps)) {
    if (!['success', 'failure', 'unknown'].includes(instance.status)) continue;
    if (path.endsWith('.undo') || frameOf(path) === FINALLY || path.startsWith(`${FINALLY}.`)) continue;
    const step = program.find(path);
    if (!step || step.type !== old.find(path)?.type) continue;
    const isAround = origins.some((origin) => origin.startsWith(`${path}[`));
    if (isAround || reruns.some(({ origin, again }) => isRerun(path, again, origin))) continue;
    given[path] = asGiven(instance);
  }
  return given;
}

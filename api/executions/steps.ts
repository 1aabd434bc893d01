import type { StepView } from '#shared/contract/execution.ts';
import type { Step } from '#shared/definition/workflow.ts';
import type { ActionRecord } from '#shared/execution/projection.ts';
import type { Json } from '#shared/json.ts';
import type { Machine } from '#shared/machine/machine.ts';
import { containerOf, FINALLY, frameOf, framePath, idOf, ROOT, stepPath } from '#shared/machine/paths.ts';
import type { Instance } from '#shared/machine/state.ts';
import { actionOfStep, findStepType } from '#shared/steps/index.ts';
import type { PendingAction } from './pending.ts';

/** What the rows of a view are made from. */
export interface Rows {
  machine: Machine;
  actions: ReadonlyMap<string, ActionRecord>;
  pending: ReadonlyMap<string, PendingAction>;
}

const iso = (milliseconds: number | undefined): string | null =>
  milliseconds === undefined ? null : new Date(milliseconds).toISOString();

/** A step that never started reads as skipped once nothing can start any more; cancelled where that is why. */
function statusOf(
  { machine, pending }: Rows,
  path: string,
  instance: Instance | undefined,
): StepView['status'] {
  const status = instance?.status ?? 'pending';
  const action = pending.get(path);
  if (status === 'running' && action && action.attempt > 1 && !action.isRunning) return 'retrying';
  if (status !== 'pending' || machine.state.phase !== 'closed') return status;
  const { outcome } = machine.state.ending ?? {};
  return outcome === 'cancelled' || outcome === 'timeout' ? 'cancelled' : 'skipped';
}

function inputOf(step: Step, action: ActionRecord | undefined, instance: Instance | undefined): Json {
  if (actionOfStep(step)) return action?.input ?? null;
  if (instance?.asked) return instance.asked;
  if (instance?.awaits !== undefined) return { event: instance.awaits };
  return findStepType(step.type)?.nested?.map(step.config, () => []) ?? step.config;
}

function row(rows: Rows, step: Step, path: string): StepView {
  const instance = rows.machine.state.steps[path];
  const runs = actionOfStep(step);
  const action = rows.actions.get(path);
  const pending = rows.pending.get(path);
  const started = action?.startedAt ?? pending?.startedAt ?? instance?.startTime;
  const ended = instance?.endTime === undefined ? undefined : (action?.endedAt ?? instance.endTime);
  const followed = instance?.followed?.flatMap(
    (position) => step.connections.outputs[position]?.targetStepId ?? [],
  );
  const hasStarted = instance?.startTime !== undefined;
  return {
    id: step.id,
    path,
    name: step.name,
    type: step.type,
    status: statusOf(rows, path, instance),
    ...(runs && { action: runs.type }),
    attempt: pending?.attempt ?? action?.attempt ?? (hasStarted ? 1 : 0),
    startTime: hasStarted ? iso(started) : null,
    endTime: hasStarted ? iso(ended) : null,
    duration:
      hasStarted && started !== undefined && ended !== undefined ? Math.max(0, ended - started) : null,
    input: hasStarted ? inputOf(step, action, instance) : null,
    output: instance?.output ?? null,
    error: instance?.error ?? null,
    ...(instance?.fallenBack && { fallenBack: true }),
    ...(instance?.given && { given: true }),
    ...(followed && followed.length > 0 && { followed }),
    ...(pending?.lastFailure && { lastFailure: pending.lastFailure }),
    ...(pending?.nextAttemptAt && { nextAttempt: new Date(pending.nextAttemptAt).toISOString() }),
    ...(pending?.progress !== undefined && { progress: pending.progress }),
  };
}

/** The row of a step of an execution that no worker has taken up yet. */
export const queuedRow = ({ id, name, type, action }: Step): StepView => ({
  id,
  path: id,
  name,
  type,
  status: 'pending',
  ...(action && { action: action.type }),
  attempt: 0,
  startTime: null,
  endTime: null,
  duration: null,
  input: null,
  output: null,
  error: null,
});

/** Keys of the frames each container step has had, in the order in which their steps began. */
function framesByContainer(machine: Machine): Map<string, Set<string>> {
  const frames = new Map<string, Set<string>>();
  for (const path of Object.keys(machine.state.steps)) {
    for (let place = containerOf(frameOf(path)); place; place = containerOf(frameOf(place.step))) {
      const keys = frames.get(place.step) ?? new Set();
      frames.set(place.step, keys.add(place.key));
    }
  }
  return frames;
}

function undoRow(rows: Rows, path: string): StepView[] {
  const undo = `${path}.undo`;
  if (!rows.machine.state.steps[undo]) return [];
  const step = rows.machine.program.step(path);
  const action = step.errorHandling.undo?.action;
  return [
    row(
      rows,
      {
        ...step,
        id: `${idOf(path)}.undo`,
        name: `Undo: ${step.name}`,
        type: 'action',
        ...(action && { action }),
      },
      undo,
    ),
  ];
}

const inNumericOrder = (keys: Iterable<string>): string[] =>
  [...keys].sort((a, b) => (/^\d+$/.test(a) && /^\d+$/.test(b) ? Number(a) - Number(b) : 0));

/** A row for every step, those inside loops and branches after the step that holds them, undos after their steps. */
export function stepRows(rows: Rows): StepView[] {
  const frames = framesByContainer(rows.machine);
  const inFrame = (frame: string): StepView[] =>
    rows.machine.program.list(frame).steps.flatMap((step) => {
      const path = stepPath(frame, step.id);
      const inside = inNumericOrder(frames.get(path) ?? []).flatMap((key) => inFrame(framePath(path, key)));
      return [row(rows, step, path), ...inside, ...undoRow(rows, path)];
    });
  return [...inFrame(ROOT), ...inFrame(FINALLY)];
}

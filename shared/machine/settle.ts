import type { Step } from '../definition/workflow.ts';
import type { Json, JsonObject } from '../json.ts';
import { followedEdges, isHandled } from './edges.ts';
import { decide } from './joins.ts';
import type { Machine } from './machine.ts';
import { frameOf } from './paths.ts';
import type { StepError } from './protocol.ts';
import { localsIn } from './scope.ts';
import type { StepEnd } from './state.ts';
import { asStepError } from './step-error.ts';

/** Gives a step its final status, or parks it, and decides its edges. A `isFinal` failure is never parked. */
export function settle(machine: Machine, path: string, end: StepEnd, isFinal = false): void {
  const instance = machine.instance(path);
  const step = machine.program.step(path);
  const frame = machine.frame(frameOf(path));
  instance.endTime = machine.state.now;
  delete instance.cancelling;
  delete instance.then;
  delete instance.memo;
  delete instance.frames;
  if ('output' in end) succeed(machine, path, step, end.output);
  else if (!('error' in end)) Object.assign(instance, { status: end.status, output: null });
  else if (!failed(machine, path, step, end, isFinal)) return;
  frame.active--;
  frame.open--;
  if (end.status !== 'cancelled') decideEdges(machine, path, step);
  machine.closeIfDone(frameOf(path));
}

function succeed(machine: Machine, path: string, step: Step, output: Json): void {
  const { state } = machine;
  const instance = machine.instance(path);
  instance.status = 'success';
  instance.output = output;
  delete instance.error;
  if (!step.errorHandling.undo) return;
  const locals = localsIn(state, frameOf(path));
  if (Object.keys(locals).length > 0) instance.locals = locals;
  state.undo = [...state.undo.filter((other) => other !== path), path];
}

/** Applies the step's strategy to a failure; false where the step is parked instead of ending. */
function failed(
  machine: Machine,
  path: string,
  step: Step,
  end: Extract<StepEnd, { error: StepError }>,
  isFinal: boolean,
): boolean {
  const instance = machine.instance(path);
  const { strategy, value } = step.errorHandling;
  instance.error = { ...end.error, step: end.error.step ?? path };
  instance.status = end.status;
  instance.output = null;
  if (machine.frame(frameOf(path)).stopping) return true;
  if (strategy === 'fallback') fallBack(machine, path, step, value ?? null);
  else if (!isFinal && (strategy === 'park' || parksUnhandled(machine, path, step))) {
    instance.status = 'parked';
    delete instance.endTime;
    return false;
  }
  return true;
}

function fallBack(machine: Machine, path: string, step: Step, value: Json): void {
  const instance = machine.instance(path);
  const { error } = instance;
  try {
    const output = machine.render(value, frameOf(path), { error: error as unknown as JsonObject });
    succeed(machine, path, step, output);
    Object.assign(instance, { error, fallenBack: true });
  } catch (thrown) {
    instance.error = asStepError(thrown, path);
  }
}

/** Whether the workflow parks what nothing handles, and nothing handles this failure. */
function parksUnhandled(machine: Machine, path: string, step: Step): boolean {
  if (machine.program.workflow.settings.onFailure !== 'park' || step.errorHandling.strategy !== 'fail')
    return false;
  try {
    return followed(machine, path, step).length === 0;
  } catch (thrown) {
    asStepError(thrown, path);
    return false; // The edge that cannot be evaluated fails the run where edges are decided.
  }
}

function followed(machine: Machine, path: string, step: Step): number[] {
  return followedEdges(step, machine.instance(path), (text, extra) =>
    machine.evaluate(text, frameOf(path), extra),
  );
}

function decideEdges(machine: Machine, path: string, step: Step): void {
  const instance = machine.instance(path);
  const frame = frameOf(path);
  if (machine.frame(frame).stopping) return;
  try {
    instance.followed = followed(machine, path, step);
  } catch (thrown) {
    machine.failFrame(frame, asStepError(thrown, path));
    return;
  }
  const taken = new Set(instance.followed);
  step.connections.outputs.forEach((edge, position) => {
    decide(machine, frame, { id: edge.targetStepId, isTaken: taken.has(position) });
  });
  if (!isHandled(step, instance) && instance.error) machine.failFrame(frame, instance.error);
}

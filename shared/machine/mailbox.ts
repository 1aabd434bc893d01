import { allSteps } from '../definition/walk.ts';
import type { Json } from '../json.ts';
import { findStepType, stepType } from '../steps/index.ts';
import type { Machine } from './machine.ts';
import type { Event } from './protocol.ts';
import { StepRun } from './step-run.ts';

/** Messages that lie unread in one run before no more are accepted. */
export const MOST_UNREAD = 100;

/** Whether any step of the workflow could ever take a message. */
export const takesMessages = ({ program }: Machine): boolean =>
  [...allSteps(program.workflow)].some(({ step }) => findStepType(step.type)?.messageArrived);

/** The step that has waited for a message of this name the longest. */
function waitingFor(name: string, { state }: Machine): string | undefined {
  const waiting = Object.entries(state.steps).filter(
    ([, { status, awaits }]) => status === 'waiting' && awaits === name,
  );
  return waiting.toSorted(([, a], [, b]) => (a.startTime ?? 0) - (b.startTime ?? 0))[0]?.[0];
}

/** Whether a message of this name is waited for, or can be kept until it is. */
export const hasRoomFor = (name: string, machine: Machine): boolean =>
  (machine.state.messages ?? []).length < MOST_UNREAD || waitingFor(name, machine) !== undefined;

function arrive(machine: Machine, path: string, name: string, data: Json): void {
  machine.attempt(path, () => {
    const run = new StepRun(machine, path);
    stepType(run.step.type).messageArrived?.(run, name, data);
  });
}

/**
 * Gives a message to the step that has waited for it the longest; without one it is kept for the next that will. None is
 * dropped: what is too many is refused before it is accepted.
 */
export function deliver(machine: Machine, { name, data }: Extract<Event, { type: 'message' }>): void {
  const waiting = waitingFor(name, machine);
  if (waiting !== undefined) arrive(machine, waiting, name, data);
  else machine.state.messages = [...(machine.state.messages ?? []), { name, data }];
}

/** Lets a step wait for a message of this name; one that came before is taken at once, the oldest first. */
export function awaitMessage(machine: Machine, path: string, name: string): void {
  const { messages = [] } = machine.state;
  const position = messages.findIndex((message) => message.name === name);
  Object.assign(machine.instance(path), { status: 'waiting', awaits: name });
  if (position < 0) return;
  const [message] = messages.splice(position, 1);
  arrive(machine, path, name, message?.data ?? null);
}

import { allSteps } from '../definition/walk.ts';
import { findStepType } from '../steps/index.ts';
import type { Machine } from './machine.ts';
import type { Message } from './state.ts';

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

/**
 * Takes a message in: gives the path of the step that it is for, or keeps it for the next step that will wait for it.
 * None is dropped: what is too many is refused before it is accepted.
 */
export function receive(machine: Machine, { name, data }: Message): string | undefined {
  const path = waitingFor(name, machine);
  if (path === undefined) machine.state.messages = [...(machine.state.messages ?? []), { name, data }];
  return path;
}

/** The oldest message of this name that was kept; it is kept no longer. */
export function takeOut({ state }: Machine, name: string): Message | undefined {
  const { messages = [] } = state;
  const position = messages.findIndex((message) => message.name === name);
  return position < 0 ? undefined : messages.splice(position, 1)[0];
}

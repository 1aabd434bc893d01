import type { Machine } from './machine.ts';
import type { Command, Event } from './protocol.ts';

/** Events of history after which a run stops starting steps, so that it can go on in a fresh history. */
export const LONG_HISTORY = 10_000;

/** What one workflow task brings: everything that happened since the last, and how long the history is by now. */
export interface Batch {
  /** Milliseconds since the epoch. */
  at: number;
  events: Event[];
  historyLength: number;
  /** Events of history a run may have; {@link LONG_HISTORY} by default. Small values are for tests. */
  limit?: number;
}

const RANK: Partial<Record<Event['type'], number>> = {
  cancel: 1,
  completed: 2,
  failed: 2,
  cancelled: 2,
  timer: 3,
};

/** People first, then what actions answered, then what clocks said; in order of arrival within each. */
const inOrder = (events: Event[]): Event[] =>
  events.toSorted((a, b) => (RANK[a.type] ?? 0) - (RANK[b.type] ?? 0));

/**
 * Applies one workflow task's events. The live run and the projection of its history both come through here,
 * which is why they agree. An action asked for and called off within one batch never existed: both commands
 * go, and the machine hears at once that it was cancelled.
 */
export function applyBatch(machine: Machine, batch: Batch): Command[] {
  const commands = inOrder(batch.events).flatMap((event) => machine.apply(event));
  if (batch.historyLength > (batch.limit ?? LONG_HISTORY) && !machine.state.draining)
    commands.push(...machine.apply({ type: 'drain', at: batch.at }));
  return withoutUnborn(machine, commands, batch.at);
}

/** What is left of one batch's commands without what was asked for and called off within it. */
export function withoutUnborn(machine: Machine, given: Command[], at: number): Command[] {
  let commands = given;
  for (;;) {
    const unborn = unbornActions(commands);
    if (unborn.size === 0) return withoutUnbornTimers(commands);
    commands = commands.filter((command) => !('path' in command && unborn.has(command.path)));
    for (const path of unborn) commands.push(...machine.apply({ type: 'cancelled', path, at }));
  }
}

function unbornActions(commands: Command[]): Set<string> {
  const asked = new Set<string>();
  const unborn = new Set<string>();
  for (const command of commands) {
    if (command.type === 'run_action') asked.add(command.path);
    if (command.type === 'cancel_action' && asked.has(command.path)) unborn.add(command.path);
  }
  return unborn;
}

function withoutUnbornTimers(commands: Command[]): Command[] {
  const started = new Map<string, Command>();
  const gone = new Set<Command>();
  for (const command of commands) {
    if (command.type === 'start_timer') started.set(command.id, command);
    if (command.type !== 'cancel_timer') continue;
    const start = started.get(command.id);
    if (!start) continue;
    gone.add(start).add(command);
    started.delete(command.id);
  }
  return commands.filter((command) => !gone.has(command));
}

/** Whether the run may now go on in a fresh history: nothing is in flight and it is time to. */
export const isDrained = (machine: Machine): boolean =>
  machine.state.draining && machine.state.inFlight === 0 && machine.state.phase !== 'closed';

import type { State } from './state.ts';

export const executionStatuses = [
  'queued',
  'running',
  'pausing',
  'paused',
  'waiting',
  'success',
  'failure',
  'cancelled',
  'timeout',
] as const;

/** What an execution is doing, as people read it. `queued` is said before its first event. */
export type ExecutionStatus = (typeof executionStatuses)[number];

export const closedStatuses = ['success', 'failure', 'cancelled', 'timeout'] as const;

/** The status that a state stands for. `pausing` lasts while actions that were running finish. */
export function executionStatus(state: State): ExecutionStatus {
  if (state.phase === 'closed') return state.ending?.outcome ?? 'failure';
  if (state.paused) return state.inFlight > 0 ? 'pausing' : 'paused';
  if (state.inFlight > 0 || state.ready.length > 0 || state.phase !== 'steps') return 'running';
  const waits = Object.values(state.steps).some(({ status }) => status === 'waiting' || status === 'parked');
  return waits ? 'waiting' : 'running';
}

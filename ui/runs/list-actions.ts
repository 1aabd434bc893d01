import { closedStatuses, type ExecutionStatus } from '#shared/machine/status.ts';

/** What can be done with an execution from the list. */
export const listActions = ['pause', 'resume', 'cancel', 'retry'] as const;

export type ListAction = (typeof listActions)[number];

const isClosed = (status: ExecutionStatus): boolean =>
  (closedStatuses as readonly ExecutionStatus[]).includes(status);

/** What can be done with an execution that is in this state. */
export function allowedActions(status: ExecutionStatus): ListAction[] {
  if (isClosed(status)) return ['retry'];
  if (status === 'paused' || status === 'pausing') return ['resume', 'cancel'];
  if (status === 'queued') return ['cancel'];
  return ['pause', 'cancel'];
}

/** Whether something can be done with an execution in this state. */
export const isAllowed = (action: ListAction, status: ExecutionStatus): boolean =>
  allowedActions(status).includes(action);

const DONE: Record<ListAction, string> = {
  pause: 'paused',
  resume: 'resumed',
  cancel: 'asked to cancel',
  retry: 'started again',
};

/** What was done to several executions, in words: `3 executions started again, 1 could not be`. */
export function outcomeWords(action: ListAction, done: number, failed: number): string {
  const many = (count: number): string => (count === 1 ? '1 execution' : `${count} executions`);
  if (failed === 0) return `${many(done)} ${DONE[action]}.`;
  if (done === 0) return `${many(failed)} could not be ${DONE[action]}`;
  return `${many(done)} ${DONE[action]}, ${failed} could not be`;
}

import { WorkflowNotFoundError, WorkflowUpdateFailedError, WorkflowUpdateStage } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { AppError } from '#shared/errors.ts';
import type { UpdateName, UpdateRequest } from '#shared/execution/protocol.ts';
import type { Deps } from '../deps.ts';
import { describeExecution, readExecution, unknownExecution } from './read.ts';

/** How long a worker may take to accept an update, in milliseconds. */
const PATIENCE = 10_000;

const FIX: Record<string, string> = {
  'execution.closed': 'Retry it to run it again.',
  'execution.paused': 'Resume it.',
  'execution.not_paused': 'Pause it first.',
  'message.not_awaited': 'Give the workflow a step of type wait_for_event.',
  'message.too_many': 'Send none that no step will wait for.',
  'step.not_waiting': 'Look at its steps: only one of type approval that is waiting can be decided.',
  'step.not_parked': 'Only a parked step can be retried, skipped or completed.',
};

const closed = (id: string): AppError =>
  new AppError('execution.closed', `The execution "${id}" has ended.`, { fix: 'Retry it to run it again.' });

async function openExecution(deps: Deps, id: string): Promise<void> {
  const description = await describeExecution(deps, id);
  if (!description && !(await deps.store.executions.get(id))) throw unknownExecution(id);
  if (description?.status.name !== 'RUNNING') throw closed(id);
}

const noWorker = (): AppError =>
  new AppError('workers.unavailable', 'No worker took this up in time; it may still be done when one does.', {
    fix: 'Start a worker, or wait for it to come back; GET /api/health tells.',
  });

function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noWorker()), milliseconds);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function refusal(thrown: unknown, id: string): unknown {
  if (thrown instanceof WorkflowNotFoundError) return closed(id);
  const cause = thrown instanceof WorkflowUpdateFailedError ? thrown.cause : undefined;
  if (!(cause instanceof ApplicationFailure)) return thrown;
  const code = cause.type ?? 'execution.refused';
  return new AppError(code, cause.message, FIX[code] === undefined ? {} : { fix: FIX[code] });
}

/** Asks a running execution for something; it is accepted or refused at once. The same request id acts once. */
export async function updateExecution(
  deps: Deps,
  id: string,
  name: UpdateName,
  request: UpdateRequest,
  requestId: string,
): Promise<ExecutionView> {
  await openExecution(deps, id);
  const options = {
    args: [request] as [UpdateRequest],
    // One request id may serve for several things asked for; the same asked for again acts once.
    updateId: [name, request.path ?? request.name ?? '', requestId].join(' '),
    waitForStage: WorkflowUpdateStage.ACCEPTED,
  } as const;
  try {
    const handle = deps.client.workflow.getHandle(id);
    const update = await within(handle.startUpdate<void, [UpdateRequest]>(name, options), PATIENCE);
    await within(update.result(), PATIENCE);
  } catch (thrown) {
    throw refusal(thrown, id);
  }
  return readExecution(deps, id);
}

/** Cancels an execution: what runs is stopped, undos and the finally list follow. Holds even with no worker alive. */
export async function cancelExecution(deps: Deps, id: string): Promise<ExecutionView> {
  await openExecution(deps, id);
  try {
    await deps.client.workflow.getHandle(id).cancel();
  } catch (thrown) {
    throw refusal(thrown, id);
  }
  return readExecution(deps, id);
}

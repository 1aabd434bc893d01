import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { z } from 'zod';
import type { ExecutionSummary, executionFilter } from '#shared/contract/execution.ts';
import { EXECUTION } from '#shared/execution/protocol.ts';
import { isObject } from '#shared/json.ts';
import { closedStatuses } from '#shared/machine/status.ts';
import { attributes } from '#shared/node/start-execution.ts';
import type { Deps } from '../deps.ts';
import { pageOf, readCursor } from '../store/paging.ts';
import { indexedSummary } from './archived.ts';
import { archivedUntil } from './archiver.ts';

export type ExecutionFilter = z.output<typeof executionFilter>;

const CLOSED: Record<string, ExecutionSummary['status']> = {
  COMPLETED: 'success',
  FAILED: 'failure',
  CANCELLED: 'cancelled',
  TERMINATED: 'cancelled',
  TIMED_OUT: 'timeout',
};

function summaryOf(info: WorkflowExecutionInfo): ExecutionSummary {
  const { workflowId, startTime, closeTime, typedSearchAttributes: found, memo, status } = info;
  const shown = found.get(attributes.status);
  const ended = status.name === 'FAILED' && shown === 'timeout' ? 'timeout' : CLOSED[status.name];
  const end = closeTime?.getTime();
  return {
    executionId: workflowId,
    workflowId: found.get(attributes.workflow) ?? '',
    workflowVersion: found.get(attributes.version) ?? 0,
    status: ended ?? ((shown ?? 'running') as ExecutionSummary['status']),
    triggeredBy: isObject(memo?.trigger) ? memo.trigger : {},
    startTime: startTime.toISOString(),
    endTime: end === undefined ? null : new Date(end).toISOString(),
    duration: end === undefined ? null : end - startTime.getTime(),
    retryOf: found.get(attributes.retryOf) ?? null,
    error: null,
  };
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A place in the list: behind the execution with this start and id, wherever that is kept by now. */
type Key = [startTime: string, id: string];

const keyOf = ({ startTime, executionId }: ExecutionSummary): Key => [startTime, executionId];

function byKey(a: ExecutionSummary, b: ExecutionSummary): number {
  if (a.startTime !== b.startTime) return a.startTime < b.startTime ? 1 : -1;
  return a.executionId < b.executionId ? 1 : -1;
}

const isBehind = (key: Key | undefined, { startTime, executionId }: ExecutionSummary): boolean =>
  key === undefined || startTime < key[0] || (startTime === key[0] && executionId < key[1]);

const isClosed = (status: string): boolean => (closedStatuses as readonly string[]).includes(status);

const canBeOpen = ({ status }: ExecutionFilter): boolean => status === undefined || !isClosed(status);

const canHaveEnded = ({ status, waitsFor }: ExecutionFilter): boolean =>
  waitsFor === undefined && (status === undefined || isClosed(status));

function conditions(
  { workflowId, since, until, waitsFor }: Partial<ExecutionFilter>,
  after: Key | undefined,
): string[] {
  // Temporal knows times more exactly than the key does.
  const last = after && new Date(Date.parse(after[0]) + 1).toISOString();
  return [
    `WorkflowType = '${EXECUTION}'`,
    ...(workflowId === undefined ? [] : [`AcasWorkflow = ${quoted(workflowId)}`]),
    ...(waitsFor === undefined ? [] : [`AcasWaitsFor = ${quoted(waitsFor)}`]),
    ...(since === undefined ? [] : [`StartTime >= ${quoted(since)}`]),
    ...(until === undefined ? [] : [`StartTime < ${quoted(until)}`]),
    ...(last === undefined ? [] : [`StartTime <= ${quoted(last)}`]),
  ];
}

const OPEN = "ExecutionStatus = 'Running'";

/** Temporal's query for the executions in which something waits for a person. */
export const WAITING_FOR_PERSON = [...conditions({ waitsFor: 'person' }, undefined), OPEN].join(' AND ');

/** What Temporal lists and the filter lets through, up to so many. */
async function visible(
  { client }: Deps,
  query: string[],
  isWanted: (summary: ExecutionSummary) => boolean,
  most = Number.POSITIVE_INFINITY,
): Promise<ExecutionSummary[]> {
  const found: ExecutionSummary[] = [];
  for await (const info of client.workflow.list({ query: query.join(' AND '), pageSize: 500 })) {
    const summary = summaryOf(info);
    if (isWanted(summary)) found.push(summary);
    if (found.length >= most) break;
  }
  return found;
}

/** Executions that only Temporal knows: the open ones, and those closed that the archiver has not come to yet. */
async function unarchived(deps: Deps, filter: ExecutionFilter, after: Key | undefined) {
  const { status, limit } = filter;
  const common = conditions(filter, after);
  const isWanted = (summary: ExecutionSummary): boolean =>
    isBehind(after, summary) && (status === undefined || summary.status === status);
  // Temporal lists open executions with the latest start first, so there is no need to see them all.
  const open = canBeOpen(filter) ? await visible(deps, [...common, OPEN], isWanted, limit + 1) : [];
  if (!canHaveEnded(filter)) return open;
  const until = await archivedUntil(deps);
  const closed = await visible(
    deps,
    [
      ...common,
      "ExecutionStatus IN ('Completed', 'Failed', 'Canceled', 'Terminated', 'TimedOut')",
      ...(until === undefined ? [] : [`CloseTime >= ${quoted(until)}`]),
    ],
    isWanted,
  );
  const archived = await deps.store.executions.archivedAmong(closed.map(({ executionId }) => executionId));
  return [...open, ...closed.filter(({ executionId }) => !archived.has(executionId))];
}

/** Executions, the latest start first: what Temporal still has to itself, and the index. */
export async function listExecutions(
  deps: Deps,
  filter: ExecutionFilter,
): Promise<{ items: ExecutionSummary[]; nextCursor: string | null }> {
  const { limit, status, workflowId, since, until, cursor } = filter;
  const after = readCursor<Key>(cursor, ['time', 'text']);
  const fresh = await unarchived(deps, filter, after);
  const statuses = status === undefined ? undefined : [status];
  // After Temporal's answer, so that what is archived meanwhile is in one of them; the cursor serves for both.
  const index = canHaveEnded(filter)
    ? await deps.store.executions.list({
        workflowId,
        status: statuses,
        since,
        until,
        cursor,
        limit: limit + 1,
      })
    : { items: [] };
  const items = new Map(
    [...fresh, ...index.items.map(indexedSummary)].map((item) => [item.executionId, item]),
  );
  return pageOf([...items.values()].sort(byKey), limit, (item) => item, keyOf);
}

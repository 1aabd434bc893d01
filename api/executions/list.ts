import type { WorkflowExecutionInfo } from '@temporalio/client';
import type { z } from 'zod';
import type { ExecutionSummary, executionFilter } from '#shared/contract/execution.ts';
import { AppError } from '#shared/errors.ts';
import { EXECUTION } from '#shared/execution/protocol.ts';
import { isObject } from '#shared/json.ts';
import { closedStatuses } from '#shared/machine/status.ts';
import { attributes } from '#shared/node/start-execution.ts';
import type { Deps } from '../deps.ts';
import { indexedSummary } from './archived.ts';

export type ExecutionFilter = z.output<typeof executionFilter>;

/** A place in the list: among what Temporal still has to itself, or in the index. */
type Cursor = { open: number } | { closed: string | null };

const encode = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function decode(text: string | undefined): Cursor {
  if (text === undefined) return { open: 0 };
  try {
    const cursor: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    if (isObject(cursor) && Number.isInteger(cursor.open) && Number(cursor.open) >= 0)
      return { open: Number(cursor.open) };
    if (isObject(cursor) && (cursor.closed === null || typeof cursor.closed === 'string'))
      return { closed: cursor.closed };
  } catch {
    // Falls through: what cannot be read is no cursor.
  }
  throw new AppError('request.bad_cursor', 'This cursor is not one that a list gave.', {
    fix: 'Take nextCursor from the page before, or begin without one.',
  });
}

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

/** Longest time an execution may be closed and not yet archived while the archiver works, in milliseconds. */
const FRESH = 60 * 60_000;

function conditions({ workflowId, since, until }: ExecutionFilter): string[] {
  return [
    `WorkflowType = '${EXECUTION}'`,
    "ExecutionStatus != 'ContinuedAsNew'",
    ...(workflowId === undefined ? [] : [`AcasWorkflow = ${quoted(workflowId)}`]),
    ...(since === undefined ? [] : [`StartTime >= ${quoted(since)}`]),
    ...(until === undefined ? [] : [`StartTime < ${quoted(until)}`]),
  ];
}

async function visible({ client }: Deps, query: string[]): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({ query: query.join(' AND '), pageSize: 500 }))
    found.push(info);
  return found;
}

/** Executions that only Temporal knows: the open ones, and those closed that the archiver has not come to yet. */
async function unarchived(deps: Deps, filter: ExecutionFilter): Promise<ExecutionSummary[]> {
  const common = conditions(filter);
  const recently = new Date(Date.now() - FRESH).toISOString();
  const open = await visible(deps, [...common, "ExecutionStatus = 'Running'"]);
  const closed = await visible(deps, [
    ...common,
    "ExecutionStatus != 'Running'",
    `CloseTime >= '${recently}'`,
  ]);
  const archived = await deps.store.executions.archivedAmong(closed.map(({ workflowId }) => workflowId));
  const summaries = [...open, ...closed.filter(({ workflowId }) => !archived.has(workflowId))].map(summaryOf);
  return summaries
    .filter(({ status }) => filter.status === undefined || status === filter.status)
    .sort((a, b) => b.startTime.localeCompare(a.startTime) || (a.executionId < b.executionId ? -1 : 1));
}

/** Executions, the newest first: what Temporal still has to itself, then the index. */
export async function listExecutions(
  deps: Deps,
  filter: ExecutionFilter,
): Promise<{ items: ExecutionSummary[]; nextCursor: string | null }> {
  const { limit, status, workflowId, since, until } = filter;
  const cursor = decode(filter.cursor);
  const items: ExecutionSummary[] = [];
  if ('open' in cursor) {
    const all = await unarchived(deps, filter);
    items.push(...all.slice(cursor.open, cursor.open + limit));
    if (cursor.open + limit < all.length) return { items, nextCursor: encode({ open: cursor.open + limit }) };
  }
  const isOpenStatus = status !== undefined && !(closedStatuses as readonly string[]).includes(status);
  if (isOpenStatus) return { items, nextCursor: null };
  if (items.length === limit) return { items, nextCursor: encode({ closed: null }) };
  const place = 'closed' in cursor ? (cursor.closed ?? undefined) : undefined;
  const statuses = status === undefined ? undefined : [status];
  const page = await deps.store.executions.list({
    workflowId,
    status: statuses,
    since,
    until,
    limit: limit - items.length,
    cursor: place,
  });
  items.push(...page.items.map(indexedSummary));
  return { items, nextCursor: page.nextCursor === null ? null : encode({ closed: page.nextCursor }) };
}

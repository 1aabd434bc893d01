import {
  type ArchivedExecution,
  type ArchivedStep,
  type ArchivedStepRecord,
  type ExecutionSummary,
  type ExecutionToArchive,
  executionOf,
  executionRow,
  executionSummaryOf,
  stepOf,
  stepRow,
  summaryColumns,
} from './execution-record.ts';
import { boundedLimit, type Page, type PageRequest, pageOf, readCursor } from './paging.ts';
import type { Db } from './tables.ts';
import { toIso } from './time.ts';

/** Length of the list of a workflow's recent executions. */
const RECENT = 20;

export interface ExecutionFilter extends PageRequest {
  workflowId?: string | undefined;
  /** Any of these; none are wanted where the list is empty. */
  status?: string[] | undefined;
  /** Started at this time or later. */
  since?: string | undefined;
  /** Started before this time. */
  until?: string | undefined;
}

export interface WorkflowStatistics {
  executions: number;
  /** Start of the latest run, null before the first. */
  lastRun: string | null;
  /** Milliseconds, over the runs that ended; 0 before the first. */
  averageRuntime: number;
  /** 0..1, over the runs that ended; 0 before the first. */
  successRate: number;
}

/** A closed run as small charts draw it. */
export interface RecentExecution {
  executionId: string;
  status: string;
  /** Milliseconds. */
  duration: number;
}

/** The index of closed runs. Runs still open are Temporal's. */
export interface Executions {
  /**
   * Writes a run and its steps, at once or not at all. True where it was written; false where the run was already
   * there with a terminal status, which never changes again.
   */
  archive(execution: ExecutionToArchive, steps: ArchivedStep[]): Promise<boolean>;
  /** A run with its steps in the order they were given in. */
  get(id: string): Promise<(ArchivedExecution & { steps: ArchivedStepRecord[] }) | undefined>;
  /**
   * The last started first.
   * @throws AppError `request.bad_cursor`
   */
  list(filter: ExecutionFilter): Promise<Page<ExecutionSummary>>;
  /** Those of the ids that are archived. */
  archivedAmong(ids: string[]): Promise<Set<string>>;
  /** One entry for every id asked for. */
  statistics(workflowIds: string[]): Promise<Map<string, WorkflowStatistics>>;
  /** One entry for every id asked for: its last 20 runs that ended, the oldest first. */
  recent(workflowIds: string[]): Promise<Map<string, RecentExecution[]>>;
}

const terminal = ['success', 'failure', 'cancelled', 'timeout'];
/** Rows a statement: far below the limit of bound values (SQLite 32,766, Postgres 65,535). */
const batch = 500;

const batches = <T>(items: T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / batch) }, (_, index) =>
    items.slice(index * batch, (index + 1) * batch),
  );

const archive = (db: Db, execution: ExecutionToArchive, steps: ArchivedStep[]): Promise<boolean> =>
  db.transaction().execute(async (trx) => {
    const row = executionRow(execution, steps.length);
    const written = await trx
      .insertInto('workflow_executions')
      .values(row)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet(row).where('workflow_executions.status', 'not in', terminal),
      )
      .returning('id')
      .executeTakeFirst();
    if (written === undefined) return false;
    await trx.deleteFrom('step_executions').where('execution_id', '=', execution.id).execute();
    for (const rows of batches(steps.map((step, position) => stepRow(execution.id, step, position)))) {
      await trx.insertInto('step_executions').values(rows).execute();
    }
    return true;
  });

async function get(db: Db, id: string): ReturnType<Executions['get']> {
  const row = await db.selectFrom('workflow_executions').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const steps = await db
    .selectFrom('step_executions')
    .selectAll()
    .where('execution_id', '=', id)
    .orderBy('position')
    .execute();
  return { ...executionOf(row), steps: steps.map(stepOf) };
}

async function list(db: Db, filter: ExecutionFilter): Promise<Page<ExecutionSummary>> {
  const { workflowId, status, since, until, limit } = filter;
  const after = readCursor<[string, string]>(filter.cursor, ['time', 'text']);
  if (status?.length === 0) return { items: [], nextCursor: null };
  let query = db.selectFrom('workflow_executions').select(summaryColumns);
  if (workflowId !== undefined) query = query.where('workflow_id', '=', workflowId);
  if (status !== undefined) query = query.where('status', 'in', status);
  if (since !== undefined) query = query.where('started_at', '>=', toIso(since));
  if (until !== undefined) query = query.where('started_at', '<', toIso(until));
  if (after !== undefined) {
    const [at, id] = after;
    query = query.where(({ and, eb, or }) =>
      or([eb('started_at', '<', at), and([eb('started_at', '=', at), eb('id', '<', id)])]),
    );
  }
  const rows = await query
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(boundedLimit(limit) + 1)
    .execute();
  return pageOf(rows, limit, executionSummaryOf, (row) => [row.started_at, row.id]);
}

async function archivedAmong(db: Db, ids: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const some of batches(ids)) {
    const rows = await db.selectFrom('workflow_executions').select('id').where('id', 'in', some).execute();
    for (const { id } of rows) found.add(id);
  }
  return found;
}

const none: WorkflowStatistics = { executions: 0, lastRun: null, averageRuntime: 0, successRate: 0 };

async function statistics(db: Db, workflowIds: string[]): Promise<Map<string, WorkflowStatistics>> {
  const result = new Map(workflowIds.map((id) => [id, none]));
  for (const some of batches(workflowIds)) {
    const rows = await db
      .selectFrom('workflow_executions')
      .select(({ fn }) => [
        'workflow_id',
        fn.countAll<number>().as('executions'),
        fn.max('started_at').as('last_run'),
        fn.avg<number | null>('duration_ms').filterWhere('ended_at', 'is not', null).as('average'),
        fn.count<number>('ended_at').as('ended'),
        fn.count<number>('ended_at').filterWhere('status', '=', 'success').as('successes'),
      ])
      .where('workflow_id', 'in', some)
      .groupBy('workflow_id')
      .execute();
    for (const row of rows) {
      result.set(row.workflow_id, {
        executions: row.executions,
        lastRun: row.last_run,
        averageRuntime: Math.round(row.average ?? 0),
        successRate: row.ended === 0 ? 0 : row.successes / row.ended,
      });
    }
  }
  return result;
}

/** The last of one workflow, as a query of its own: the index of workflow and start answers it in 20 steps. */
const lastOf = (db: Db, workflowId: string) =>
  db
    .selectFrom(
      db
        .selectFrom('workflow_executions')
        .select(['id', 'workflow_id', 'status', 'started_at', 'duration_ms'])
        .where('workflow_id', '=', workflowId)
        .where('ended_at', 'is not', null)
        .orderBy('started_at', 'desc')
        .orderBy('id', 'desc')
        .limit(RECENT)
        .as('last'),
    )
    .selectAll();

async function recent(db: Db, workflowIds: string[]): Promise<Map<string, RecentExecution[]>> {
  const result = new Map<string, RecentExecution[]>(workflowIds.map((id) => [id, []]));
  for (const [first, ...others] of batches(workflowIds)) {
    if (first === undefined) continue;
    const rows = await others
      .reduce((query, id) => query.unionAll(lastOf(db, id)), lastOf(db, first))
      .orderBy('started_at')
      .orderBy('id')
      .execute();
    for (const { id, workflow_id, status, duration_ms } of rows)
      result.get(workflow_id)?.push({ executionId: id, status, duration: duration_ms ?? 0 });
  }
  return result;
}

export const executionsOf = (db: Db): Executions => ({
  archive: (execution, steps) => archive(db, execution, steps),
  get: (id) => get(db, id),
  list: (filter) => list(db, filter),
  archivedAmong: (ids) => archivedAmong(db, ids),
  statistics: (workflowIds) => statistics(db, workflowIds),
  recent: (workflowIds) => recent(db, workflowIds),
});

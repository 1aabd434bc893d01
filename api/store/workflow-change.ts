import { sql, type Updateable } from 'kysely';
import { AppError } from '#shared/errors.ts';
import type { Db, WorkflowsTable } from './tables.ts';
import { toIso } from './time.ts';
import type { WorkflowRow } from './workflow-record.ts';

/** What every change of a workflow carries. */
export interface Change {
  /** The revision the change was made on; without it the change is made whatever the revision. */
  baseRevision?: number | undefined;
  /** When, ISO-8601. */
  at: string;
}

type Values = Omit<Updateable<WorkflowsTable>, 'definition'> & { definition?: unknown };

/** The error for an id that no workflow has. */
export const notFound = (id: string) =>
  new AppError('workflow.not_found', `There is no workflow "${id}".`, {
    fix: 'Check the id against the list of workflows; it may have been deleted.',
  });

const staleRevision = (id: string, base: number | undefined, current: number) =>
  new AppError(
    'workflow.stale_revision',
    `Workflow "${id}" was changed meanwhile: revision ${base} is no longer the latest, ${current} is.`,
    { fix: 'Load it again, apply your change to what you get, and save that.', details: { current } },
  );

/**
 * Changes an existing workflow and raises its revision, in one statement, so that of many changes made on one
 * revision exactly one wins.
 * @throws AppError `workflow.not_found`, `workflow.stale_revision` with details `{ current }`
 */
export async function change(
  db: Db,
  id: string,
  { baseRevision, at }: Change,
  values: Values,
): Promise<WorkflowRow> {
  const row = await db
    .updateTable('workflows')
    .set({ ...(values as Updateable<WorkflowsTable>), revision: sql`revision + 1`, updated_at: toIso(at) })
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .$if(baseRevision !== undefined, (query) => query.where('revision', '=', baseRevision ?? 0))
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return row;
  const current = await db
    .selectFrom('workflows')
    .select('revision')
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  throw current === undefined ? notFound(id) : staleRevision(id, baseRevision, current.revision);
}

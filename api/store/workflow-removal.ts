import { sql } from 'kysely';
import { AppError } from '#shared/errors.ts';
import type { Db } from './tables.ts';
import { toIso } from './time.ts';
import { type Change, change, notFound } from './workflow-change.ts';
import { replaceTriggers } from './workflow-publish.ts';
import { recordOf, type WorkflowRecord } from './workflow-record.ts';

/** Hides a workflow and deletes its triggers; all else of it stays, so that it can be brought back. */
export const remove = (db: Db, id: string, by: Change): Promise<void> =>
  db.transaction().execute(async (trx) => {
    await change(trx, id, by, { deleted_at: toIso(by.at) });
    await trx.deleteFrom('workflow_triggers').where('workflow_id', '=', id).execute();
  });

async function refuse(db: Db, id: string): Promise<never> {
  const other = await db.selectFrom('workflows').select('id').where('id', '=', id).executeTakeFirst();
  if (other === undefined) throw notFound(id);
  throw new AppError(
    'workflow.exists',
    `There is a workflow "${id}", so none can be brought back under that id.`,
    {
      fix: 'Delete that one first, or go on with it.',
    },
  );
}

/** Brings a deleted workflow back as it was, with the triggers of its published version. */
export const restore = (db: Db, id: string, at: string): Promise<WorkflowRecord> =>
  db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable('workflows')
      .set({ deleted_at: null, revision: sql`revision + 1`, updated_at: toIso(at) })
      .where('id', '=', id)
      .where('deleted_at', 'is not', null)
      .returningAll()
      .executeTakeFirst();
    if (row === undefined) return refuse(trx, id);
    const record = recordOf(row);
    if (record.publishedVersion !== null) await replaceTriggers(trx, id, record.definition, at);
    return record;
  });

import type { Selectable } from 'kysely';
import type { Json } from '#shared/json.ts';
import { boundedLimit, type Page, type PageRequest, pageOf, readCursor } from './paging.ts';
import type { AuditTable, Db } from './tables.ts';
import { jsonToTextOrNull, textToJsonOrNull } from './text.ts';
import { toIso } from './time.ts';

export interface AuditEntry {
  /** When, ISO-8601. */
  at: string;
  /** Who. */
  actor: string;
  /** What was done: `workflow.publish`. */
  action: string;
  /** To what: an id. */
  subject: string;
  details: Json;
}

export type AuditRecord = AuditEntry & { id: number };

export interface AuditFilter extends PageRequest {
  subject?: string | undefined;
}

/** Who did what, append-only. */
export interface Audit {
  append(entry: AuditEntry): Promise<void>;
  /**
   * The last appended first.
   * @throws AppError `request.bad_cursor`
   */
  list(filter: AuditFilter): Promise<Page<AuditRecord>>;
}

const entryOf = (row: Selectable<AuditTable>): AuditRecord => ({
  id: row.id,
  at: row.at,
  actor: row.actor,
  action: row.action,
  subject: row.subject,
  details: textToJsonOrNull(row.details),
});

async function list(db: Db, { subject, limit, cursor }: AuditFilter): Promise<Page<AuditRecord>> {
  const after = readCursor<[number]>(cursor, ['number']);
  let query = db.selectFrom('audit').selectAll();
  if (subject !== undefined) query = query.where('subject', '=', subject);
  if (after !== undefined) query = query.where('id', '<', after[0]);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(boundedLimit(limit) + 1)
    .execute();
  return pageOf(rows, limit, entryOf, (row) => [row.id]);
}

export const auditOf = (db: Db): Audit => ({
  append: async ({ at, actor, action, subject, details }) => {
    await db
      .insertInto('audit')
      .values({ at: toIso(at), actor, action, subject, details: jsonToTextOrNull(details) })
      .execute();
  },
  list: (filter) => list(db, filter),
});

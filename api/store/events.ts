import type { Selectable } from 'kysely';
import type { JsonObject } from '#shared/json.ts';
import { boundedLimit, type Page, type PageRequest, pageOf, readCursor } from './paging.ts';
import type { Db, EventsTable } from './tables.ts';
import { fromStored, jsonToText, textToJson, textToJsonOrNull, toStored } from './text.ts';

export type EventKind = 'activity' | 'escalation';

export interface NewEvent {
  kind: EventKind;
  /** The same key is one event, however often it is kept. */
  key: string;
  event: JsonObject;
}

export interface EventRecord extends NewEvent {
  /** Later events have greater ids. */
  id: number;
  /** What came of it; null until that is known. */
  outcome: JsonObject | null;
  /** ISO-8601. */
  createdAt: string;
}

export interface EventFilter extends PageRequest {
  kind?: EventKind | undefined;
}

/** What came in from outside to start workflows, and what came of it. */
export interface Events {
  /** Keeps an event, or gives the one that was kept under its key. */
  keep(event: NewEvent): Promise<EventRecord>;
  /** Says what came of an event. */
  settle(id: number, outcome: JsonObject): Promise<void>;
  /**
   * The latest first.
   * @throws AppError `request.bad_cursor`
   */
  list(filter: EventFilter): Promise<Page<EventRecord>>;
}

const recordOf = (row: Selectable<EventsTable>): EventRecord => ({
  id: row.id,
  kind: row.kind,
  key: fromStored(row.idempotency_key),
  event: textToJson(row.event) as JsonObject,
  outcome: textToJsonOrNull(row.outcome) as JsonObject | null,
  createdAt: row.created_at,
});

async function keep(db: Db, { kind, key, event }: NewEvent): Promise<EventRecord> {
  const values = {
    kind,
    idempotency_key: toStored(key),
    event: jsonToText(event),
    outcome: null,
    created_at: new Date().toISOString(),
  };
  await db
    .insertInto('events')
    .values(values)
    .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
    .execute();
  const kept = db.selectFrom('events').selectAll().where('idempotency_key', '=', values.idempotency_key);
  return recordOf(await kept.executeTakeFirstOrThrow());
}

async function list(db: Db, { kind, limit, cursor }: EventFilter): Promise<Page<EventRecord>> {
  const after = readCursor<[number]>(cursor, ['number']);
  let query = db.selectFrom('events').selectAll();
  if (kind !== undefined) query = query.where('kind', '=', kind);
  if (after !== undefined) query = query.where('id', '<', after[0]);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(boundedLimit(limit) + 1)
    .execute();
  return pageOf(rows, limit, recordOf, (row) => [row.id]);
}

export const eventsOf = (db: Db): Events => ({
  keep: (event) => keep(db, event),
  settle: async (id, outcome) => {
    await db
      .updateTable('events')
      .set({ outcome: jsonToText(outcome) })
      .where('id', '=', id)
      .execute();
  },
  list: (filter) => list(db, filter),
});

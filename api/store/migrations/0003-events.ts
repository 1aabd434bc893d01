import type { Migration } from 'kysely';
import type { Engine } from '../engine.ts';

/** What came in from outside to start workflows. */
export const events = (type: Engine['columns']): Migration => ({
  async up(db) {
    await db.schema
      .createTable('events')
      .addColumn('id', type.serial, (column) => column.primaryKey().notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('idempotency_key', type.id, (column) => column.notNull().unique())
      .addColumn('event', type.json, (column) => column.notNull())
      .addColumn('outcome', type.json)
      .addColumn('created_at', type.time, (column) => column.notNull())
      .execute();
    await db.schema.createIndex('events_by_kind').on('events').columns(['kind', 'id']).execute();
  },
});

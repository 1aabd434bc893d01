import type { Kysely, Migration } from 'kysely';
import type { Engine } from '../engine.ts';

type Columns = Engine['columns'];
type AnyDb = Kysely<unknown>;

async function createSecrets(db: AnyDb, type: Columns): Promise<void> {
  await db.schema
    .createTable('secrets')
    .addColumn('name', type.id, (column) => column.primaryKey().notNull())
    .addColumn('description', 'text')
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addColumn('created_at', type.time, (column) => column.notNull())
    .addColumn('updated_at', type.time, (column) => column.notNull())
    .execute();
}

async function createChat(db: AnyDb, type: Columns): Promise<void> {
  await db.schema
    .createTable('chat_sessions')
    .addColumn('id', type.id, (column) => column.primaryKey().notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('created_at', type.time, (column) => column.notNull())
    .addColumn('updated_at', type.time, (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('chat_messages')
    .addColumn('id', type.serial, (column) => column.primaryKey().notNull())
    .addColumn('session_id', type.id, (column) =>
      column.notNull().references('chat_sessions.id').onDelete('cascade'),
    )
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('author', 'text')
    .addColumn('text', 'text', (column) => column.notNull())
    .addColumn('data', type.json)
    .addColumn('execution_id', 'text')
    .addColumn('idempotency_key', type.id, (column) => column.notNull().unique())
    .addColumn('created_at', type.time, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('chat_messages_by_session')
    .on('chat_messages')
    .columns(['session_id', 'id'])
    .execute();
}

/** What workflows are trusted with, and what they say to people. */
export const secretsAndChat = (type: Columns): Migration => ({
  async up(db) {
    await createSecrets(db, type);
    await createChat(db, type);
  },
});

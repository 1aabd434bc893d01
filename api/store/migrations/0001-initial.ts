import type { Kysely, Migration } from 'kysely';
import type { Engine } from '../engine.ts';

type Columns = Engine['columns'];
type AnyDb = Kysely<unknown>;

async function createWorkflows(db: AnyDb, type: Columns): Promise<void> {
  await db.schema
    .createTable('workflows')
    .addColumn('id', type.id, (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text')
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('definition', type.json, (column) => column.notNull())
    .addColumn('enabled', type.flag, (column) => column.notNull())
    .addColumn('created_at', type.time, (column) => column.notNull())
    .addColumn('updated_at', type.time, (column) => column.notNull())
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('metadata', type.json, (column) => column.notNull())
    .addColumn('revision', type.integer, (column) => column.notNull())
    .addColumn('published_version', type.integer)
    .addColumn('draft_source', 'text')
    .addColumn('draft_format', 'text')
    .addColumn('draft_definition', type.json)
    .addColumn('deleted_at', type.time)
    .addColumn('search_text', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('workflows_by_update')
    .on('workflows')
    .columns(['updated_at desc', 'id'])
    .execute();
  await db.schema
    .createTable('workflow_versions')
    .addColumn('workflow_id', type.id, (column) =>
      column.notNull().references('workflows.id').onDelete('cascade'),
    )
    .addColumn('version', type.integer, (column) => column.notNull())
    .addColumn('definition', type.json, (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('note', 'text')
    .addColumn('author_id', 'text', (column) => column.notNull())
    .addColumn('created_at', type.time, (column) => column.notNull())
    .addPrimaryKeyConstraint('workflow_versions_key', ['workflow_id', 'version'])
    .execute();
}

async function createTriggers(db: AnyDb, type: Columns): Promise<void> {
  await db.schema
    .createTable('workflow_triggers')
    .addColumn('id', type.id, (column) => column.primaryKey().notNull())
    .addColumn('workflow_id', type.id, (column) =>
      column.notNull().references('workflows.id').onDelete('cascade'),
    )
    .addColumn('trigger_id', type.id, (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('config', type.json, (column) => column.notNull())
    .addColumn('enabled', type.flag, (column) => column.notNull())
    .addColumn('created_at', type.time, (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('workflow_triggers_by_workflow')
    .on('workflow_triggers')
    .column('workflow_id')
    .execute();
}

/** No foreign key to workflows: a run must be archived even when its workflow's row was lost with an older database. */
async function createExecutions(db: AnyDb, type: Columns): Promise<void> {
  await db.schema
    .createTable('workflow_executions')
    .addColumn('id', type.id, (column) => column.primaryKey().notNull())
    .addColumn('workflow_id', type.id, (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('triggered_by', type.json, (column) => column.notNull())
    .addColumn('context', type.json)
    .addColumn('started_at', type.time, (column) => column.notNull())
    .addColumn('ended_at', type.time)
    .addColumn('duration_ms', type.integer)
    .addColumn('output', type.json)
    .addColumn('error_message', 'text')
    .addColumn('workflow_version', type.integer)
    .addColumn('retry_of', type.id)
    .addColumn('variables', type.json)
    .addColumn('steps_count', type.integer, (column) => column.notNull())
    .addColumn('error', type.json)
    .execute();
  const index = (name: string, columns: ('workflow_id' | 'status' | 'started_at desc' | 'id desc')[]) =>
    db.schema.createIndex(name).on('workflow_executions').columns(columns).execute();
  await index('workflow_executions_by_start', ['started_at desc', 'id desc']);
  await index('workflow_executions_by_workflow', ['workflow_id', 'started_at desc', 'id desc']);
  await index('workflow_executions_by_status', ['status', 'started_at desc', 'id desc']);
}

async function createSteps(db: AnyDb, type: Columns): Promise<void> {
  await db.schema
    .createTable('step_executions')
    .addColumn('id', type.id, (column) => column.primaryKey().notNull())
    .addColumn('execution_id', type.id, (column) =>
      column.notNull().references('workflow_executions.id').onDelete('cascade'),
    )
    .addColumn('position', type.integer, (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('step_id', 'text', (column) => column.notNull())
    .addColumn('step_name', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempt', type.integer, (column) => column.notNull())
    .addColumn('started_at', type.time)
    .addColumn('ended_at', type.time)
    .addColumn('duration_ms', type.integer)
    .addColumn('input', type.json)
    .addColumn('output', type.json)
    .addColumn('error_message', 'text')
    .addColumn('error', type.json)
    .execute();
  await db.schema
    .createIndex('step_executions_by_execution')
    .on('step_executions')
    .columns(['execution_id', 'position'])
    .execute();
}

async function createTheRest(db: AnyDb, type: Columns): Promise<void> {
  await db.schema
    .createTable('watermarks')
    .addColumn('name', type.id, (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('audit')
    .addColumn('id', type.serial, (column) => column.primaryKey().notNull())
    .addColumn('at', type.time, (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', type.id, (column) => column.notNull())
    .addColumn('details', type.json)
    .execute();
  await db.schema.createIndex('audit_by_subject').on('audit').columns(['subject', 'id']).execute();
  await db.schema
    .createTable('blobs')
    .addColumn('ref', type.id, (column) => column.primaryKey().notNull())
    .addColumn('bytes', type.bytes, (column) => column.notNull())
    .addColumn('size', type.integer, (column) => column.notNull())
    .addColumn('created_at', type.time, (column) => column.notNull())
    .execute();
}

/** The specification's four tables and ours. */
export const initial = (type: Columns): Migration => ({
  up: async (db: AnyDb) => {
    await createWorkflows(db, type);
    await createTriggers(db, type);
    await createExecutions(db, type);
    await createSteps(db, type);
    await createTheRest(db, type);
  },
});

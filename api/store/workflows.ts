import { sql } from 'kysely';
import { AppError } from '#shared/errors.ts';
import type { JsonObject } from '#shared/json.ts';
import type { Engine } from './engine.ts';
import { boundedLimit, type Page, type PageRequest, pageOf, readCursor } from './paging.ts';
import type { Db } from './tables.ts';
import { jsonToText, jsonToTextOrNull } from './text.ts';
import { toIso } from './time.ts';
import { type Change, change } from './workflow-change.ts';
import { nextVersion, replaceTriggers } from './workflow-publish.ts';
import {
  type Draft,
  recordOf,
  type SourceFormat,
  summaryOf,
  type VersionRecord,
  type VersionSummary,
  versionOf,
  versionSummaryOf,
  type WorkflowRecord,
  type WorkflowSummary,
} from './workflow-record.ts';
import { remove, restore } from './workflow-removal.ts';

interface Heading {
  name: string;
  description?: string | null | undefined;
  /** Tags and whatever else the caller keeps with the workflow. */
  metadata: JsonObject;
}

export interface NewWorkflow extends Heading {
  /** A slug; unique among the workflows that are not deleted. */
  id: string;
  authorId: string;
  enabled: boolean;
  draft: Draft;
  at: string;
}

export interface DraftChange extends Change, Heading, Draft {}

export interface Publication extends Change, Partial<Heading> {
  definition: JsonObject;
  source: string;
  format: SourceFormat;
  note?: string | null | undefined;
  authorId: string;
}

export interface WorkflowFilter extends PageRequest {
  /** Part of the name, id, description or a tag, in any case. */
  search?: string | undefined;
  tag?: string | undefined;
  enabled?: boolean | undefined;
}

/** Definitions: one draft and any number of published versions each. */
export interface Workflows {
  /**
   * A new workflow with a draft. The id of a deleted one may be used again; its version numbers go on.
   * @throws AppError `workflow.exists`
   */
  create(workflow: NewWorkflow): Promise<WorkflowRecord>;
  /** The workflow, or undefined where there is none or it is deleted. */
  get(id: string): Promise<WorkflowRecord | undefined>;
  /**
   * The last changed first.
   * @throws AppError `request.bad_cursor`
   */
  list(filter: WorkflowFilter): Promise<Page<WorkflowSummary>>;
  /** @throws AppError `workflow.not_found`, `workflow.stale_revision` with details `{ current }` */
  saveDraft(id: string, draft: DraftChange): Promise<WorkflowRecord>;
  /**
   * Makes a definition the next version, its triggers the workflow's triggers, and clears the draft.
   * Name, description and metadata stay where none are given.
   * @throws AppError `workflow.not_found`, `workflow.stale_revision`, `workflow.bad_trigger`
   */
  publish(id: string, publication: Publication): Promise<{ version: number; revision: number }>;
  /** @throws AppError `workflow.not_found`, `workflow.stale_revision` */
  setEnabled(id: string, enabled: boolean, change: Change): Promise<WorkflowRecord>;
  /**
   * Deletes the workflow and its triggers; its versions and executions stay readable.
   * @throws AppError `workflow.not_found`, `workflow.stale_revision`
   */
  remove(id: string, change: Change): Promise<void>;
  /**
   * Brings back what `remove` took away: draft, versions, switch and triggers as they were.
   * @throws AppError `workflow.exists` where the id is in use, `workflow.not_found` where none was deleted under it
   */
  restore(id: string, at: string): Promise<WorkflowRecord>;
  /** Published versions, the latest first; of a deleted workflow too. */
  versions(id: string, page: PageRequest): Promise<Page<VersionSummary>>;
  version(id: string, version: number): Promise<VersionRecord | undefined>;
}

const searchTextOf = (id: string, { name, description, metadata }: Heading): string => {
  const tags = Array.isArray(metadata.tags) ? metadata.tags : [];
  return [name, id, description ?? '', ...tags.map(String)].join('\n').toLowerCase();
};

const headingColumns = (id: string, heading: Heading) => ({
  name: heading.name,
  description: heading.description ?? null,
  metadata: jsonToText(heading.metadata),
  search_text: searchTextOf(id, heading),
});

const draftColumns = (draft: Draft | null) => ({
  draft_source: draft?.source ?? null,
  draft_format: draft?.format ?? null,
  draft_definition: jsonToTextOrNull(draft?.definition),
});

async function create(db: Db, workflow: NewWorkflow): Promise<WorkflowRecord> {
  const { id, draft } = workflow;
  const at = toIso(workflow.at);
  const columns = {
    ...headingColumns(id, workflow),
    ...draftColumns(draft),
    definition: jsonToText(draft.definition ?? {}),
    version: '0',
    enabled: workflow.enabled,
    created_at: at,
    updated_at: at,
    author_id: workflow.authorId,
    published_version: null,
    deleted_at: null,
  };
  const row = await db
    .insertInto('workflows')
    .values({ ...columns, id, revision: 1 })
    .onConflict((conflict) =>
      conflict
        .column('id')
        .doUpdateSet({ ...columns, revision: sql`workflows.revision + 1` })
        .where('workflows.deleted_at', 'is not', null),
    )
    .returningAll()
    .executeTakeFirst();
  if (row !== undefined) return recordOf(row);
  throw new AppError('workflow.exists', `There already is a workflow "${id}".`, {
    fix: 'Choose another id, or change the existing workflow.',
  });
}

async function get(db: Db, id: string): Promise<WorkflowRecord | undefined> {
  const row = await db
    .selectFrom('workflows')
    .selectAll()
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row && recordOf(row);
}

async function list(db: Db, engine: Engine, filter: WorkflowFilter): Promise<Page<WorkflowSummary>> {
  const { search, tag, enabled, limit } = filter;
  const after = readCursor<[string, string]>(filter.cursor, ['time', 'text']);
  let query = db.selectFrom('workflows').selectAll().where('deleted_at', 'is', null);
  if (search !== undefined) query = query.where(engine.contains('search_text', search.toLowerCase()));
  if (tag !== undefined) query = query.where(engine.hasTag('metadata', tag));
  if (enabled !== undefined) query = query.where('enabled', '=', enabled);
  if (after !== undefined) {
    const [at, id] = after;
    query = query.where(({ and, eb, or }) =>
      or([eb('updated_at', '<', at), and([eb('updated_at', '=', at), eb('id', '>', id)])]),
    );
  }
  const rows = await query
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(boundedLimit(limit) + 1)
    .execute();
  return pageOf(rows, limit, summaryOf, (row) => [row.updated_at, row.id]);
}

async function saveDraft(db: Db, id: string, draft: DraftChange): Promise<WorkflowRecord> {
  const definition = jsonToTextOrNull(draft.definition);
  const row = await change(db, id, draft, {
    ...headingColumns(id, draft),
    ...draftColumns(draft),
    // Published, the definition is what runs; and a draft that cannot be read leaves the one before.
    ...(definition !== null && {
      definition: sql`case when published_version is null then ${definition} else definition end`,
    }),
  });
  return recordOf(row);
}

const publish = (db: Db, id: string, publication: Publication) =>
  db.transaction().execute(async (trx) => {
    const at = toIso(publication.at);
    const definition = jsonToText(publication.definition);
    const { source, format, authorId, note } = publication;
    // First of all: it locks the row, so that two publishers cannot arrive at the same version number.
    const before = recordOf(await change(trx, id, publication, {}));
    const version = await nextVersion(trx, id);
    await trx
      .insertInto('workflow_versions')
      .values({
        workflow_id: id,
        version,
        definition,
        source,
        format,
        note: note ?? null,
        author_id: authorId,
        created_at: at,
      })
      .execute();
    const heading = {
      name: publication.name ?? before.name,
      description: publication.description ?? before.description,
      metadata: publication.metadata ?? before.metadata,
    };
    await trx
      .updateTable('workflows')
      .set({
        ...headingColumns(id, heading),
        ...draftColumns(null),
        definition,
        version: String(version),
        published_version: version,
      })
      .where('id', '=', id)
      .execute();
    await replaceTriggers(trx, id, publication.definition, at);
    return { version, revision: before.revision };
  });

async function versions(db: Db, id: string, { limit, cursor }: PageRequest): Promise<Page<VersionSummary>> {
  const after = readCursor<[number]>(cursor, ['number']);
  let query = db
    .selectFrom('workflow_versions')
    .select(['workflow_id', 'version', 'format', 'note', 'author_id', 'created_at'])
    .where('workflow_id', '=', id);
  if (after !== undefined) query = query.where('version', '<', after[0]);
  const rows = await query
    .orderBy('version', 'desc')
    .limit(boundedLimit(limit) + 1)
    .execute();
  return pageOf(rows, limit, versionSummaryOf, (row) => [row.version]);
}

async function version(db: Db, id: string, number: number): Promise<VersionRecord | undefined> {
  const row = await db
    .selectFrom('workflow_versions')
    .selectAll()
    .where('workflow_id', '=', id)
    .where('version', '=', number)
    .executeTakeFirst();
  return row && versionOf(row);
}

export const workflowsOf = (db: Db, engine: Engine): Workflows => ({
  create: (workflow) => create(db, workflow),
  get: (id) => get(db, id),
  list: (filter) => list(db, engine, filter),
  saveDraft: (id, draft) => saveDraft(db, id, draft),
  publish: (id, publication) => publish(db, id, publication),
  setEnabled: async (id, enabled, by) => recordOf(await change(db, id, by, { enabled })),
  remove: (id, by) => remove(db, id, by),
  restore: (id, at) => restore(db, id, at),
  versions: (id, page) => versions(db, id, page),
  version: (id, number) => version(db, id, number),
});

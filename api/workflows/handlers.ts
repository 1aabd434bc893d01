import { language } from '#shared/definition/language.ts';
import { workflowJsonSchema } from '#shared/definition/schema.ts';
import { AppError } from '#shared/errors.ts';
import type { JsonObject } from '#shared/json.ts';
import type { Deps } from '../deps.ts';
import type { DefinitionText } from '../http/body.ts';
import type { Handlers } from '../http/mount.ts';
import { Invalid } from '../http/problems.ts';
import type { DefinitionReader } from '../reader/reader.ts';
import type { Checked } from '../reader/tasks.ts';
import type { WorkflowRecord } from '../store/workflow-record.ts';
import type { TriggerSync } from '../triggers/sync.ts';
import {
  type Definition,
  freeId,
  readDefinition,
  refuseTaken,
  versionOf,
  workflowOf,
} from './definitions.ts';
import { templates } from './templates.ts';
import { summaryViews, type Written, workflowView, writtenSource } from './view.ts';

/** Who is said to have made a change, as long as there are no accounts. */
const AUTHOR = 'local';

const LANGUAGE = language();

const now = (): string => new Date().toISOString();

interface Save {
  definition: Definition;
  revision?: number | undefined;
  note?: string;
}

/** Publishes a definition as the next version, then lets Temporal's triggers follow. */
async function publish(
  deps: Deps,
  triggers: TriggerSync,
  id: string,
  { definition, revision, note = '' }: Save,
): Promise<WorkflowRecord> {
  const { draft, name, description, metadata, workflow } = definition;
  const { source, format } = draft;
  const written = {
    ...(draft.definition ?? {}),
    triggers: (workflow?.triggers ?? []) as unknown as JsonObject[],
  };
  const heading = { name, description, metadata };
  await deps.store.workflows.publish(id, {
    definition: written,
    source,
    format,
    note,
    authorId: AUTHOR,
    at: now(),
    baseRevision: revision,
    ...heading,
  });
  await triggers.sync(id);
  return workflowOf(deps, id);
}

async function create(
  deps: Deps,
  triggers: TriggerSync,
  text: DefinitionText,
  options: { isDraft: boolean; enabled?: boolean; id?: string },
): Promise<WorkflowRecord> {
  const definition = await readDefinition(deps, text, options.isDraft);
  const enabled = options.enabled ?? definition.workflow?.enabled ?? true;
  const record = await insert(deps, definition, { enabled, id: options.id ?? definition.givenId });
  return options.isDraft ? record : publish(deps, triggers, record.id, { definition });
}

/** Under the id given, or under one derived from the name; another may take that meanwhile, then under the next. */
async function insert(
  deps: Deps,
  definition: Definition,
  { id, enabled }: { id: string | undefined; enabled: boolean },
): Promise<WorkflowRecord> {
  const { draft, name, description, metadata } = definition;
  if (id !== undefined) refuseTaken(id);
  const rest = { name, description, metadata, draft, enabled, authorId: AUTHOR, at: now() };
  for (;;) {
    try {
      return await deps.store.workflows.create({ ...rest, id: id ?? (await freeId(deps, name)) });
    } catch (thrown) {
      if (id !== undefined || !AppError.is(thrown) || thrown.code !== 'workflow.exists') throw thrown;
    }
  }
}

async function replace(
  deps: Deps,
  triggers: TriggerSync,
  record: WorkflowRecord,
  text: DefinitionText,
  isDraft: boolean,
  revision: number | undefined,
): Promise<WorkflowRecord> {
  const definition = await readDefinition(deps, text, isDraft);
  const { givenId, draft, workflow } = definition;
  if (givenId !== undefined && givenId !== record.id) {
    const message = `The definition's id "${givenId}" is not the workflow's, "${record.id}".`;
    throw new Invalid('workflow.invalid', message, [
      {
        code: 'workflow.id_mismatch',
        message,
        path: 'id',
        fix: 'Leave the id out, or create a new workflow.',
      },
    ]);
  }
  // A text that cannot be read for a moment, while it is typed, takes the name from nobody.
  const heading = draft.definition === null ? record : definition;
  if (isDraft)
    return deps.store.workflows.saveDraft(record.id, {
      ...draft,
      name: heading.name,
      description: heading.description,
      metadata: heading.metadata,
      baseRevision: revision,
      at: now(),
    });
  const published = await publish(deps, triggers, record.id, { definition, revision });
  if (workflow && workflow.enabled !== published.enabled && draft.definition?.enabled !== undefined)
    return setEnabled(deps, triggers, record.id, workflow.enabled);
  return published;
}

async function setEnabled(
  deps: Deps,
  triggers: TriggerSync,
  id: string,
  enabled: boolean,
): Promise<WorkflowRecord> {
  const record = await deps.store.workflows.setEnabled(id, enabled, { at: now() });
  await triggers.sync(id);
  return record;
}

const LONGEST_NAME = 200;

/** A definition's text with another head; YAML keeps its comments. */
async function renamed(
  reader: DefinitionReader,
  { source, format, definition }: Written,
  head: JsonObject,
): Promise<string> {
  if (format === 'json') return JSON.stringify({ ...definition, ...head }, null, 2);
  return reader.rename(source, head);
}

const verdict = ({ problems }: Checked) => ({ valid: problems.length === 0, problems });

type WorkflowRoutes =
  | 'schema'
  | 'importWorkflow'
  | 'validateNew'
  | 'listTemplates'
  | 'listWorkflows'
  | 'createWorkflow'
  | 'getWorkflow'
  | 'updateWorkflow'
  | 'deleteWorkflow'
  | 'restoreWorkflow'
  | 'duplicateWorkflow'
  | 'enableWorkflow'
  | 'disableWorkflow'
  | 'publishWorkflow'
  | 'listVersions'
  | 'getVersion'
  | 'exportWorkflow'
  | 'validateWorkflow'
  | 'actions';

/** Answers everything about workflows that starts no execution. */
export function workflowHandlers(deps: Deps, triggers: TriggerSync): Pick<Handlers, WorkflowRoutes> {
  const { store, catalog, reader } = deps;
  const found = (id = ''): Promise<WorkflowRecord> => workflowOf(deps, id);
  const view = (record: WorkflowRecord) => workflowView(deps, record);
  return {
    actions: async () => ({ items: catalog.actions, plugins: deps.plugins.known() ?? [], ...LANGUAGE }),
    schema: async () => workflowJsonSchema() as JsonObject,
    validateNew: async ({ body }) => verdict(await reader.check(body.text)),
    async validateWorkflow({ params, body }) {
      const record = await found(params.id);
      const text = body?.text ?? record.draft?.source ?? (await writtenSource(deps, record)).source;
      return verdict(await reader.check(text));
    },
    listTemplates: async () => ({ items: await templates(deps) }),
    async listWorkflows({ query }) {
      const { items, nextCursor } = await store.workflows.list(query);
      return { items: await summaryViews(deps, items), nextCursor };
    },
    createWorkflow: async ({ body, query }) =>
      view(await create(deps, triggers, body, { isDraft: query.draft })),
    async importWorkflow({ body, query }) {
      const definition = await readDefinition(deps, body, false);
      const existing =
        definition.givenId === undefined ? undefined : await store.workflows.get(definition.givenId);
      if (!existing)
        return view(await create(deps, triggers, body, { isDraft: false, enabled: query.enabled }));
      await setEnabled(deps, triggers, existing.id, query.enabled);
      return view(await publish(deps, triggers, existing.id, { definition, note: 'Imported' }));
    },
    getWorkflow: async ({ params }) => view(await found(params.id)),
    async updateWorkflow({ params, body, query }) {
      return view(await replace(deps, triggers, await found(params.id), body, query.draft, query.revision));
    },
    async deleteWorkflow({ params, query }) {
      const { id } = await found(params.id);
      await store.workflows.remove(id, { at: now(), baseRevision: query.revision });
      await triggers.sync(id);
      return { id };
    },
    async restoreWorkflow({ params }) {
      const { id } = await store.workflows.restore(params.id ?? '', now());
      await triggers.sync(id);
      return view(await found(id));
    },
    async duplicateWorkflow({ params, body }) {
      const original = await found(params.id);
      const written = await writtenSource(deps, original);
      const name = body.name ?? `${original.name.slice(0, LONGEST_NAME - 7)} (copy)`;
      const id = body.id ?? (await freeId(deps, name));
      const text = await renamed(reader, written, { id, name, enabled: false });
      const isDraft = original.publishedVersion === null;
      const { format } = written;
      return view(await create(deps, triggers, { text, format }, { isDraft, enabled: false, id }));
    },
    enableWorkflow: async ({ params }) =>
      view(await setEnabled(deps, triggers, (await found(params.id)).id, true)),
    disableWorkflow: async ({ params }) =>
      view(await setEnabled(deps, triggers, (await found(params.id)).id, false)),
    async publishWorkflow({ params, body }) {
      const record = await found(params.id);
      const { source, format } = record.draft ?? (await writtenSource(deps, record));
      const definition = await readDefinition(deps, { text: source, format }, false);
      return view(
        await publish(deps, triggers, record.id, { definition, revision: body.revision, note: body.note }),
      );
    },
    async listVersions({ params, query }) {
      const { id } = await found(params.id);
      const { items, nextCursor } = await store.workflows.versions(id, query);
      const full = await Promise.all(items.map(({ version }) => versionOf(deps, id, version)));
      return { items: full.map(versionView), nextCursor };
    },
    getVersion: async ({ params }) =>
      versionView(await versionOf(deps, params.id ?? '', params.version ?? '')),
    async exportWorkflow({ params, query, response }) {
      const record = await found(params.id);
      const { source, format, definition } = await writtenSource(deps, record);
      const text =
        query.format === 'json'
          ? JSON.stringify(definition, null, 2)
          : format === 'yaml'
            ? source
            : await reader.toYaml(definition);
      response.type(query.format === 'json' ? 'application/json' : 'application/yaml');
      response.attachment(`${record.id}.${query.format}`).send(text);
      return undefined;
    },
  };
}

const versionView = ({
  version,
  createdAt,
  authorId,
  note,
  definition,
  source,
  format,
}: Awaited<ReturnType<typeof versionOf>>) => ({
  version,
  created: createdAt,
  author: authorId,
  note: note ?? '',
  definition,
  source,
  format,
});

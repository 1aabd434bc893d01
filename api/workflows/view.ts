import type {
  RecentExecution,
  WorkflowSummary as SummaryView,
  WorkflowView,
} from '#shared/contract/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import type { Deps } from '../deps.ts';
import type { VersionRecord, WorkflowRecord, WorkflowSummary } from '../store/workflow-record.ts';

type Past = Omit<SummaryView['metadata'], 'tags'>;

const NONE: Past = { executions: 0, lastRun: null, averageRuntime: 0, successRate: 0, recent: [] };

/** What the executions so far of each of these workflows amount to. */
async function pastOf({ store }: Deps, ids: string[]): Promise<Map<string, Past>> {
  const [statistics, recent] = await Promise.all([
    store.executions.statistics(ids),
    store.executions.recent(ids),
  ]);
  const past = (id: string): Past => ({
    ...NONE,
    ...statistics.get(id),
    // The index holds no others.
    recent: (recent.get(id) ?? []) as RecentExecution[],
  });
  return new Map(ids.map((id) => [id, past(id)]));
}

const tagsOf = (metadata: JsonObject): string[] =>
  Array.isArray(metadata.tags) ? metadata.tags.map(String) : [];

function summaryView(record: WorkflowSummary, past: Past = NONE): SummaryView {
  const {
    id,
    name,
    description,
    version,
    enabled,
    authorId,
    createdAt,
    updatedAt,
    revision,
    publishedVersion,
    hasDraft,
  } = record;
  return {
    id,
    name,
    description: description ?? '',
    version,
    enabled,
    author: authorId,
    created: createdAt,
    updated: updatedAt,
    revision,
    publishedVersion,
    hasDraft,
    metadata: { ...past, tags: tagsOf(record.metadata) },
  };
}

/** Workflows as lists show them, with what their executions so far amount to. */
export async function summaryViews(deps: Deps, records: WorkflowSummary[]): Promise<SummaryView[]> {
  const past = await pastOf(
    deps,
    records.map(({ id }) => id),
  );
  return records.map((record) => summaryView(record, past.get(record.id)));
}

/** A definition as text and as data. */
export type Written = Pick<VersionRecord, 'source' | 'format' | 'definition'>;

/** The text that was published; before the first publication, the draft's. */
export async function writtenSource({ store }: Deps, record: WorkflowRecord): Promise<Written> {
  const published =
    record.publishedVersion === null
      ? undefined
      : await store.workflows.version(record.id, record.publishedVersion);
  if (published) return published;
  return {
    source: record.draft?.source ?? '',
    format: record.draft?.format ?? 'yaml',
    definition: record.definition,
  };
}

/** A workflow in full: what is published, the draft over it, and what is wrong with what one would edit. */
export async function workflowView(deps: Deps, record: WorkflowRecord): Promise<WorkflowView> {
  const { source, format, definition } = await writtenSource(deps, record);
  const past = await pastOf(deps, [record.id]);
  const edited = record.draft?.source ?? source;
  const { problems, workflow } = await deps.reader.check(edited);
  // A published definition holds its triggers in normal form.
  const triggers = record.publishedVersion === null ? workflow?.triggers : definition?.triggers;
  return {
    ...summaryView(record, past.get(record.id)),
    source,
    format,
    definition,
    draft: record.draft,
    triggers: (triggers ?? []) as WorkflowView['triggers'],
    problems,
  };
}

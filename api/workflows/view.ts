import type { WorkflowSummary as SummaryView, WorkflowView } from '#shared/contract/workflow.ts';
import { loadData, loadText } from '#shared/definition/load.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { Deps } from '../deps.ts';
import { catalogNow } from '../plugins/directory.ts';
import type { WorkflowStatistics } from '../store/executions.ts';
import type { VersionRecord, WorkflowRecord, WorkflowSummary } from '../store/workflow-record.ts';

const NONE: WorkflowStatistics = { executions: 0, lastRun: null, averageRuntime: 0, successRate: 0 };

const tagsOf = (metadata: JsonObject): string[] =>
  Array.isArray(metadata.tags) ? metadata.tags.map(String) : [];

/** A workflow as lists show it, with what its executions so far amount to. */
export function summaryView(record: WorkflowSummary, statistics: WorkflowStatistics = NONE): SummaryView {
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
    metadata: { ...statistics, tags: tagsOf(record.metadata) },
  };
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
  const statistics = await deps.store.executions.statistics([record.id]);
  const edited = record.draft?.source ?? source;
  const { problems } = loadText(edited, catalogNow(deps));
  const { workflow } = loadData(definition as Json);
  return {
    ...summaryView(record, statistics.get(record.id)),
    source,
    format,
    definition,
    draft: record.draft,
    triggers: workflow?.triggers ?? [],
    problems,
  };
}

import type { Selectable } from 'kysely';
import { isObject, type JsonObject } from '#shared/json.ts';
import type { WorkflowsTable, WorkflowVersionsTable } from './tables.ts';
import { textToJson, textToJsonOrNull } from './text.ts';

export type SourceFormat = 'yaml' | 'json';

/** What a person edits: the text as written and, where it could be read, its definition. */
export interface Draft {
  source: string;
  format: SourceFormat;
  definition: JsonObject | null;
}

/** A workflow as lists show it. */
export interface WorkflowSummary {
  id: string;
  name: string;
  description: string | null;
  /** The published version's number as text, '0' before the first. */
  version: string;
  publishedVersion: number | null;
  /** The published definition; before the first publication the draft's, `{}` where that could not be read. */
  definition: JsonObject;
  enabled: boolean;
  createdAt: string;
  updatedAt: string;
  authorId: string;
  metadata: JsonObject;
  /** Rises by one with every change. */
  revision: number;
  hasDraft: boolean;
}

export interface WorkflowRecord extends WorkflowSummary {
  draft: Draft | null;
}

/** A published version as lists show it. */
export interface VersionSummary {
  workflowId: string;
  version: number;
  format: SourceFormat;
  note: string | null;
  authorId: string;
  createdAt: string;
}

export interface VersionRecord extends VersionSummary {
  definition: JsonObject;
  source: string;
}

export type WorkflowRow = Selectable<WorkflowsTable>;
type VersionSummaryRow = Omit<Selectable<WorkflowVersionsTable>, 'definition' | 'source'>;

const objectOf = (text: string): JsonObject => {
  const value = textToJson(text);
  return isObject(value) ? value : {};
};

const objectOrNull = (text: string | null): JsonObject | null => {
  const value = textToJsonOrNull(text);
  return isObject(value) ? value : null;
};

export const summaryOf = (row: WorkflowRow): WorkflowSummary => ({
  id: row.id,
  name: row.name,
  description: row.description,
  version: row.version,
  publishedVersion: row.published_version,
  definition: objectOf(row.definition),
  enabled: Boolean(row.enabled),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  authorId: row.author_id,
  metadata: objectOf(row.metadata),
  revision: row.revision,
  hasDraft: row.draft_source !== null,
});

export const recordOf = (row: WorkflowRow): WorkflowRecord => ({
  ...summaryOf(row),
  draft:
    row.draft_source === null
      ? null
      : {
          source: row.draft_source,
          format: row.draft_format ?? 'yaml',
          definition: objectOrNull(row.draft_definition),
        },
});

export const versionSummaryOf = (row: VersionSummaryRow): VersionSummary => ({
  workflowId: row.workflow_id,
  version: row.version,
  format: row.format,
  note: row.note,
  authorId: row.author_id,
  createdAt: row.created_at,
});

export const versionOf = (row: Selectable<WorkflowVersionsTable>): VersionRecord => ({
  ...versionSummaryOf(row),
  definition: objectOf(row.definition),
  source: row.source,
});

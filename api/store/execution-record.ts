import type { Insertable, Selectable } from 'kysely';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { StepExecutionsTable, WorkflowExecutionsTable } from './tables.ts';
import { jsonToText, jsonToTextOrNull, textToJson, textToJsonOrNull } from './text.ts';
import { toIso, toIsoOrNull } from './time.ts';

/** A run as lists show it. Times are ISO-8601. */
export interface ExecutionSummary {
  id: string;
  workflowId: string;
  workflowVersion: number | null;
  status: string;
  triggeredBy: Json;
  startedAt: string;
  endedAt: string | null;
  durationMs: number | null;
  stepsCount: number;
  errorMessage: string | null;
  error: Json;
  /** The run this one is a retry of. */
  retryOf: string | null;
}

export interface ArchivedExecution extends ExecutionSummary {
  context: Json;
  variables: JsonObject;
  output: Json;
}

/** A run to archive: its steps are counted by the store. */
export type ExecutionToArchive = Omit<ArchivedExecution, 'stepsCount'>;

export interface ArchivedStep {
  /** Unique within the run. */
  path: string;
  stepId: string;
  stepName: string;
  type: string;
  status: string;
  attempt: number;
  startedAt: string | null;
  endedAt: string | null;
  durationMs: number | null;
  input: Json;
  output: Json;
  errorMessage: string | null;
  error: Json;
}

export type ArchivedStepRecord = ArchivedStep & { id: string };

const rounded = (milliseconds: number | null): number | null =>
  milliseconds === null ? null : Math.round(milliseconds);

export const executionRow = (
  execution: ExecutionToArchive,
  stepsCount: number,
): Insertable<WorkflowExecutionsTable> => ({
  id: execution.id,
  workflow_id: execution.workflowId,
  status: execution.status,
  triggered_by: jsonToText(execution.triggeredBy),
  context: jsonToTextOrNull(execution.context),
  started_at: toIso(execution.startedAt),
  ended_at: toIsoOrNull(execution.endedAt),
  duration_ms: rounded(execution.durationMs),
  output: jsonToTextOrNull(execution.output),
  error_message: execution.errorMessage,
  workflow_version: execution.workflowVersion,
  retry_of: execution.retryOf,
  variables: jsonToTextOrNull(execution.variables),
  steps_count: stepsCount,
  error: jsonToTextOrNull(execution.error),
});

export const stepRow = (
  executionId: string,
  step: ArchivedStep,
  position: number,
): Insertable<StepExecutionsTable> => ({
  id: `${executionId}/${step.path}`,
  execution_id: executionId,
  position,
  path: step.path,
  step_id: step.stepId,
  step_name: step.stepName,
  type: step.type,
  status: step.status,
  attempt: step.attempt,
  started_at: toIsoOrNull(step.startedAt),
  ended_at: toIsoOrNull(step.endedAt),
  duration_ms: rounded(step.durationMs),
  input: jsonToTextOrNull(step.input),
  output: jsonToTextOrNull(step.output),
  error_message: step.errorMessage,
  error: jsonToTextOrNull(step.error),
});

/** The columns a summary is made of. */
export const summaryColumns = [
  'id',
  'workflow_id',
  'workflow_version',
  'status',
  'triggered_by',
  'started_at',
  'ended_at',
  'duration_ms',
  'steps_count',
  'error_message',
  'error',
  'retry_of',
] as const;

type SummaryRow = Pick<Selectable<WorkflowExecutionsTable>, (typeof summaryColumns)[number]>;

export const executionSummaryOf = (row: SummaryRow): ExecutionSummary => ({
  id: row.id,
  workflowId: row.workflow_id,
  workflowVersion: row.workflow_version,
  status: row.status,
  triggeredBy: textToJson(row.triggered_by),
  startedAt: row.started_at,
  endedAt: row.ended_at,
  durationMs: row.duration_ms,
  stepsCount: row.steps_count,
  errorMessage: row.error_message,
  error: textToJsonOrNull(row.error),
  retryOf: row.retry_of,
});

export function executionOf(row: Selectable<WorkflowExecutionsTable>): ArchivedExecution {
  const variables = textToJsonOrNull(row.variables);
  return {
    ...executionSummaryOf(row),
    context: textToJsonOrNull(row.context),
    variables: isObject(variables) ? variables : {},
    output: textToJsonOrNull(row.output),
  };
}

export const stepOf = (row: Selectable<StepExecutionsTable>): ArchivedStepRecord => ({
  id: row.id,
  path: row.path,
  stepId: row.step_id,
  stepName: row.step_name,
  type: row.type,
  status: row.status,
  attempt: row.attempt,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  durationMs: row.duration_ms,
  input: textToJsonOrNull(row.input),
  output: textToJsonOrNull(row.output),
  errorMessage: row.error_message,
  error: textToJsonOrNull(row.error),
});

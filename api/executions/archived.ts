import type { ExecutionSummary, ExecutionView, StepView } from '#shared/contract/execution.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { StepError } from '#shared/machine/protocol.ts';
import type {
  ArchivedExecution,
  ArchivedStep,
  ArchivedStepRecord,
  ExecutionToArchive,
  ExecutionSummary as Indexed,
} from '../store/execution-record.ts';

const errorOf = (error: Json): StepError | null => (isObject(error) ? (error as unknown as StepError) : null);

/** A closed execution as lists show it, from the index. */
export const indexedSummary = (record: Indexed): ExecutionSummary => ({
  executionId: record.id,
  workflowId: record.workflowId,
  workflowVersion: record.workflowVersion ?? 0,
  status: record.status as ExecutionSummary['status'],
  triggeredBy: isObject(record.triggeredBy) ? record.triggeredBy : {},
  startTime: record.startedAt,
  endTime: record.endedAt,
  duration: record.durationMs,
  retryOf: record.retryOf,
  error: errorOf(record.error),
});

const indexedStep = (step: ArchivedStepRecord): StepView => ({
  id: step.stepId,
  path: step.path,
  name: step.stepName,
  type: step.type,
  status: step.status as StepView['status'],
  attempt: step.attempt,
  startTime: step.startedAt,
  endTime: step.endedAt,
  duration: step.durationMs,
  input: step.input,
  output: step.output,
  error: errorOf(step.error),
});

/** A closed execution in full, from the index. */
export const archivedView = (record: ArchivedExecution & { steps: ArchivedStepRecord[] }): ExecutionView => ({
  ...indexedSummary(record),
  variables: record.variables,
  steps: record.steps.map(indexedStep),
  output: record.output,
  note: 'Temporal no longer keeps the history of this execution; this is what the index holds of it.',
});

/** What the index keeps of a closed execution. */
export function toArchive(view: ExecutionView): { execution: ExecutionToArchive; steps: ArchivedStep[] } {
  const {
    executionId,
    workflowId,
    workflowVersion,
    status,
    triggeredBy,
    startTime,
    endTime,
    duration,
    retryOf,
    error,
  } = view;
  return {
    execution: {
      id: executionId,
      workflowId,
      workflowVersion,
      status,
      triggeredBy,
      startedAt: startTime,
      endedAt: endTime,
      durationMs: duration,
      errorMessage: error?.message ?? null,
      error: (error as unknown as JsonObject) ?? null,
      retryOf,
      context: view.temporal ?? null,
      variables: view.variables,
      output: view.output,
    },
    steps: view.steps.map((step) => ({
      path: step.path,
      stepId: step.id,
      stepName: step.name,
      type: step.type,
      status: step.status,
      attempt: step.attempt,
      startedAt: step.startTime,
      endedAt: step.endTime,
      durationMs: step.duration,
      input: step.input,
      output: step.output,
      errorMessage: step.error?.message ?? null,
      error: (step.error as unknown as JsonObject) ?? null,
    })),
  };
}

import type { WorkflowExecutionDescription } from '@temporalio/client';
import proto from '@temporalio/proto';
import { isObject, type Json } from '#shared/json.ts';
import { millisecondsOf, payloadValue } from '../temporal/decode.ts';

const { PendingActivityState } = proto.temporal.api.enums.v1;

/** What Temporal knows of an action that has not ended, which its history does not tell. */
export interface PendingAction {
  attempt: number;
  isRunning: boolean;
  startedAt: number | undefined;
  nextAttemptAt: number | undefined;
  lastFailure: string | undefined;
  progress: Json | undefined;
}

/** Actions under way, by step path. */
export function pendingActions({ raw }: WorkflowExecutionDescription): Map<string, PendingAction> {
  const pending = new Map<string, PendingAction>();
  for (const activity of raw.pendingActivities ?? []) {
    const heartbeat = payloadValue(activity.heartbeatDetails?.payloads?.[0]);
    const isRunning = activity.state !== PendingActivityState.PENDING_ACTIVITY_STATE_SCHEDULED;
    pending.set(activity.activityId ?? '', {
      attempt: activity.attempt ?? 1,
      isRunning,
      startedAt: activity.lastStartedTime ? millisecondsOf(activity.lastStartedTime) : undefined,
      nextAttemptAt:
        !isRunning && activity.scheduledTime ? millisecondsOf(activity.scheduledTime) : undefined,
      lastFailure: activity.lastFailure?.message ?? undefined,
      progress: isObject(heartbeat) ? heartbeat.progress : undefined,
    });
  }
  return pending;
}

/** Attempts of one workflow task after which the engine is taken to be stuck. */
const STUCK_AFTER = 3;

/** Why an execution does not move though it should: a fault of the engine's own, not of the workflow. */
export function engineProblem({ raw }: WorkflowExecutionDescription): string | undefined {
  const attempt = raw.pendingWorkflowTask?.attempt ?? 0;
  if (attempt < STUCK_AFTER) return undefined;
  return `The engine has failed ${attempt} times to take the next step of this execution. Nothing is lost; it goes on once the cause, which the worker's log tells, is mended.`;
}

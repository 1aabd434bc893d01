import { defaultPayloadConverter } from '@temporalio/common';
import proto, { type temporal } from '@temporalio/proto';
import type { ExecutionInput, UpdateName, UpdateRequest } from '#shared/execution/protocol.ts';
import type { Recorded } from '#shared/execution/recorded.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { ActivityEnd } from '#shared/machine/failure.ts';

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;
type Payload = temporal.api.common.v1.IPayload;
type Failure = temporal.api.failure.v1.IFailure;
type Timestamp = { seconds?: { toNumber(): number } | number | null; nanos?: number | null };

const { TimeoutType } = proto.temporal.api.enums.v1;

/** Milliseconds since the epoch of a protobuf timestamp. */
export function millisecondsOf(time: unknown): number {
  const { seconds, nanos } = (time ?? {}) as Timestamp;
  const whole = typeof seconds === 'number' ? seconds : (seconds?.toNumber() ?? 0);
  return whole * 1_000 + Math.floor((nanos ?? 0) / 1_000_000);
}

/** The value of a payload; null where there is none. */
export const payloadValue = (payload: Payload | null | undefined): Json =>
  payload ? (defaultPayloadConverter.fromPayload<Json>(payload) ?? null) : null;

const first = (payloads: { payloads?: Payload[] | null } | null | undefined): Json =>
  payloadValue(payloads?.payloads?.[0]);

const number = (id: unknown): number => (typeof id === 'number' ? id : Number(String(id ?? 0)));

/** How an activity failed, reduced to what the machine tells apart. */
export function endOf(failure: Failure | null | undefined): ActivityEnd {
  const { applicationFailureInfo: application, timeoutFailureInfo: timeout, message } = failure ?? {};
  if (failure?.canceledFailureInfo) return { kind: 'cancelled' };
  if (timeout) {
    const name = TimeoutType[timeout.timeoutType ?? 0] ?? '';
    return { kind: 'timeout', timeout: name.replace('TIMEOUT_TYPE_', '') };
  }
  const code = application?.type || 'action.failed';
  return { kind: 'application', code, message: message ?? '', facts: first(application?.details) };
}

function started(event: HistoryEvent, id: number, at: number): Recorded {
  const attributes = event.workflowExecutionStartedEventAttributes;
  const input = first(attributes?.input) as unknown as ExecutionInput;
  const scheduled = attributes?.searchAttributes?.indexedFields?.TemporalScheduledStartTime;
  const continuedFrom = attributes?.continuedExecutionRunId;
  return {
    type: 'started',
    id,
    at,
    input,
    ...(scheduled && { scheduledTime: Date.parse(String(payloadValue(scheduled))) }),
    ...(continuedFrom && { continuedFrom }),
  };
}

function activity(event: HistoryEvent, id: number, at: number): Recorded | undefined {
  const scheduled = event.activityTaskScheduledEventAttributes;
  if (scheduled) {
    const parameters = first(scheduled.input) as JsonObject;
    return {
      type: 'activity_scheduled',
      id,
      at,
      path: scheduled.activityId ?? '',
      action: scheduled.activityType?.name ?? '',
      parameters,
    };
  }
  const begun = event.activityTaskStartedEventAttributes;
  if (begun)
    return {
      type: 'activity_started',
      id,
      at,
      scheduled: number(begun.scheduledEventId),
      attempt: begun.attempt ?? 1,
    };
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed)
    return {
      type: 'activity_completed',
      id,
      at,
      scheduled: number(completed.scheduledEventId),
      output: first(completed.result),
    };
  const ended = event.activityTaskFailedEventAttributes ?? event.activityTaskTimedOutEventAttributes;
  if (ended)
    return {
      type: 'activity_ended',
      id,
      at,
      scheduled: number(ended.scheduledEventId),
      end: endOf(ended.failure),
    };
  const cancelled = event.activityTaskCanceledEventAttributes;
  if (cancelled)
    return {
      type: 'activity_ended',
      id,
      at,
      scheduled: number(cancelled.scheduledEventId),
      end: { kind: 'cancelled' },
    };
  return undefined;
}

function update(event: HistoryEvent, id: number, at: number): Recorded | undefined {
  const request = event.workflowExecutionUpdateAcceptedEventAttributes?.acceptedRequest?.input;
  if (!request) return undefined;
  return {
    type: 'update',
    id,
    at,
    name: request.name as UpdateName,
    request: (first(request.args) ?? {}) as UpdateRequest,
  };
}

function decodeEvent(event: HistoryEvent): Recorded | undefined {
  const id = number(event.eventId);
  const at = millisecondsOf(event.eventTime);
  if (event.workflowExecutionStartedEventAttributes) return started(event, id, at);
  if (event.workflowTaskStartedEventAttributes) return { type: 'task_started', id, at };
  const completed = event.workflowTaskCompletedEventAttributes;
  if (completed) return { type: 'task_completed', id, at, started: number(completed.startedEventId) };
  if (event.timerStartedEventAttributes)
    return { type: 'timer_started', id, at, timer: String(payloadValue(event.userMetadata?.summary)) };
  const fired = event.timerFiredEventAttributes;
  if (fired) return { type: 'timer_fired', id, at, started: number(fired.startedEventId) };
  if (event.workflowExecutionCancelRequestedEventAttributes) return { type: 'cancel_requested', id, at };
  const continued = event.workflowExecutionContinuedAsNewEventAttributes;
  if (continued) return { type: 'continued', id, at, runId: continued.newExecutionRunId ?? '' };
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) return { type: 'terminated', id, at, reason: terminated.reason ?? '' };
  return activity(event, id, at) ?? update(event, id, at);
}

/** The events of a Temporal history that a run is rebuilt from. */
export const decode = (events: readonly HistoryEvent[]): Recorded[] =>
  events.flatMap((event) => decodeEvent(event) ?? []);

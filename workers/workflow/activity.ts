import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  scheduleActivity,
  TimeoutFailure,
} from '@temporalio/workflow';
import { type AttemptPolicy, fits, pack, type Stored } from '#shared/execution/protocol.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { ActivityEnd } from '#shared/machine/failure.ts';
import type { RunCommand } from '#shared/machine/protocol.ts';
import { store } from './storage.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;

/** A worker that has not been heard of for this long has lost its attempt. */
const HEARTBEAT_TIMEOUT = 20 * SECOND;

/** The action host ends an attempt at its timeout; Temporal does only where the host no longer can. */
const GRACE = 15 * SECOND;

/** Attempts that may be cut off by dying workers, on top of those that may fail by themselves. */
const CUT_OFFS = 50;

/** How long an action may wait for a worker to be there at all. */
const PATIENCE = 7 * DAY;

function attempts({ retry, timeout }: RunCommand): { maximumAttempts: number; longest: number } {
  const maximumAttempts = retry.maximumAttempts + CUT_OFFS;
  return { maximumAttempts, longest: PATIENCE + maximumAttempts * (timeout + GRACE + retry.maximumInterval) };
}

/** How an activity ended that gave no output. Rethrows what is no end of an activity. */
export function endOf(thrown: unknown): ActivityEnd {
  if (!(thrown instanceof ActivityFailure)) {
    if (thrown instanceof CancelledFailure) return { kind: 'cancelled' };
    throw thrown;
  }
  const { cause } = thrown;
  if (cause instanceof CancelledFailure) return { kind: 'cancelled' };
  if (cause instanceof TimeoutFailure) return { kind: 'timeout', timeout: cause.timeoutType ?? 'HEARTBEAT' };
  if (cause instanceof ApplicationFailure) {
    const code = cause.type ?? 'action.failed';
    return { kind: 'application', code, message: cause.message, facts: (cause.details?.[0] ?? null) as Json };
  }
  return {
    kind: 'application',
    code: 'action.failed',
    message: cause?.message ?? thrown.message,
    facts: null,
  };
}

function schedule(command: RunCommand, parameters: JsonObject | Stored, secrets: string[]): Promise<Json> {
  const { path, name, action, timeout, retry } = command;
  const { maximumAttempts, longest } = attempts(command);
  const policy: AttemptPolicy = {
    timeout,
    maximumAttempts: retry.maximumAttempts,
    nonRetryableErrors: retry.nonRetryableErrors,
    ...(secrets.length > 0 && { secrets }),
  };
  return scheduleActivity<Json>(action, [parameters, policy], {
    activityId: path,
    summary: name,
    // Said by name: left out, the wire's default is to take a cancelled action for ended at once.
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
    startToCloseTimeout: timeout + GRACE,
    scheduleToCloseTimeout: longest,
    heartbeatTimeout: HEARTBEAT_TIMEOUT,
    retry: {
      maximumAttempts,
      initialInterval: retry.initialInterval,
      backoffCoefficient: retry.backoffCoefficient,
      maximumInterval: Math.max(retry.maximumInterval, retry.initialInterval),
    },
  });
}

async function scheduleLarge(command: RunCommand, secrets: string[]): Promise<Json> {
  const parameters = await CancellationScope.nonCancellable(() => pack(command.parameters, store));
  return schedule(command, parameters, secrets);
}

/** Runs an action as an activity that reads well in Temporal Web. */
export function runAction(command: RunCommand, secrets: string[]): Promise<Json> {
  // No async function where none is needed: each promise costs the isolate a stack trace.
  return fits(command.parameters)
    ? schedule(command, command.parameters, secrets)
    : scheduleLarge(command, secrets);
}

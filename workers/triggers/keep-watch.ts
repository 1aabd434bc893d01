import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import { AppError } from '#shared/errors.ts';
import type { KeptTrigger } from '#shared/execution/kept-trigger.ts';
import { type Run, unpack } from '#shared/execution/protocol.ts';
import type { JsonObject } from '#shared/json.ts';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import { startRun } from '#shared/node/start-execution.ts';
import { executionIdOf } from './event-id.ts';

/** How often a watcher says that it is alive and how far it is, in milliseconds. */
const HEARTBEAT_EVERY = 2_000;

export interface KeepParts {
  blobs: Blobs;
  log: Logger;
  /** Where the runs are started. */
  taskQueue: string;
}

/**
 * What starts the runs of a trigger: given what tells the event from others, and the event. Resolves once Temporal has
 * the run; the same key starts one run, however often.
 */
export async function starterOf(
  trigger: KeptTrigger<unknown>,
  { blobs, taskQueue }: KeepParts,
): Promise<(key: readonly string[], event: JsonObject) => Promise<void>> {
  const { client } = Context.current();
  const run: Run = await unpack<Run>(trigger.run, async (ref) =>
    new TextDecoder().decode(await blobs.get(ref)),
  );
  return async (key, event) => {
    const id = executionIdOf(run.workflow.id, trigger.id, key);
    await startRun({ client, blobs, taskQueue }, { ...run, trigger: event }, id);
  };
}

/** A shut-down worker's watcher is taken up by another one: an attempt that failed, not an end. */
function throwIfShutDown(signal: AbortSignal): void {
  if (signal.reason instanceof Error && /WORKER_SHUTDOWN/.test(signal.reason.message))
    throw ApplicationFailure.retryable('The worker shut down.', 'trigger.interrupted');
}

/** A mistake of the user's is shown under its code; the trigger goes on as soon as it is mended. */
const asFailure = (thrown: unknown): unknown =>
  AppError.is(thrown) ? ApplicationFailure.retryable(thrown.message, thrown.code) : thrown;

/** Watches until the activity is cancelled, with a sign of life now and then. Whatever fails is tried again. */
export async function keepWatch(log: Logger, beat: () => void, work: () => Promise<void>): Promise<void> {
  beat();
  const timer = setInterval(beat, HEARTBEAT_EVERY);
  try {
    await work();
    throwIfShutDown(Context.current().cancellationSignal);
  } catch (thrown) {
    log.warn({ err: thrown }, 'the trigger stopped; it is started again');
    beat();
    throw asFailure(thrown);
  } finally {
    clearInterval(timer);
  }
}

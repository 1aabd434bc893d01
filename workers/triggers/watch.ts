import { ApplicationFailure, Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import { AppError } from '#shared/errors.ts';
import type { FileTrigger } from '#shared/execution/file-trigger.ts';
import { type Run, unpack } from '#shared/execution/protocol.ts';
import { isObject, type JsonObject } from '#shared/json.ts';
import { startRun } from '#shared/node/start-execution.ts';
import type { BaselineParts } from './baseline.ts';
import { executionIdOf } from './event-id.ts';
import { FileWatch } from './file-watch.ts';
import { selectionOf } from './glob.ts';
import type { OpenWatcher } from './hints.ts';
import { Ledger } from './ledger.ts';
import type { StoredLedger, WatchInput } from './protocol.ts';
import type { Change } from './settling.ts';
import { factsOf } from './version.ts';

/** How often a watcher says that it is alive and how far it is, in milliseconds. */
const HEARTBEAT_EVERY = 2_000;

export interface WatchParts extends BaselineParts {
  log: Logger;
  /** Where the runs are started. */
  taskQueue: string;
  openWatcher?: OpenWatcher;
}

/** A file's event as the run sees it. */
export function eventOf(id: string, { path, event, version }: Change): JsonObject {
  return { id, type: 'file_change', event, filePath: path, ...factsOf(version) };
}

const isLedger = (details: unknown): details is StoredLedger =>
  isObject(details) && isObject(details.changes);

async function starter(
  trigger: FileTrigger,
  { blobs, taskQueue }: WatchParts,
): Promise<(change: Change) => Promise<void>> {
  const { client } = Context.current();
  const run: Run = await unpack<Run>(trigger.run, async (ref) =>
    new TextDecoder().decode(await blobs.get(ref)),
  );
  return async (change) => {
    const id = executionIdOf(run.workflow.id, trigger.id, change);
    await startRun({ client, blobs, taskQueue }, { ...run, trigger: eventOf(trigger.id, change) }, id);
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

/**
 * Watches until it is cancelled, then resolves to its ledger. A restart goes on from the ledger of the last
 * heartbeat, so what changed while nobody watched is found by the first look.
 */
export async function watch(
  { trigger, ledger: given }: WatchInput,
  parts: WatchParts,
): Promise<StoredLedger> {
  const { info, heartbeat, cancellationSignal: signal } = Context.current();
  const { config, id } = trigger;
  const { blobs, workspaceRoot: root, left, openWatcher } = parts;
  const log = parts.log.child({ trigger: id, path: config.path });
  const ledger = await Ledger.open(isLedger(info.heartbeatDetails) ? info.heartbeatDetails : given, blobs);
  const beat = (): void => heartbeat(ledger.snapshot());
  beat();
  const timer = setInterval(beat, HEARTBEAT_EVERY);
  try {
    const start = await starter(trigger, parts);
    const rest = (): Promise<void> => ledger.compact(blobs, performance.now());
    const selection = selectionOf(config, left);
    await new FileWatch({
      root,
      config,
      selection,
      ledger,
      log,
      signal,
      start,
      rest,
      ...(openWatcher && { openWatcher }),
    }).run();
    throwIfShutDown(signal);
    return ledger.snapshot();
  } catch (thrown) {
    log.warn({ err: thrown }, 'the file trigger stopped; it is started again');
    beat();
    throw asFailure(thrown);
  } finally {
    clearInterval(timer);
  }
}

import { Context } from '@temporalio/activity';
import { isObject, type JsonObject } from '#shared/json.ts';
import type { BaselineParts } from './baseline.ts';
import { keyOf } from './event-id.ts';
import { FileWatch } from './file-watch.ts';
import { selectionOf } from './glob.ts';
import type { OpenWatcher } from './hints.ts';
import { type KeepParts, keepWatch, starterOf } from './keep-watch.ts';
import { Ledger } from './ledger.ts';
import type { StoredLedger, WatchInput } from './protocol.ts';
import type { Change } from './settling.ts';
import { factsOf } from './version.ts';

export interface WatchParts extends BaselineParts, KeepParts {
  openWatcher?: OpenWatcher;
}

/** A file's event as the run sees it. */
export function eventOf(id: string, { path, event, version }: Change): JsonObject {
  return { id, type: 'file_change', event, filePath: path, ...factsOf(version) };
}

const isLedger = (details: unknown): details is StoredLedger =>
  isObject(details) && isObject(details.changes);

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
  await keepWatch(
    log,
    () => heartbeat(ledger.snapshot()),
    async () => {
      const started = await starterOf(trigger, parts);
      const start = (change: Change): Promise<void> => started(keyOf(change), eventOf(id, change));
      const rest = (): Promise<void> => ledger.compact(blobs, performance.now());
      const selection = selectionOf(config, left);
      const own = openWatcher && { openWatcher };
      await new FileWatch({ root, config, selection, ledger, log, signal, start, rest, ...own }).run();
    },
  );
  return ledger.snapshot();
}

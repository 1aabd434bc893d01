import type { Blobs } from '#shared/node/blobs/blobs.ts';
import { selectionOf } from './glob.ts';
import { Ledger } from './ledger.ts';
import type { BaselineInput, StoredLedger } from './protocol.ts';
import { scan } from './scan.ts';

export interface BaselineParts {
  workspaceRoot: string;
  blobs: Blobs;
  /** Folders, relative to the workspace, that are never looked into. */
  left: readonly string[];
}

/**
 * The ledger that a trigger begins with: what exists now needs no run. Where another selection was watched
 * before, its ledger is kept for the files that both select, so that a change in between is not missed.
 */
export async function baseline(
  { config, previous }: BaselineInput,
  parts: BaselineParts,
): Promise<StoredLedger> {
  const { workspaceRoot, blobs, left } = parts;
  const selection = selectionOf(config, left);
  const { versions } = await scan(workspaceRoot, selection);
  const ledger = Ledger.empty();
  const before = previous && {
    ...selectionOf(previous.config, left),
    ledger: await Ledger.open(previous.ledger, blobs),
  };
  for (const [path, version] of versions)
    ledger.set(path, before?.matches(path) ? before.ledger.get(path) : version);
  for (const path of before?.ledger.paths() ?? [])
    if (selection.matches(path)) ledger.set(path, before?.ledger.get(path));
  await ledger.compact(blobs, performance.now());
  return ledger.snapshot();
}

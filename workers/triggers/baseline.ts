import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
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

/** How far a file's times may lag behind the clock, in milliseconds: file systems read it once a tick. */
const TICK = 20;

/** Whether a file came to be, or was last changed, after an instant. Its own time of change may be copied; this one is not. */
async function isYounger(path: string, since: number): Promise<boolean> {
  try {
    return (await lstat(path)).ctimeMs > since - TICK;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw thrown;
  }
}

/**
 * The ledger that a trigger begins with: what existed when it was asked for needs no run. Where another selection was watched
 * before, its ledger is kept for the files that both select, so that a change in between is not missed.
 */
export async function baseline(
  { config, since, previous }: BaselineInput,
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
  for (const [path, version] of versions) {
    if (before?.matches(path)) ledger.set(path, before.ledger.get(path));
    else if (!(await isYounger(join(workspaceRoot, path), since))) ledger.set(path, version);
  }
  for (const path of before?.ledger.paths() ?? [])
    if (selection.matches(path)) ledger.set(path, before?.ledger.get(path));
  await ledger.compact(blobs, performance.now());
  return ledger.snapshot();
}

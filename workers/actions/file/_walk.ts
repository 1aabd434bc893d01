import type { Dirent, Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { Minimatch } from 'minimatch';
import { z } from 'zod';
import { Terminal } from '../../action.ts';
import type { Workspace } from '../../workspace.ts';

/** Each * of a name multiplies the time a mismatch takes, so that a hostile pattern would never end. */
const MOST_STARS = 4;

const PATTERN_LENGTH = 500;

/** Entries looked at before a search is given up. */
export const MOST_ENTRIES = 200_000;

/** A glob, as every file action takes it. */
export const patternInput = (what: string) => z.string().max(PATTERN_LENGTH).optional().describe(what);

export type EntryType = 'file' | 'folder' | 'link' | 'other';

/** Something found in a folder. */
export interface Entry {
  /** Relative to the workspace. */
  path: string;
  name: string;
  type: EntryType;
  stats: Stats;
}

/** What a name stands for. */
export function typeOf(entry: Dirent | Stats): EntryType {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}

/**
 * Whether a path fits a glob; without one, all do.
 * @throws Terminal `file.bad_pattern`
 */
export function matcherOf(pattern: string | undefined, includeHidden: boolean): (path: string) => boolean {
  if (pattern === undefined) return () => true;
  const matcher = new Minimatch(pattern, {
    dot: includeHidden,
    nonegate: true,
    nocomment: true,
    noext: true,
    braceExpandMax: 100,
    maxGlobstarRecursion: 5,
    windowsPathsNoEscape: false,
  });
  const stars = pattern
    .split('/')
    .filter((part) => part !== '**')
    .map((part) => part.split('*').length - 1);
  if (Math.max(0, ...stars) > MOST_STARS)
    throw new Terminal('file.bad_pattern', `The pattern has more than ${MOST_STARS} * between two /.`, {
      fix: 'Simplify it.',
    });
  return (path) => matcher.match(path);
}

export interface Search {
  workspace: Workspace;
  signal: AbortSignal;
  recursive: boolean;
  includeHidden: boolean;
}

/** What a name stands for; undefined where it went away since the folder was read. */
export async function statsOf(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown;
    return undefined;
  }
}

/** Everything in a folder, in order of path, read as it is asked for. Links are given, not followed. */
export async function* walk(folder: string, search: Search): AsyncGenerator<Entry> {
  const { workspace, includeHidden } = search;
  const found = await workspace.at(folder, 'read', async ({ handle, real }) => {
    const entries = await readdir(handle, { withFileTypes: true });
    const shown = entries.filter(
      ({ name }) => (includeHidden || !name.startsWith('.')) && !workspace.isPrivate(`${real}/${name}`),
    );
    return Promise.all(shown.map(async ({ name }) => ({ name, stats: await statsOf(`${handle}/${name}`) })));
  });
  const sorted = found.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, stats } of sorted) {
    search.signal.throwIfAborted();
    if (!stats) continue;
    const path = folder === '.' ? name : `${folder}/${name}`;
    const type = typeOf(stats);
    yield { path, name, type, stats };
    if (type === 'folder' && search.recursive) yield* walk(path, search);
  }
}

import type { Dirent } from 'node:fs';
import { lstat, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { AppError } from '#shared/errors.ts';
import type { Selection } from './glob.ts';
import { inParallel } from './in-parallel.ts';
import { versionOf } from './version.ts';

/** Files that are looked at side by side; each waits for the disk, none for the event loop. */
const AT_ONCE = 32;

/** Stands for the version of a file that may not be looked at. */
export const UNREADABLE = 'unreadable';

/** What there is: the version of every selected file. */
export interface Seen {
  versions: Map<string, string>;
  /** Folders and files that could not be read; nothing is known of them. */
  unreadable: string[];
}

const codeOf = (thrown: unknown): string | undefined => (thrown as NodeJS.ErrnoException | undefined)?.code;

const isGone = (thrown: unknown): boolean => ['ENOENT', 'ENOTDIR', 'ELOOP'].includes(codeOf(thrown) ?? '');

/**
 * The version of a file; `undefined` where there is none, or only a link that leads out of the workspace;
 * UNREADABLE where nobody can tell.
 */
export async function look(root: string, path: string): Promise<string | undefined> {
  const absolute = join(root, path);
  try {
    const entry = await lstat(absolute, { bigint: true });
    if (entry.isFile()) return versionOf(entry);
    if (!entry.isSymbolicLink() || !(await realpath(absolute)).startsWith(root + sep)) return undefined;
    const target = await stat(absolute, { bigint: true });
    return target.isFile() ? versionOf(target) : undefined;
  } catch (thrown) {
    return isGone(thrown) ? undefined : UNREADABLE;
  }
}

async function entriesOf(root: string, folder: string, seen: Seen): Promise<Dirent[]> {
  try {
    return await readdir(join(root, folder), { withFileTypes: true });
  } catch (thrown) {
    if (folder === '' && isGone(thrown))
      throw new AppError('workspace.missing', `The workspace ${root} is not there.`, {
        fix: 'Mount or create it; the files in it are not taken for deleted meanwhile.',
      });
    if (!isGone(thrown)) seen.unreadable.push(folder);
    return [];
  }
}

/**
 * Looks at every selected file. Folders are never entered through links, so nothing is seen twice or outside.
 * @throws AppError `workspace.missing`
 */
export async function scan(root: string, selection: Selection): Promise<Seen> {
  const seen: Seen = { versions: new Map(), unreadable: [] };
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const at = folder === '' ? '' : `${folder}/`;
    const entries = await entriesOf(root, folder, seen);
    folders.push(
      ...entries
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => at + name)
        .filter(selection.mayHold),
    );
    const files = entries
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ name }) => at + name);
    await inParallel(files.filter(selection.matches), AT_ONCE, async (path) => {
      const version = await look(root, path);
      if (version === UNREADABLE) seen.unreadable.push(path);
      else if (version !== undefined) seen.versions.set(path, version);
    });
  }
  return seen;
}

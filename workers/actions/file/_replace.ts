import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Place } from '../../workspace.ts';
import { checkFile, checkKind, syncFolder } from './_files.ts';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants;

const PERMISSIONS = 0o7777;

/** Names that attempts of one step write under until all is whole begin with this. */
export const temporaryPrefix = (key: string): string =>
  `.acas-${createHash('sha256').update(key).digest('hex').slice(0, 16)}-`;

/** Such a name, of whichever step. */
export const TEMPORARY = /^\.acas-[0-9a-f]{16}-/;

/** Removes what killed attempts of the same step left in the folder. */
export async function removeLeftovers(place: Place, key: string): Promise<void> {
  const prefix = temporaryPrefix(key);
  for (const name of await readdir(place.folder)) {
    if (name.startsWith(prefix)) await rm(join(place.folder, name), { force: true });
  }
}

/**
 * Puts a file in place as a whole: who reads it meanwhile sees the old content or the new, and a kill leaves one of
 * them. Keeps the permissions of the file it replaces. `mode` is for a new file. Resolves to whether it is new.
 */
export async function replaceFile(
  place: Place,
  key: string,
  fill: (file: FileHandle) => Promise<void>,
  mode?: number,
): Promise<boolean> {
  const before = checkKind(place);
  if (before) checkFile(before, place);
  const temporary = join(place.folder, temporaryPrefix(key) + randomUUID().slice(0, 8));
  try {
    const file = await open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o666);
    try {
      await fill(file);
      const kept = before?.mode ?? mode;
      if (kept !== undefined) await file.chmod(kept & PERMISSIONS);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, place.handle);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
  await syncFolder(place.folder);
  return before === undefined;
}

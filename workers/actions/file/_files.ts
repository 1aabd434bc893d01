import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { Retryable, Terminal } from '../../action.ts';
import type { Place } from '../../workspace.ts';
import { refuse } from '../../workspace-rules.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** A path, as every file action takes it. */
export const pathInput = (what: string) =>
  z.string().min(1).describe(`${what}, relative to the workspace, with / between folders`);

/** A path, as every file action gives it. */
export const pathOutput = z.string().describe('Path relative to the workspace');

/** How the bytes of a file stand in a text. */
export const encodingInput = z.enum(['utf8', 'base64', 'hex', 'latin1', 'utf16le']);

/** Throws where a name is there and is neither a file nor a folder: opening a pipe or a device does things. */
export function checkKind(place: Place): Stats | undefined {
  const found = lstatSync(place.handle, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) throw refuse.swapped(place.path);
  if (found && !found.isFile() && !found.isDirectory()) throw refuse.notAFile(place.path);
  return found;
}

const folderError = (place: Place): Terminal =>
  new Terminal('file.is_folder', `"${place.path}" is a folder, not a file.`, { fix: 'Name a file.' });

/** Throws unless what was found is a regular file: it may have changed since it was looked at. */
export function checkFile(found: Stats, place: Place): void {
  if (found.isDirectory()) throw folderError(place);
  if (!found.isFile()) throw refuse.notAFile(place.path);
}

/** How often a file is opened again that another took the place of in that very moment. */
const MOST_TRIES = 10;

/**
 * Whether the file that was opened is the one at this place. A second name (hard link) may lie outside, and is refused.
 * The count of an open file's names alone would not do: it is one again when the name it was opened by is gone.
 */
function isAlone(opened: Stats, place: Place): boolean {
  checkFile(opened, place);
  if (place.mayBeLinked) return true;
  if (opened.nlink > 1) throw refuse.hardLink(place.path);
  const named = lstatSync(place.handle, { throwIfNoEntry: false });
  if (named?.ino !== opened.ino || named.dev !== opened.dev) return false;
  if (named.nlink > 1) throw refuse.hardLink(place.path);
  return true;
}

const keepsChanging = ({ path }: Place): Retryable =>
  new Retryable('file.busy', `"${path}" was replaced each time it was opened.`);

/**
 * Opens the regular file at a place to read it.
 * @throws Terminal `file.is_folder`, `file.not_a_file`, `file.hard_link`; Retryable `file.busy`
 */
export async function openFile(place: Place): Promise<FileHandle> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    checkKind(place);
    const file = await open(place.handle, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    let isKept = false;
    try {
      isKept = isAlone(await file.stat(), place);
      if (isKept) return file;
    } finally {
      if (!isKept) await file.close();
    }
  }
  throw keepsChanging(place);
}

/** As `openFile`, at once and with the given flags. */
export function openFileSync(place: Place, flags: number): number {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    checkKind(place);
    const fd = openSync(place.handle, flags | O_NOFOLLOW | O_NONBLOCK, 0o666);
    let isKept = false;
    try {
      isKept = isAlone(fstatSync(fd), place);
      if (isKept) return fd;
    } finally {
      if (!isKept) closeSync(fd);
    }
  }
  throw keepsChanging(place);
}

/** Bytes that are read at a time. */
const CHUNK = 262_144;

/**
 * The bytes of an open file from its start, the first `most` of them if that is given. In place of a stream of the
 * system: one that is given an aborted signal takes the whole process down with an error that nobody can catch.
 * Throws the signal's reason.
 */
export async function* chunksOf(
  file: FileHandle,
  signal: AbortSignal,
  most = Number.POSITIVE_INFINITY,
): AsyncGenerator<Buffer> {
  for (let position = 0; position < most; ) {
    signal.throwIfAborted();
    const wanted = Math.min(CHUNK, most - position);
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
  signal.throwIfAborted();
}

/** Makes a new or removed name last through a power cut. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, O_RDONLY | constants.O_DIRECTORY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

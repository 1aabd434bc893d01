import { closeSync, constants, fstatSync, lstatSync, openSync, type Stats } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { z } from 'zod';
import { Terminal } from '../../action.ts';
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

/**
 * Throws unless an open descriptor is a regular file: it may have changed since it was looked at.
 *
 * A second name (hard link) of a file outside cannot be told from one of a file inside, and builds and package
 * managers make plenty of the latter; so reading one is not refused. Making one takes a program that could have
 * copied the file as well. No action makes any, archives that hold some are refused, replacing a file leaves its other
 * names alone, and appending, which would reach them, is refused with `file.hard_link`.
 */
export function checkFile(found: Stats, place: Place): void {
  if (found.isDirectory()) throw folderError(place);
  if (!found.isFile()) throw refuse.notAFile(place.path);
}

/** Opens the regular file at a place to read it. */
export async function openFile(place: Place): Promise<FileHandle> {
  checkKind(place);
  const file = await open(place.handle, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    checkFile(await file.stat(), place);
    return file;
  } catch (thrown) {
    await file.close();
    throw thrown;
  }
}

/** As `openFile`, at once and with the given flags. */
export function openFileSync(place: Place, flags: number): number {
  checkKind(place);
  const fd = openSync(place.handle, flags | O_NOFOLLOW | O_NONBLOCK, 0o666);
  try {
    checkFile(fstatSync(fd), place);
    return fd;
  } catch (thrown) {
    closeSync(fd);
    throw thrown;
  }
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

import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Blobs, digitsOf, missing, refOf, verified } from './blobs.ts';

const isAbsent = (thrown: unknown): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'ENOENT';

/** `undefined` where there is no such file. */
async function ifPresent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (thrown) {
    if (isAbsent(thrown)) return undefined;
    throw thrown;
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Under its name only once it is whole and on disk: a kill leaves at most a temporary file. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await writeSynced(temporary, bytes);
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
}

/** Blobs as files, `ab/cdef…` by their hash. Any number of processes may share the directory. */
export function fileBlobs(directory: string): Blobs {
  const pathOf = (ref: string) => {
    const digits = digitsOf(ref);
    return join(directory, digits.slice(0, 2), digits.slice(2));
  };
  return {
    put: async (bytes) => {
      const ref = refOf(bytes);
      const path = pathOf(ref);
      const existing = await ifPresent(stat(path));
      if (existing?.size === bytes.byteLength) return ref;
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeWhole(path, bytes);
      // The new names themselves have to reach the disk too: the file's, and that of the directory it is in.
      await syncDirectory(dirname(path));
      await syncDirectory(directory);
      return ref;
    },
    get: async (ref) => {
      const bytes = await ifPresent(readFile(pathOf(ref)));
      if (bytes === undefined) throw missing(ref, directory);
      return verified(ref, bytes, directory);
    },
  };
}

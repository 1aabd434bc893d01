import { constants, type Dirent } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rmdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Terminal } from '../../action.ts';
import type { Place, Workspace } from '../../workspace.ts';
import { chunksOf, openFile } from './_files.ts';
import { replaceFile } from './_replace.ts';

const { O_DIRECTORY, O_NOFOLLOW, O_RDONLY } = constants;

/** Runs `work` with a folder held open, which must be no link. */
async function inFolder(path: string, work: (held: string) => Promise<void>): Promise<void> {
  const folder = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  try {
    await work(process.platform === 'linux' ? `/proc/self/fd/${folder.fd}` : path);
  } finally {
    await folder.close();
  }
}

/** Removes a folder and all in it. Links are removed, never followed, also if they are put there meanwhile. */
export async function removeTree(path: string, signal: AbortSignal): Promise<void> {
  await inFolder(path, async (held) => {
    for (const entry of await readdir(held, { withFileTypes: true })) {
      signal.throwIfAborted();
      if (entry.isDirectory()) await removeTree(join(held, entry.name), signal);
      else await unlink(join(held, entry.name));
    }
  });
  await rmdir(path);
}

/** Throws where acting on a whole folder would reach the runner's data, or the workspace itself. */
export function checkWhole(workspace: Workspace, { real, path }: Place): void {
  if (real !== workspace.root && !workspace.holdsPrivate(real)) return;
  throw new Terminal('file.protected', `"${path}" holds the workspace itself or the runner's data.`, {
    fix: 'Name the folders in it one by one.',
  });
}

interface Copying {
  workspace: Workspace;
  key: string;
  signal: AbortSignal;
}

/** Copies one file, whole or not at all. Resolves to its bytes. */
async function copyFile(from: Place, to: Place, { key, signal }: Copying): Promise<number> {
  const source = await openFile(from);
  try {
    const { size, mode } = await source.stat();
    const fill = async (file: FileHandle): Promise<void> => {
      // On an open file writeFile goes on where the last one ended.
      for await (const chunk of chunksOf(source, signal)) await file.writeFile(chunk);
    };
    await replaceFile(to, key, fill, mode);
    return size;
  } finally {
    await source.close();
  }
}

const errorOfLink = (path: string): Terminal =>
  new Terminal('file.link', `"${path}" is a symbolic link; links are not copied.`, {
    fix: 'Copy what it points to.',
  });

async function copyEntry(
  entry: Dirent,
  source: string,
  destination: string,
  copying: Copying,
): Promise<number> {
  copying.signal.throwIfAborted();
  const from = `${source}/${entry.name}`;
  if (entry.isSymbolicLink()) throw errorOfLink(from);
  return copyTree(from, `${destination}/${entry.name}`, copying);
}

/** Copies a file, or a folder with all in it. Resolves to the bytes copied. */
export function copyTree(source: string, destination: string, copying: Copying): Promise<number> {
  const { workspace } = copying;
  return workspace.at(source, 'read', (from) =>
    workspace.at(
      destination,
      'write',
      async (to) => {
        if (!(await lstat(from.handle)).isDirectory()) return copyFile(from, to, copying);
        const entries = await readdir(from.handle, { withFileTypes: true });
        await mkdir(to.handle, { recursive: true });
        let bytes = 0;
        for (const entry of entries) bytes += await copyEntry(entry, from.path, to.path, copying);
        return bytes;
      },
      { createFolders: true },
    ),
  );
}

/** Throws where one place is inside the other: a folder cannot be copied or moved into itself. */
export function checkApart(source: Place, destination: Place): void {
  if (!destination.real.startsWith(`${source.real}/`) && destination.real !== source.real) return;
  throw new Terminal('file.same_place', `"${destination.path}" is "${source.path}" or inside it.`, {
    fix: 'Choose another destination.',
  });
}

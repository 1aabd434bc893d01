import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { type FileHandle, lstat, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path/posix';
import { z } from 'zod';
import { type Attempt, defineAction, Terminal } from '../../action.ts';
import type { Place } from '../../workspace.ts';
import { formatInput, formatOf } from './_archive.ts';
import { openFile, pathInput, pathOutput, syncFolder } from './_files.ts';
import { Meter } from './_limits.ts';
import { progressOf } from './_progress.ts';
import { temporaryPrefix } from './_replace.ts';
import { checkWhole, removeTree } from './_tree.ts';
import { badArchive, Unpacking } from './_unpack.ts';
import { untar } from './_untar.ts';
import { unzip } from './_unzip.ts';

const input = z.strictObject({
  path: pathInput('Archive to unpack: a zip, tar or tar.gz'),
  destination: pathInput('Folder to unpack it into'),
  format: formatInput.optional().describe('How it is packed; by the ending of its name unless given'),
  overwrite: z
    .boolean()
    .default(false)
    .describe('Replace the folder, with all that is in it, if it is there and not empty'),
  maxEntries: z.int().min(1).max(200_000).default(10_000).describe('Most files and folders it may hold'),
  maxBytes: z
    .int()
    .min(1)
    .max(100_000_000_000)
    .default(1_000_000_000)
    .describe('Most bytes its files may have together'),
  maxRatio: z
    .number()
    .min(1)
    .max(1100)
    .default(100)
    .describe('How many times larger than the archive its files may be together, beyond ten million bytes'),
});

const output = z.object({
  path: pathOutput.describe('The folder, relative to the workspace'),
  entries: z.number().describe('Files and folders unpacked'),
  bytes: z.number().describe('Bytes of the files'),
});

type Input = z.infer<typeof input>;

const NEVER = new AbortController().signal;

const isNumberedBy = (thrown: unknown, ...codes: string[]): boolean =>
  codes.includes(String((thrown as NodeJS.ErrnoException).code));

/** Removes what killed attempts of the same step left beside the destination. */
async function removeLeftFolders(place: Place, key: string, signal: AbortSignal): Promise<void> {
  for (const entry of await readdir(place.folder, { withFileTypes: true })) {
    if (!entry.name.startsWith(temporaryPrefix(key))) continue;
    const path = join(place.folder, entry.name);
    if (entry.isDirectory()) await removeTree(path, signal);
    else await rm(path, { force: true });
  }
}

/** Whether there is nothing in the way; throws where what is there may not be replaced. */
async function checkTarget(to: Place, mayReplace: boolean): Promise<void> {
  const found = await lstat(to.handle).catch((thrown) => {
    if (!isNumberedBy(thrown, 'ENOENT')) throw thrown;
  });
  if (!found) return;
  if (!found.isDirectory())
    throw new Terminal('file.not_a_folder', `"${to.path}" is there and is no folder.`, {
      fix: 'Choose another destination.',
    });
  if (mayReplace || (await readdir(to.handle)).length === 0) return;
  throw new Terminal('file.exists', `"${to.path}" exists already and is not empty.`, {
    fix: 'Set overwrite to replace the folder, or choose another destination.',
  });
}

/** Puts a whole folder where another one may be. */
async function putInPlace(unpacked: string, to: Place, aside: string): Promise<void> {
  try {
    await rename(unpacked, to.handle);
  } catch (thrown) {
    if (!isNumberedBy(thrown, 'ENOTEMPTY', 'EEXIST')) throw thrown;
    await rename(to.handle, aside);
    await rename(unpacked, to.handle);
    await removeTree(aside, NEVER);
  }
  await syncFolder(to.folder);
}

/** Errors of what reads archives, as errors of the archive: they have no codes, or those of zlib. */
function archiveError(thrown: unknown): unknown {
  // Not by class: errors of the system have one of their own under Jest.
  const { code, name, message } = thrown as NodeJS.ErrnoException;
  const isOfReader = code === undefined ? name === 'Error' : code.startsWith('Z_');
  return isOfReader ? badArchive(message, thrown) : thrown;
}

async function unpack(attempt: Attempt<Input>, folder: string, file: FileHandle): Promise<Meter> {
  const { input, workspace, signal, report } = attempt;
  const meter = new Meter(input, (await file.stat()).size);
  const unpacking = new Unpacking(folder, { workspace, meter, signal, progress: progressOf(report) });
  const format = input.format ?? formatOf(input.path);
  try {
    await (format === 'zip' ? unzip : untar)(file, unpacking);
  } catch (thrown) {
    signal.throwIfAborted();
    throw archiveError(thrown);
  }
  unpacking.checkAll();
  return meter;
}

async function extract(attempt: Attempt<Input>, to: Place): Promise<z.infer<typeof output>> {
  const { input, workspace, signal, idempotencyKey: key } = attempt;
  // On a retry, what is there may be what an attempt that was cut off had put there.
  await checkTarget(to, input.overwrite || attempt.attempt > 1);
  const file = await workspace.at(input.path, 'read', openFile);
  const name = temporaryPrefix(key) + randomUUID().slice(0, 8);
  try {
    if (attempt.attempt > 1) await removeLeftFolders(to, key, signal);
    mkdirSync(join(to.folder, name));
    const meter = await unpack(attempt, join(dirname(to.path), name), file);
    signal.throwIfAborted();
    await putInPlace(join(to.folder, name), to, join(to.folder, `${name}-old`));
    return { path: to.path, entries: meter.entries, bytes: meter.bytes };
  } catch (thrown) {
    // Also when called off: what is half unpacked goes.
    await removeTree(join(to.folder, name), NEVER).catch((left) => {
      if (!isNumberedBy(left, 'ENOENT')) throw left;
    });
    throw thrown;
  } finally {
    await file.close();
  }
}

/** A zip with one file, hello.txt, that can be written as text. */
const SMALL_ZIP =
  'PK\x03\x04\x0a\x00\x00\x00\x00\x00\x00\x00!P/\x1bG\x14\x08\x00\x00\x00\x08\x00\x00\x00\x09\x00\x00\x00hello.txtGood day' +
  'PK\x01\x02\x0a\x00\x0a\x00\x00\x00\x00\x00\x00\x00!P/\x1bG\x14\x08\x00\x00\x00\x08\x00\x00\x00\x09\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00hello.txt' +
  'PK\x05\x06\x00\x00\x00\x00\x01\x00\x01\x007\x00\x00\x00/\x00\x00\x00\x00\x00';

export default defineAction({
  type: 'file.extract',
  title: 'Unpack an archive',
  description:
    'Unpacks a zip, tar or tar.gz into a folder, all of it or nothing. Archives that reach out of the folder, hold links or devices, or unpack to far more than they are get refused.',
  icon: 'archive-restore',
  input,
  output,
  effect: 'write',
  idempotent: true,
  defaults: { timeout: 1_800_000 },
  examples: [
    {
      title: 'Unpack a download',
      input: { path: 'hello.zip', destination: 'hello' },
      files: { 'hello.zip': SMALL_ZIP },
      output: { path: 'hello', entries: 1, bytes: 8 },
    },
  ],
  dryRun: ({ path, destination }) => `Unpack ${path} into ${destination}.`,
  async run(attempt) {
    attempt.signal.throwIfAborted();
    return attempt.workspace.at(
      attempt.input.destination,
      'write',
      (to) => {
        checkWhole(attempt.workspace, to);
        return extract(attempt, to);
      },
      { createFolders: true },
    );
  },
});

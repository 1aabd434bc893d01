import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Terminal } from '../action.ts';
import type { Pin } from './list.ts';

/** What a hash may cover: files, and bytes of all of them. */
const MOST_FILES = 10_000;
const MOST_BYTES = 200 * 1024 * 1024;

const uncoverable = (message: string, fix: string): Terminal =>
  new Terminal('plugin.bad_path', message, { fix });

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const odd = entries.find((entry) => !entry.isFile() && !entry.isDirectory());
  if (odd)
    throw uncoverable(
      `${join(odd.parentPath, odd.name)} is a link or a device, which a hash cannot cover.`,
      'Put a copy of what it leads to in its place, or let folder name a smaller folder.',
    );
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  if (files.length > MOST_FILES)
    throw uncoverable(
      `${folder} holds ${files.length} files; a hash covers at most ${MOST_FILES}.`,
      'Bundle the plugin into one file, or let folder name a smaller folder.',
    );
  return files.map((file) => relative(folder, file).split(sep).join('/')).sort();
}

async function folderHash(folder: string): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const file of await filesIn(folder)) {
    const path = join(folder, file);
    bytes += (await lstat(path)).size;
    if (bytes > MOST_BYTES)
      throw uncoverable(
        `${folder} holds more than ${MOST_BYTES} bytes.`,
        'Let folder name a smaller folder.',
      );
    hash.update(`${await fileHash(path)}  ${file}\n`);
  }
  return hash.digest('hex');
}

/**
 * The SHA-256 of a file; of a folder, that of the list `<hash of the file>  <its path>` of all files in it, sorted by
 * path: what `sha256sum` prints for them.
 * @throws Terminal `plugin.bad_path`
 */
export async function fingerprint(path: string): Promise<string> {
  const stat = await lstat(path).catch((thrown: NodeJS.ErrnoException) => {
    throw uncoverable(
      `${path} cannot be read: ${thrown.code ?? thrown.message}.`,
      'Correct the path in plugins.yaml.',
    );
  });
  if (stat.isFile()) return fileHash(path);
  if (stat.isDirectory()) return folderHash(path);
  throw uncoverable(
    `${path} is neither a file nor a folder.`,
    'Let the path name the file itself, not a link to it.',
  );
}

/**
 * Throws unless a plugin's files are those that were accepted.
 * @throws Terminal `plugin.not_pinned`, `plugin.changed`, `plugin.bad_path`
 */
export async function checkPin(id: string, { path, covers, sha256 }: Pin): Promise<void> {
  if (path !== covers && !path.startsWith(covers + sep))
    throw uncoverable(`${path} is not in ${covers}.`, 'Let folder name a folder around path.');
  const actual = await fingerprint(covers);
  if (actual === sha256) return;
  const details = { pluginId: id, path: covers, sha256: actual };
  const fix = `If you trust what is there now, write sha256: ${actual} into the entry "${id}" of plugins.yaml.`;
  if (sha256 === undefined)
    throw new Terminal(
      'plugin.not_pinned',
      `The plugin "${id}" has no sha256 in plugins.yaml, so it is not loaded.`,
      {
        fix,
        details,
      },
    );
  throw new Terminal(
    'plugin.changed',
    `The plugin "${id}" is not loaded: ${covers} has changed since it was accepted; its SHA-256 is now ${actual}.`,
    { fix, details },
  );
}

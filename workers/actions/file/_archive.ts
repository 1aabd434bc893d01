import { extname } from 'node:path';
import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Header, Pax } from 'tar';
import { ZipFile } from 'yazl';
import { z } from 'zod';
import { Terminal } from '../../action.ts';
import type { Workspace } from '../../workspace.ts';
import { chunksOf, openFile } from './_files.ts';
import type { Entry } from './_walk.ts';

/** How an archive is packed. */
export const formatInput = z.enum(['zip', 'tar', 'tar.gz']);

export type Format = z.infer<typeof formatInput>;

const BLOCK = 512;

/** The format that the name of an archive says. Throws `file.unknown_format` where it says none. */
export function formatOf(path: string): Format {
  const name = path.toLowerCase();
  if (name.endsWith('.tar.gz') || name.endsWith('.tgz')) return 'tar.gz';
  if (name.endsWith('.tar')) return 'tar';
  if (name.endsWith('.zip')) return 'zip';
  throw new Terminal('file.unknown_format', `The name "${path}" does not say how the archive is packed.`, {
    fix: `Set format to zip, tar or tar.gz${extname(path) === '' ? ', or give the name such an ending' : ''}.`,
  });
}

/** Something to put into an archive, and its name there. */
export interface Member {
  entry: Entry;
  name: string;
}

export interface Packing {
  workspace: Workspace;
  signal: AbortSignal;
  /** Told of the bytes read. */
  count(bytes: number): void;
}

/** The bytes of a file; exactly as many as it had when it was listed, or an error. */
async function* contentOf({ entry }: Member, { workspace, signal, count }: Packing): AsyncGenerator<Buffer> {
  const { size } = entry.stats;
  if (size === 0) return;
  const file = await workspace.at(entry.path, 'read', openFile);
  try {
    let read = 0;
    for await (const chunk of chunksOf(file, signal, size)) {
      read += chunk.length;
      count(chunk.length);
      yield chunk;
    }
    if (read < size)
      throw new Terminal('file.changed', `"${entry.path}" became shorter while it was read.`, {
        fix: 'Archive the folder when nothing writes to it.',
      });
  } finally {
    await file.close();
  }
}

/** Permissions that mean something elsewhere: not those of owners that are not known there. */
const modeOf = ({ stats }: Entry): number => (stats.mode & 0o111 ? 0o755 : 0o644);

function* headersOf({ entry, name }: Member): Generator<Buffer> {
  const isFolder = entry.type === 'folder';
  const data = {
    path: isFolder ? `${name}/` : name,
    mode: isFolder ? 0o755 : modeOf(entry),
    size: isFolder ? 0 : entry.stats.size,
    mtime: new Date(Math.floor(entry.stats.mtimeMs / 1000) * 1000),
    type: isFolder ? ('Directory' as const) : ('File' as const),
  };
  const block = Buffer.alloc(BLOCK);
  const header = new Header(data);
  if (header.encode(block)) yield new Pax({ path: data.path, size: data.size, mtime: data.mtime }).encode();
  yield block;
}

async function* tarOf(members: readonly Member[], packing: Packing): AsyncGenerator<Buffer> {
  for (const member of members) {
    packing.signal.throwIfAborted();
    yield* headersOf(member);
    if (member.entry.type === 'folder') continue;
    yield* contentOf(member, packing);
    const rest = member.entry.stats.size % BLOCK;
    if (rest > 0) yield Buffer.alloc(BLOCK - rest);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** The streams a zip is made through. Whatever fails in one ends the last. */
function zipOf(members: readonly Member[], packing: Packing): NodeJS.ReadableStream[] {
  const zip = new ZipFile();
  const out = zip.outputStream as Readable;
  const fail = (thrown: Error): void => void out.destroy(thrown);
  zip.on('error', fail);
  // Of a zip that is given up, nobody asks for the rest of the member under way, and its file would stay open.
  let current: Readable | undefined;
  out.once('close', () => current?.destroy());
  for (const member of members) {
    const { mtime } = member.entry.stats;
    if (member.entry.type === 'folder') {
      zip.addEmptyDirectory(member.name, { mtime, mode: 0o40755 });
      continue;
    }
    const options = { mtime, mode: 0o100000 | modeOf(member.entry) };
    zip.addReadStreamLazy(member.name, options, (give) => {
      const content = Readable.from(contentOf(member, packing), { objectMode: false });
      content.once('error', fail);
      current = content;
      give(null, content);
    });
  }
  zip.end();
  return [out];
}

/** The streams, to be piped one into the next, that give the bytes of an archive of these members in this order. */
export function archiveStreams(
  format: Format,
  members: readonly Member[],
  packing: Packing,
): (NodeJS.ReadableStream | NodeJS.ReadWriteStream)[] {
  if (format === 'zip') return zipOf(members, packing);
  const tar = Readable.from(tarOf(members, packing), { objectMode: false });
  return format === 'tar' ? [tar] : [tar, createGzip()];
}

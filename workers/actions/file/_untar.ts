import type { FileHandle } from 'node:fs/promises';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Parser, type ReadEntry } from 'tar';
import { badArchive, type Unpacking } from './_unpack.ts';

const TYPES: Record<string, string> = {
  File: 'file',
  OldFile: 'file',
  ContiguousFile: 'file',
  Directory: 'folder',
  Link: 'hard link',
  SymbolicLink: 'symbolic link',
};

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Counts what comes out of the decompression: also what is no file's content takes time and memory. */
function guard({ meter }: Unpacking): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        if (seen === 0 && isGzip(chunk)) throw badArchive('it is packed twice');
        seen += chunk.length;
        meter.checkBytes(seen);
        done(null, chunk);
      } catch (thrown) {
        done(thrown as Error);
      }
    },
  });
}

/** A stream into the parser, which hands over one member at a time, and what undoing must wait for. */
function parserSink(unpacking: Unpacking): { sink: Writable; stop(thrown: unknown): Promise<void> } {
  const parser = new Parser({ strict: true, zstd: false, brotli: false });
  let work = Promise.resolve();
  let current: ReadEntry | undefined;
  let isStopped = false;
  const sink = new Writable({
    write(chunk, _encoding, done) {
      if (parser.write(chunk)) done();
      else parser.once('drain', () => done());
    },
    final(done) {
      parser.once('end', () => void work.then(() => done()));
      parser.end();
    },
  });
  const fail = (thrown: Error): void => void sink.destroy(thrown);
  const add = async (entry: ReadEntry): Promise<void> => {
    if (isStopped) return;
    current = entry;
    // Whoever reads the entry learns of its end; without a listener of its own the process would.
    entry.on('error', () => undefined);
    await unpacking.add({
      name: entry.path,
      type: TYPES[entry.type] ?? entry.type,
      isExecutable: ((entry.mode ?? 0) & 0o111) !== 0,
      content: async () => entry as AsyncIterable<Buffer>,
    });
    // A folder may have content too, which nobody wants.
    entry.resume();
  };
  parser.on('error', (thrown: Error) => fail(badArchive(thrown.message, thrown)));
  parser.on('ignoredEntry', ({ path, type }: ReadEntry) => fail(badArchive(`"${path}" is a ${type}`)));
  parser.on('entry', (entry: ReadEntry) => {
    work = work.then(() => add(entry));
    work.catch(fail);
  });
  const stop = async (thrown: unknown): Promise<void> => {
    isStopped = true;
    current?.destroy(thrown);
    await work.catch(() => undefined);
  };
  return { sink, stop };
}

/** Unpacks a tar, compressed with gzip or not. */
export async function untar(file: FileHandle, unpacking: Unpacking): Promise<void> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
  const source = file.createReadStream({ autoClose: false, start: 0 });
  const gunzip = bytesRead === 2 && isGzip(buffer) ? [createGunzip()] : [];
  const { signal } = unpacking;
  const { sink, stop } = parserSink(unpacking);
  try {
    await pipeline([source, ...gunzip, guard(unpacking), sink], { signal });
  } catch (thrown) {
    // A member that is still being written would come back after all was removed.
    await stop(thrown);
    throw thrown;
  }
}

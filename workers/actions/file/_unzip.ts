import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Entry, fromFdPromise, type ZipFile } from 'yauzl';
import { messageOf } from '#shared/errors.ts';
import { unsafe } from './_names.ts';
import { badArchive, typeFromMode, type Unpacking } from './_unpack.ts';

const UNIX = 3;

/** How the library begins its errors about names that lead out of the folder. */
const REFUSED_NAME = /^(absolute path|invalid relative path|invalid characters in fileName)/;

function typeOf({ fileName, versionMadeBy, externalFileAttributes }: Entry): string {
  const kind = versionMadeBy >>> 8 === UNIX ? typeFromMode(externalFileAttributes >>> 16) : undefined;
  if (kind !== undefined && kind !== 'file' && kind !== 'folder') return kind;
  return fileName.endsWith('/') ? 'folder' : 'file';
}

/** The content of a member, which must be what its checksum says: the library leaves that to its users. */
async function* checked(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  let sum = 0;
  for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
    sum = crc32(chunk, sum);
    yield chunk;
  }
  if (sum !== entry.crc32) throw badArchive(`"${entry.fileName}" is not what its checksum says`);
}

async function unpackEntry(zip: ZipFile, entry: Entry, unpacking: Unpacking): Promise<void> {
  const isExecutable =
    entry.versionMadeBy >>> 8 === UNIX && ((entry.externalFileAttributes >>> 16) & 0o111) !== 0;
  if (!entry.canDecodeFileData())
    throw badArchive(`"${entry.fileName}" is encrypted or packed in a rare way`);
  await unpacking.add({
    name: entry.fileName,
    type: typeOf(entry),
    isExecutable,
    content: async () => checked(zip, entry),
  });
}

/** Unpacks a zip, member by member. */
export async function unzip(file: FileHandle, unpacking: Unpacking): Promise<void> {
  // The descriptor is closed by who opened it.
  const zip = await fromFdPromise(file.fd, { autoClose: false, strictFileNames: true });
  unpacking.meter.checkEntries(zip.entryCount);
  try {
    for await (const entry of zip.eachEntry()) await unpackEntry(zip, entry, unpacking);
  } catch (thrown) {
    const message = messageOf(thrown);
    throw REFUSED_NAME.test(message) ? unsafe(`The archive holds an unsafe name: ${message}.`) : thrown;
  }
}

// Archives for tests, also such as no library would make.
import { crc32, deflateRawSync } from 'node:zlib';
import { Header, type HeaderData } from 'tar';

export interface Packed {
  name: string;
  content?: string | Buffer;
  mode?: number;
}

/** The header of a member: the same in front of its content and, with more, in the list at the end. */
function zipHeader(signature: number, extra: number, name: Buffer, content: Buffer, packed: Buffer): Buffer {
  const at = extra;
  const header = Buffer.alloc(30 + at + (at > 0 ? 14 : 0));
  header.writeUInt32LE(signature, 0);
  if (at > 0) header.writeUInt16LE((3 << 8) | 20, 4);
  header.writeUInt16LE(20, 4 + at);
  header.writeUInt16LE(0x0800, 6 + at);
  header.writeUInt16LE(8, 8 + at);
  header.writeUInt16LE(0x5021, 12 + at);
  header.writeUInt32LE(crc32(content), 14 + at);
  header.writeUInt32LE(packed.length, 18 + at);
  header.writeUInt32LE(content.length, 22 + at);
  header.writeUInt16LE(name.length, 26 + at);
  return header;
}

/** A zip with any names and modes: a library would refuse to make those that this is about. */
export function zipOf(members: Packed[]): Buffer {
  const locals: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  for (const { name: given, content: text = '', mode = 0o100644 } of members) {
    const [name, content] = [Buffer.from(given), Buffer.from(text)];
    const packed = deflateRawSync(content, { level: 1 });
    const local = Buffer.concat([zipHeader(0x04034b50, 0, name, content, packed), name, packed]);
    const central = zipHeader(0x02014b50, 2, name, content, packed);
    central.writeUInt32LE((mode << 16) >>> 0, 38);
    central.writeUInt32LE(offset, 42);
    locals.push(local);
    list.push(Buffer.concat([central, name]));
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(Buffer.concat(list).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...list, end]);
}

export const tarOf = (members: (HeaderData & { content?: string | Buffer })[]): Buffer =>
  Buffer.concat([
    ...members.flatMap(({ content = '', ...data }) => {
      const block = Buffer.alloc(512);
      const bytes = Buffer.from(content);
      new Header({ mode: 0o644, type: 'File', size: bytes.length, mtime: new Date(0), ...data }).encode(
        block,
      );
      return [block, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
    }),
    Buffer.alloc(1024),
  ]);

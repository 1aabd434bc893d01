import { Terminal } from '../../action.ts';
import type { Part } from '../../ai/provider.ts';
import type { Workspace } from '../../workspace.ts';
import { openFile } from '../file/_files.ts';

/** Bytes of all attachments together; providers refuse more. */
const MOST = 20_000_000;

const IMAGE_STARTS: [mediaType: string, start: RegExp][] = [
  ['image/png', /^\x89PNG\r\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF.{4}WEBP/s],
];

async function bytesOf(workspace: Workspace, path: string, left: number): Promise<Buffer> {
  return workspace.at(path, 'read', async (place) => {
    const file = await openFile(place);
    try {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of file.createReadStream({ autoClose: false, end: left })) {
        chunks.push(chunk as Buffer);
        size += (chunk as Buffer).length;
      }
      if (size <= left) return Buffer.concat(chunks);
      throw new Terminal('ai.attachments_too_large', `The images and files are larger than ${MOST} bytes.`, {
        fix: 'Attach fewer or smaller ones.',
        details: { path, limit: MOST },
      });
    } finally {
      await file.close();
    }
  });
}

const typeOf = (bytes: Buffer): string | undefined => {
  const start = bytes.toString('latin1', 0, 16);
  return IMAGE_STARTS.find(([, pattern]) => pattern.test(start))?.[0];
};

const unfit = (path: string, what: string, fix: string): Terminal =>
  new Terminal('ai.bad_attachment', `"${path}" is ${what}.`, { fix, details: { path } });

function imagePart(path: string, bytes: Buffer): Part {
  const mediaType = typeOf(bytes);
  if (mediaType) return { type: 'image', mediaType, data: bytes.toString('base64') };
  throw unfit(path, 'not a PNG, JPEG, GIF or WebP image', 'Attach it under files, or convert it.');
}

function filePart(path: string, bytes: Buffer): Part {
  if (bytes.subarray(0, 5).toString('latin1') === '%PDF-')
    return { type: 'file', name: path, mediaType: 'application/pdf', data: bytes.toString('base64') };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return {
      type: 'text',
      text: `<file name=${JSON.stringify(path)}>\n${text.replaceAll('</file>', '<\\/file>')}\n</file>`,
    };
  } catch (thrown) {
    throw new Terminal('ai.bad_attachment', `"${path}" is neither a PDF nor UTF-8 text.`, {
      fix: 'Attach an image under images; turn other files into text first.',
      details: { path },
      cause: thrown,
    });
  }
}

/**
 * Reads images and files of the workspace as parts of a message.
 * @throws Terminal `ai.bad_attachment`, `ai.attachments_too_large`, `file.*`
 */
export async function attachments(workspace: Workspace, images: string[], files: string[]): Promise<Part[]> {
  const parts: Part[] = [];
  let left = MOST;
  for (const [paths, partOf] of [
    [images, imagePart],
    [files, filePart],
  ] as const) {
    for (const path of paths) {
      const bytes = await bytesOf(workspace, path, left);
      left -= bytes.length;
      parts.push(partOf(path, bytes));
    }
  }
  return parts;
}

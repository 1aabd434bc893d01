import { basename } from 'node:path';
import { Terminal } from '../../action.ts';
import type { Workspace } from '../../workspace.ts';
import { openFile } from '../file/_files.ts';

/** Most that all attachments of a message may be together, in bytes. */
const LARGEST = 20_000_000;

export interface Attachment {
  filename: string;
  content: Buffer;
}

/**
 * Reads files of the workspace to be attached.
 * @throws Terminal `notify.too_large`, `file.*`
 */
export async function readAttachments(
  workspace: Workspace,
  files: readonly { path: string; filename?: string | undefined }[],
): Promise<Attachment[]> {
  const attachments: Attachment[] = [];
  let left = LARGEST;
  for (const { path, filename } of files) {
    const content = await workspace.at(path, 'read', async (place) => {
      const file = await openFile(place);
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of file.createReadStream({ autoClose: false, end: left }))
          chunks.push(chunk as Buffer);
        return Buffer.concat(chunks);
      } finally {
        await file.close();
      }
    });
    left -= content.length;
    if (left < 0)
      throw new Terminal('notify.too_large', `The attachments are larger than ${LARGEST} bytes.`, {
        fix: 'Attach less, or send a link.',
      });
    attachments.push({ filename: filename ?? basename(path), content });
  }
  return attachments;
}

import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { chunksOf, encodingInput, openFile, pathInput, pathOutput } from './_files.ts';

const input = z.strictObject({
  path: pathInput('File to read'),
  encoding: encodingInput
    .default('utf8')
    .describe('How the content is given: utf8 for text, base64 or hex for any bytes'),
  maxBytes: z
    .int()
    .min(1)
    .max(100_000_000)
    .default(10_000_000)
    .describe('Largest file that is read, in bytes; a larger one is an error'),
});

const output = z.object({
  content: z.string().describe('What is in the file'),
  path: pathOutput,
  size: z.number().describe('Bytes of the file'),
  modified: z.string().describe('When it was last changed, as an ISO 8601 time'),
  encoding: encodingInput.describe('How the content is given'),
});

/** Reads up to a limit rather than by the size: a file may grow, and those of the system say they are empty. */
async function readUpTo(file: FileHandle, limit: number, path: string, signal: AbortSignal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(file, signal, limit + 1)) {
    chunks.push(chunk);
    size += chunk.length;
  }
  if (size <= limit) return Buffer.concat(chunks);
  throw new Terminal('file.too_large', `"${path}" is larger than ${limit} bytes.`, {
    fix: 'Raise maxBytes, or read a smaller file.',
  });
}

function textOf(bytes: Buffer, encoding: z.infer<typeof encodingInput>, path: string): string {
  if (encoding !== 'utf8') return bytes.toString(encoding);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (thrown) {
    throw new Terminal('file.not_text', `"${path}" is not UTF-8 text.`, {
      fix: 'Read it with encoding: base64, or latin1 where it is text of that kind.',
      cause: thrown,
    });
  }
}

export default defineAction({
  type: 'file.read',
  title: 'Read a file',
  description: 'Reads a file of the workspace.',
  icon: 'file-text',
  input,
  output,
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Read a text',
      input: { path: 'notes/today.md' },
      files: { 'notes/today.md': 'Buy milk' },
      output: { content: 'Buy milk', path: 'notes/today.md', size: 8, encoding: 'utf8' },
    },
    {
      title: 'Read bytes as base64',
      input: { path: 'a.bin', encoding: 'base64' },
      files: { 'a.bin': 'hello' },
      output: { content: 'aGVsbG8=' },
    },
  ],
  dryRun: ({ path }) => `Read ${path}.`,
  run: ({ input: { path, encoding, maxBytes }, workspace, signal }) =>
    workspace.at(path, 'read', async (place) => {
      const file = await openFile(place);
      try {
        const { mtime } = await file.stat();
        const bytes = await readUpTo(file, maxBytes, place.path, signal);
        const content = textOf(bytes, encoding, place.path);
        return { content, path: place.path, size: bytes.length, modified: mtime.toISOString(), encoding };
      } finally {
        await file.close();
      }
    }),
});

import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { chunksOf, openFile, pathInput, pathOutput } from './_files.ts';
import { progressOf } from './_progress.ts';

const algorithm = z.enum(['sha256', 'sha512', 'sha1', 'md5']);

const input = z.strictObject({
  path: pathInput('File to hash'),
  algorithm: algorithm.default('sha256').describe('How; sha1 and md5 only to compare with what others give'),
});

const output = z.object({
  path: pathOutput,
  hash: z.string().describe('The hash, in hexadecimal digits'),
  algorithm: algorithm.describe('How it was made'),
  size: z.number().describe('Bytes of the file'),
});

export default defineAction({
  type: 'file.hash',
  title: 'Hash a file',
  description: 'Computes the hash of a file of any size, to see whether it changed or arrived whole.',
  icon: 'fingerprint',
  input,
  output,
  effect: 'read',
  idempotent: true,
  defaults: { timeout: 600_000 },
  examples: [
    {
      title: 'Hash a download',
      input: { path: 'a.txt' },
      files: { 'a.txt': 'hello' },
      output: {
        hash: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
        algorithm: 'sha256',
        size: 5,
      },
    },
  ],
  dryRun: ({ path, algorithm }) => `Hash ${path} with ${algorithm}.`,
  run: ({ input: { path, algorithm }, workspace, signal, report }) =>
    workspace.at(path, 'read', async (place) => {
      const file = await openFile(place);
      try {
        const { size: total } = await file.stat();
        const progress = progressOf(report);
        const hash = createHash(algorithm);
        let size = 0;
        for await (const chunk of chunksOf(file, signal)) {
          hash.update(chunk);
          size += chunk.length;
          progress({ bytes: size, total });
        }
        return { path: place.path, hash: hash.digest('hex'), algorithm, size };
      } finally {
        await file.close();
      }
    }),
});

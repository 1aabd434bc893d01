import { existsSync, lstatSync } from 'node:fs';
import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { pathInput, pathOutput } from './_files.ts';
import { removeLeftovers } from './_replace.ts';
import { checkApart, checkWhole, copyTree } from './_tree.ts';

const input = z.strictObject({
  source: pathInput('File or folder to copy'),
  destination: pathInput('Path of the copy'),
  overwrite: z.boolean().default(false).describe('Replace files that are there already'),
});

const output = z.object({
  source: pathOutput,
  destination: pathOutput,
  bytes: z.number().describe('Bytes copied'),
});

export default defineAction({
  type: 'file.copy',
  title: 'Copy a file',
  description: 'Copies a file, or a folder with all that is in it. Every file is copied whole or not at all.',
  icon: 'copy',
  input,
  output,
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Keep a copy of a file',
      input: { source: 'a.txt', destination: 'backup/a.txt' },
      files: { 'a.txt': 'hello' },
      output: { source: 'a.txt', destination: 'backup/a.txt', bytes: 5 },
    },
  ],
  dryRun: ({ source, destination }) => `Copy ${source} to ${destination}.`,
  async run({ input: { source, destination, overwrite }, workspace, signal, attempt, idempotencyKey: key }) {
    signal.throwIfAborted();
    return workspace.at(source, 'read', (from) =>
      workspace.at(
        destination,
        'write',
        async (to) => {
          checkApart(from, to);
          if (lstatSync(from.handle).isDirectory()) checkWhole(workspace, from);
          // The copy that is there may be that of an attempt that was cut off.
          if (!overwrite && attempt === 1 && existsSync(to.handle))
            throw new Terminal('file.exists', `"${to.path}" exists already.`, {
              fix: 'Set overwrite, or choose another destination.',
            });
          if (attempt > 1) await removeLeftovers(to, key);
          const bytes = await copyTree(from.path, to.path, { workspace, key, signal });
          return { source: from.path, destination: to.path, bytes };
        },
        { createFolders: true },
      ),
    );
  },
});

import { lstat } from 'node:fs/promises';
import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { pathInput, pathOutput } from './_files.ts';
import { typeOf } from './_walk.ts';

const input = z.strictObject({
  path: pathInput('File or folder to look at'),
  followLinks: z.boolean().default(true).describe('Look at what a symbolic link points to, not at the link'),
});

const output = z.object({
  path: pathOutput,
  exists: z.boolean().describe('Whether it is there; all that follows is null if not'),
  type: z.enum(['file', 'folder', 'link', 'other']).nullable().describe('What it is'),
  size: z.number().nullable().describe('Bytes; 0 for a folder'),
  modified: z.string().nullable().describe('When it was last changed, as an ISO 8601 time'),
  created: z.string().nullable().describe('When it was made, as an ISO 8601 time'),
  mode: z.string().nullable().describe('Its permissions in octal digits, such as 644'),
});

const NOWHERE = { exists: false, type: null, size: null, modified: null, created: null, mode: null };

/** The path itself or a folder on the way to it is not there. */
const isMissing = (thrown: unknown): boolean =>
  ['ENOENT', 'ENOTDIR'].includes(String((thrown as NodeJS.ErrnoException).code));

export default defineAction({
  type: 'file.stat',
  title: 'Look at a file',
  description: 'Says whether a file or folder is there, and its type, size, times and permissions.',
  icon: 'file-search',
  input,
  output,
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Look at a file',
      input: { path: 'report.pdf' },
      files: { 'report.pdf': 'hello' },
      output: { path: 'report.pdf', exists: true, type: 'file', size: 5 },
    },
    {
      title: 'See that a file is missing',
      input: { path: 'done.flag' },
      output: { exists: false, size: null },
    },
  ],
  dryRun: ({ path }) => `Look at ${path}.`,
  async run({ input: { path, followLinks }, workspace, signal }) {
    signal.throwIfAborted();
    try {
      return await workspace.at(
        path,
        'read',
        async (place) => {
          const stats = await lstat(place.handle);
          const type = typeOf(stats);
          return {
            path: place.path,
            exists: true,
            type,
            size: type === 'file' ? stats.size : 0,
            modified: stats.mtime.toISOString(),
            created: stats.birthtime.toISOString(),
            mode: (stats.mode & 0o7777).toString(8).padStart(3, '0'),
          };
        },
        { follow: followLinks },
      );
    } catch (thrown) {
      if (!isMissing(thrown)) throw thrown;
      return { path, ...NOWHERE };
    }
  },
});

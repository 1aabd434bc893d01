import { statSync } from 'node:fs';
import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { pathInput } from './_files.ts';
import { MOST_ENTRIES, matcherOf, patternInput, type Search, walk } from './_walk.ts';

const input = z.strictObject({
  path: pathInput('Folder to list').default('.'),
  pattern: patternInput(
    'Glob that the path below the folder must match: *.ts, **/*.{js,ts}. With a / or ** it implies recursive',
  ),
  recursive: z.boolean().default(false).describe('List the folders in the folder too'),
  limit: z.int().min(1).max(10_000).default(1000).describe('Most entries to give'),
  includeHidden: z.boolean().default(false).describe('Include names that begin with a dot'),
});

const file = z.object({
  path: z.string().describe('Path relative to the workspace'),
  name: z.string().describe('Last part of the path'),
  size: z.number().describe('Bytes; 0 for a folder'),
  modified: z.string().describe('When it was last changed, as an ISO 8601 time'),
  type: z.enum(['file', 'folder', 'link', 'other']).describe('What it is'),
});

const output = z.object({
  files: z.array(file).describe('What was found, by path'),
  count: z.number().describe('How many there are in the list'),
  truncated: z.boolean().describe('Whether there were more than the limit'),
});

export default defineAction({
  type: 'file.list',
  title: 'List files',
  description: 'Lists the files and folders in a folder, with a pattern if wanted.',
  icon: 'folder-search',
  input,
  output,
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Find sources',
      input: { path: 'src', pattern: '**/*.ts' },
      files: { 'src/a.ts': 'a', 'src/deep/b.ts': 'bb', 'src/c.md': 'c' },
      output: {
        files: [
          { path: 'src/a.ts', size: 1, type: 'file' },
          { path: 'src/deep/b.ts', name: 'b.ts' },
        ],
        count: 2,
        truncated: false,
      },
    },
  ],
  dryRun: ({ path, pattern }) => `List ${path}${pattern === undefined ? '' : ` by ${pattern}`}.`,
  async run({ input: { path, pattern, recursive, limit, includeHidden }, workspace, signal }) {
    const real = workspace.resolve(path, 'read');
    if (!statSync(real).isDirectory())
      throw new Terminal('file.not_a_folder', `"${path}" is a file, not a folder.`, {
        fix: 'Name a folder.',
      });
    const folder = workspace.relative(real);
    const matches = matcherOf(pattern, includeHidden);
    const below = (found: string): string => (folder === '.' ? found : found.slice(folder.length + 1));
    const isDeep = recursive || pattern?.includes('/') === true || pattern?.includes('**') === true;
    const search: Search = { workspace, signal, recursive: isDeep, includeHidden };
    const files: z.infer<typeof file>[] = [];
    let visited = 0;
    for await (const { path: found, name, type, stats } of walk(folder, search)) {
      visited += 1;
      if (visited > MOST_ENTRIES) return { files, count: files.length, truncated: true };
      if (!matches(below(found))) continue;
      if (files.length === limit) return { files, count: files.length, truncated: true };
      const size = type === 'file' ? stats.size : 0;
      files.push({ path: found, name, size, modified: stats.mtime.toISOString(), type });
    }
    return { files, count: files.length, truncated: false };
  },
});

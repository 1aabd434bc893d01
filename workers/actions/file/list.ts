import { type Dirent, type Stats, statSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { Minimatch } from 'minimatch';
import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import type { Workspace } from '../../workspace.ts';
import { pathInput } from './_files.ts';

/** Each * of a name multiplies the time a mismatch takes, so that a hostile pattern would never end. */
const MOST_STARS = 4;

const PATTERN_LENGTH = 500;

/** Entries looked at before the search is given up. */
const MOST_ENTRIES = 200_000;

const input = z.strictObject({
  path: pathInput('Folder to list').default('.'),
  pattern: z
    .string()
    .max(PATTERN_LENGTH)
    .optional()
    .describe(
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

type Entry = z.infer<typeof file>;

const output = z.object({
  files: z.array(file).describe('What was found, by path'),
  count: z.number().describe('How many there are in the list'),
  truncated: z.boolean().describe('Whether there were more than the limit'),
});

function typeOf(entry: Dirent | Stats): Entry['type'] {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  return entry.isFile() ? 'file' : 'other';
}

function matcherOf(pattern: string | undefined, includeHidden: boolean): (path: string) => boolean {
  if (pattern === undefined) return () => true;
  const matcher = new Minimatch(pattern, {
    dot: includeHidden,
    nonegate: true,
    nocomment: true,
    noext: true,
    braceExpandMax: 100,
    maxGlobstarRecursion: 5,
    windowsPathsNoEscape: false,
  });
  const stars = pattern
    .split('/')
    .filter((part) => part !== '**')
    .map((part) => part.split('*').length - 1);
  if (Math.max(0, ...stars) > MOST_STARS)
    throw new Terminal('file.bad_pattern', `The pattern has more than ${MOST_STARS} * between two /.`, {
      fix: 'Simplify it.',
    });
  return (path) => matcher.match(path);
}

interface Search {
  workspace: Workspace;
  signal: AbortSignal;
  recursive: boolean;
  includeHidden: boolean;
  visited: number;
}

/** Everything in a folder, in order of path, read as it is asked for. Links are listed, not followed. */
async function* walk(folder: string, search: Search): AsyncGenerator<Entry> {
  const { workspace, includeHidden } = search;
  const found = await workspace.at(folder, 'read', async ({ handle, real }) => {
    const entries = await readdir(handle, { withFileTypes: true });
    const shown = entries.filter(
      ({ name }) => (includeHidden || !name.startsWith('.')) && !workspace.isPrivate(`${real}/${name}`),
    );
    return Promise.all(
      shown.map(async (entry) => {
        const stats = await lstat(`${handle}/${entry.name}`).catch(() => undefined);
        return stats && { name: entry.name, stats };
      }),
    );
  });
  const present = found.filter((entry) => entry !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, stats } of present) {
    search.signal.throwIfAborted();
    search.visited += 1;
    const path = folder === '.' ? name : `${folder}/${name}`;
    const type = typeOf(stats);
    yield { path, name, size: type === 'file' ? stats.size : 0, modified: stats.mtime.toISOString(), type };
    if (type === 'folder' && search.recursive) yield* walk(path, search);
  }
}

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
    const below = (entry: Entry): string =>
      folder === '.' ? entry.path : entry.path.slice(folder.length + 1);
    const isDeep = recursive || pattern?.includes('/') === true || pattern?.includes('**') === true;
    const search: Search = { workspace, signal, recursive: isDeep, includeHidden, visited: 0 };
    const files: Entry[] = [];
    for await (const entry of walk(folder, search)) {
      if (search.visited > MOST_ENTRIES) return { files, count: files.length, truncated: true };
      if (!matches(below(entry))) continue;
      if (files.length === limit) return { files, count: files.length, truncated: true };
      files.push(entry);
    }
    return { files, count: files.length, truncated: false };
  },
});

import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { cwdInput, filterInput, revisionInput } from './_inputs.ts';
import { openRepository, pathspecs, type Repository } from './_repository.ts';

/** Fields of a commit, each ended by NUL; no text of git can hold one. */
const FORMAT = '%H%x00%aI%x00%an%x00%ae%x00%s%x00%b';
const FIELDS = 6;

const commit = z.object({
  hash: z.string().describe('Hash'),
  date: z.string().describe('When it was written, as an ISO 8601 time'),
  author: z
    .object({
      name: z.string().describe('Name'),
      email: z.string().describe('Address'),
    })
    .describe('Who wrote it'),
  message: z.string().describe('First line of its message'),
  body: z.string().describe('The rest of its message'),
  files: z.array(z.string()).optional().describe('Files it changed, where they were asked for'),
});

function parseCommits(text: string): z.infer<typeof commit>[] {
  const fields = text.split('\0');
  const commits = [];
  for (let at = 0; at + FIELDS <= fields.length; at += FIELDS) {
    const [hash = '', date = '', name = '', email = '', message = '', body = ''] = fields.slice(at);
    commits.push({ hash, date, author: { name, email }, message, body: body.trim() });
  }
  return commits;
}

/** Puts the names of files to their commits, which come in the same order. */
function addFiles(commits: z.infer<typeof commit>[], text: string): z.infer<typeof commit>[] {
  const lists = commits.map((): string[] => []);
  let at = -1;
  for (const field of text.split('\0')) {
    const name = field.replace(/^\n/, '');
    if (name === commits[at + 1]?.hash) at++;
    else if (name !== '') lists[at]?.push(name);
  }
  return commits.map((entry, index) => ({ ...entry, files: lists[index] ?? [] }));
}

const isEmpty = async (repository: Repository): Promise<boolean> =>
  (await repository.call(['rev-parse', '--verify', '--quiet', 'HEAD'])).exitCode !== 0;

export default defineAction({
  type: 'git.log',
  title: 'List commits',
  description: 'Lists commits of a repository, the latest first.',
  icon: 'history',
  input: z.strictObject({
    cwd: cwdInput,
    revision: revisionInput
      .optional()
      .describe('Where to begin, or a range such as v1..v2; HEAD when absent'),
    since: filterInput.optional().describe('Only commits after this time: a date, or such as "1 day ago"'),
    until: filterInput.optional().describe('Only commits before this time'),
    author: filterInput.optional().describe('Only commits whose author holds this text'),
    path: z
      .string()
      .min(1)
      .optional()
      .describe('Only commits that changed this file or folder, relative to cwd'),
    limit: z.int().min(1).max(10_000).default(100).describe('Most commits to list'),
    files: z.boolean().default(false).describe('Whether the files of each commit are listed'),
  }),
  output: z.object({
    commits: z.array(commit).describe('The commits, the latest first'),
    count: z.number().describe('How many are listed'),
    truncated: z.boolean().describe('Whether there are more than the limit'),
  }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'See what was done since yesterday',
      input: { since: '1 day ago' },
      repository: true,
      files: { 'a.txt': 'one' },
      output: { count: 1, truncated: false },
    },
  ],
  dryRun: ({ cwd, limit }) => `List up to ${limit} commits of the repository in ${cwd}.`,
  async run(attempt) {
    const { input } = attempt;
    const repository = await openRepository(attempt, input.cwd);
    if (input.revision === undefined && (await isEmpty(repository)))
      return { commits: [], count: 0, truncated: false };
    const list = async (format: string, ...flags: string[]): Promise<string> => {
      const ended = await repository.git([
        'log',
        '-z',
        `--format=${format}`,
        `--max-count=${input.limit + 1}`,
        '--no-color',
        '--no-show-signature',
        '--no-ext-diff',
        '--no-textconv',
        '--fixed-strings',
        ...(input.since === undefined ? [] : [`--since=${input.since}`]),
        ...(input.until === undefined ? [] : [`--until=${input.until}`]),
        ...(input.author === undefined ? [] : [`--author=${input.author}`]),
        ...flags,
        '--end-of-options',
        input.revision ?? 'HEAD',
        '--',
        ...pathspecs(repository, input.path === undefined ? [] : [input.path]),
      ]);
      return ended.stdout;
    };
    const found = parseCommits(await list(FORMAT));
    const commits = found.slice(0, input.limit);
    const shown = input.files ? addFiles(commits, await list('%H', '--name-only')) : commits;
    return { commits: shown, count: shown.length, truncated: found.length > commits.length };
  },
});

import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { cwdInput, pathsInput, revisionInput } from './_inputs.ts';
import { openRepository, pathspecs, withoutPrivate } from './_repository.ts';
import { CHANGES } from './_status.ts';

const FLAGS = [
  '--no-ext-diff',
  '--no-textconv',
  '--no-color',
  '--no-relative',
  '--find-renames',
  '--submodule=short',
  '--ignore-submodules=dirty',
];

const file = z.object({
  path: z.string().describe('File, relative to the top of the repository'),
  from: z.string().optional().describe('Its name before, if it was renamed or copied'),
  status: z.string().describe('added, modified, deleted, renamed, copied or type changed'),
  additions: z.number().describe('Lines added; 0 for binary files'),
  deletions: z.number().describe('Lines removed; 0 for binary files'),
  binary: z.boolean().describe('Whether it is not text'),
});

type File = z.infer<typeof file>;

/** Reads `--name-status -z`: a letter, and one path or two. */
function parseNames(text: string): Pick<File, 'path' | 'from' | 'status'>[] {
  const fields = text.split('\0');
  const names = [];
  for (let at = 0; at + 1 < fields.length; ) {
    const letter = fields[at++]?.[0] ?? '';
    const first = fields[at++] ?? '';
    const isMoved = letter === 'R' || letter === 'C';
    const second = isMoved ? (fields[at++] ?? '') : first;
    names.push({ path: second, status: CHANGES[letter] ?? letter, ...(isMoved && { from: first }) });
  }
  return names;
}

/** Reads `--numstat -z`: `added TAB removed TAB path`, or no path there and two after. */
function parseNumbers(text: string): Map<string, Pick<File, 'additions' | 'deletions' | 'binary'>> {
  const fields = text.split('\0');
  const numbers = new Map<string, Pick<File, 'additions' | 'deletions' | 'binary'>>();
  for (let at = 0; at < fields.length; at++) {
    const [added = '', removed, ...rest] = (fields[at] ?? '').split('\t');
    if (removed === undefined) continue;
    const name = rest.join('\t');
    if (name === '') at += 2;
    const binary = added === '-';
    const counts = { additions: Number(added) || 0, deletions: Number(removed) || 0, binary };
    numbers.set(name === '' ? (fields[at] ?? '') : name, counts);
  }
  return numbers;
}

const sum = (files: File[], key: 'additions' | 'deletions'): number =>
  files.reduce((total, { [key]: count }) => total + count, 0);

export default defineAction({
  type: 'git.diff',
  title: 'Show differences',
  description: 'Shows what differs between the working tree, the staged changes, and commits.',
  icon: 'file-diff',
  input: z.strictObject({
    cwd: cwdInput,
    from: revisionInput
      .optional()
      .describe('Revision to compare with; what is staged when absent, or HEAD with staged'),
    to: revisionInput.optional().describe('Revision to show; the working tree when absent. Needs from'),
    staged: z.boolean().default(false).describe('Whether to show what is staged instead of the working tree'),
    paths: pathsInput.default([]).describe('Only these files and folders, relative to cwd'),
    context: z.int().min(0).max(100).default(3).describe('Lines shown around each change'),
    maxBytes: z.int().min(0).max(5_000_000).default(200_000).describe('Bytes of the text that are kept'),
  }),
  output: z.object({
    files: z.array(file).describe('The files that differ'),
    additions: z.number().describe('Lines added in all'),
    deletions: z.number().describe('Lines removed in all'),
    text: z.string().describe('The differences as a patch'),
    truncated: z.boolean().describe('Whether the text was longer than what was kept'),
  }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'See what is not committed',
      input: { from: 'HEAD' },
      repository: true,
      files: { 'a.txt': 'one\n' },
      output: { files: [], additions: 0, deletions: 0, text: '', truncated: false },
    },
  ],
  dryRun: ({ cwd, from, to }) =>
    `Show the differences between ${from ?? 'the last commit'} and ${to ?? 'the working tree'} in ${cwd}.`,
  async run(attempt) {
    const { cwd, from, to, staged, paths, context, maxBytes } = attempt.input;
    if (to !== undefined && (from === undefined || staged))
      throw new Terminal('action.invalid_input', 'to needs from, and does not go with staged.', {
        fix: 'Give both from and to, and leave staged out.',
      });
    const repository = await openRepository(attempt, cwd);
    const which = [
      ...(staged ? ['--cached'] : []),
      ...(from === undefined ? [] : [from]),
      ...(to === undefined ? [] : [to]),
    ];
    const only = [...pathspecs(repository, paths), ...withoutPrivate(repository)];
    const diff = (flags: string[], keep?: number) =>
      repository.git(['diff', ...FLAGS, ...flags, ...which, '--', ...only], {
        variables: { GIT_OPTIONAL_LOCKS: '0' },
        ...(keep !== undefined && { keep }),
      });
    const numbers = parseNumbers((await diff(['--numstat', '-z'])).stdout);
    const unknown = { additions: 0, deletions: 0, binary: false };
    const files = parseNames((await diff(['--name-status', '-z'])).stdout).map((name) => ({
      ...name,
      ...(numbers.get(name.path) ?? unknown),
    }));
    const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
    const { stdout: text, truncated } = await diff(
      ['--patch', `--unified=${context}`, ...prefixes],
      maxBytes,
    );
    return { files, additions: sum(files, 'additions'), deletions: sum(files, 'deletions'), text, truncated };
  },
});

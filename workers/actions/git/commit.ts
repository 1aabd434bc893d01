import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { commitMarked, markOf } from './_commit.ts';
import { failures } from './_failures.ts';
import { authorInput, authorVariables, cwdInput, messageInput, pathsInput } from './_inputs.ts';
import { commitOf, currentBranch, openRepository, type Repository } from './_repository.ts';
import { stageAll, stageFiles } from './_stage.ts';

const input = z.strictObject({
  cwd: cwdInput,
  message: messageInput.describe('Commit message'),
  files: pathsInput
    .default([])
    .describe('Files and folders to commit, relative to cwd, and only those; what is staged when empty'),
  addAll: z.boolean().default(false).describe('Whether all changes are committed, new files included'),
  author: authorInput,
  allowEmpty: z.boolean().default(false).describe('Whether a commit without changes is made'),
});

const output = z.object({
  hash: z.string().describe('Hash of the commit'),
  branch: z.string().nullable().describe('Branch it is on; null when none is checked out'),
  summary: z
    .object({
      changes: z.number().describe('Files changed'),
      insertions: z.number().describe('Lines added'),
      deletions: z.number().describe('Lines removed'),
    })
    .describe('What the commit changed'),
});

async function describe(repository: Repository, hash: string): Promise<z.infer<typeof output>> {
  const flags = [
    '--numstat',
    '-z',
    '-r',
    '--root',
    '--no-commit-id',
    '--diff-merges=first-parent',
    '--no-ext-diff',
    '--no-textconv',
  ];
  const { stdout } = await repository.git(['diff-tree', ...flags, hash, '--']);
  const lines = stdout.split('\0').filter((line) => line.includes('\t'));
  const sum = (at: number): number =>
    lines.reduce((total, line) => total + (Number(line.split('\t')[at]) || 0), 0);
  const summary = { changes: lines.length, insertions: sum(0), deletions: sum(1) };
  return { hash, branch: await currentBranch(repository), summary };
}

const nothing = (): Terminal =>
  new Terminal('git.nothing_to_commit', 'There is nothing to commit.', {
    fix: 'Name changed files in files, or set addAll; set allowEmpty if a commit without changes is meant.',
  });

const isMerging = async (repository: Repository): Promise<boolean> =>
  (await repository.call(['rev-parse', '--verify', '--quiet', 'MERGE_HEAD'])).exitCode === 0;

/** Makes the commit, which the reflog calls by `mark`. */
async function commit(
  repository: Repository,
  { message, files, addAll, author, allowEmpty }: z.infer<typeof input>,
  mark: string,
): Promise<string> {
  if (addAll) await stageAll(repository);
  const paths = files.length > 0 ? await stageFiles(repository, files) : [];
  // The commit that ends a merge holds all of it.
  const only =
    paths.length > 0 && !addAll && !(await isMerging(repository)) ? ['--only', '--', ...paths] : ['--'];
  const flags = ['--file=-', '--no-gpg-sign', '--no-verify', '--cleanup=whitespace', '--quiet'];
  const ended = await repository.call(
    ['commit', ...flags, ...(allowEmpty ? ['--allow-empty'] : []), ...only],
    { input: message, variables: { ...authorVariables(author), GIT_REFLOG_ACTION: mark } },
  );
  if (ended.exitCode === 0) return commitOf(repository, 'HEAD');
  const isNothing = /nothing (added )?to commit|no changes added|nothing to commit/.test(
    ended.stdout + ended.stderr,
  );
  throw isNothing || (ended.stderr === '' && ended.exitCode === 1) ? nothing() : failures.of('commit', ended);
}

export default defineAction({
  type: 'git.commit',
  title: 'Commit',
  description:
    'Commits files, all changes, or what is staged. Hooks of the repository do not run, and nothing is signed.',
  icon: 'git-commit-horizontal',
  input,
  output,
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Commit everything, even if nothing changed',
      input: { message: 'docs: automated update', addAll: true, allowEmpty: true },
      repository: true,
      files: { 'README.md': '# Read me\n' },
      output: { branch: 'main', summary: { changes: 0 } },
    },
  ],
  dryRun: ({ message, files, addAll }) =>
    `Commit ${addAll ? 'all changes' : files.join(', ') || 'what is staged'} as ${JSON.stringify(message.split('\n', 1)[0])}.`,
  async run(attempt) {
    const repository = await openRepository(attempt, attempt.input.cwd);
    const mark = markOf(attempt.idempotencyKey);
    const made = attempt.attempt > 1 ? await commitMarked(repository, mark) : undefined;
    return describe(repository, made ?? (await commit(repository, attempt.input, mark)));
  },
});

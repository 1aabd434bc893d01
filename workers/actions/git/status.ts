import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { conflictsOutput, cwdInput } from './_inputs.ts';
import { openRepository, withoutPrivate } from './_repository.ts';
import { readStatus } from './_status.ts';

const changes = z.array(
  z.object({
    path: z.string().describe('File, relative to the top of the repository'),
    status: z.string().describe('added, modified, deleted, renamed, copied or type changed'),
    from: z.string().optional().describe('Its name before, if it was renamed or copied'),
  }),
);

export default defineAction({
  type: 'git.status',
  title: 'Show the state of a repository',
  description:
    'Tells which branch is checked out, and which files are changed, staged, untracked or in conflict.',
  icon: 'git-branch',
  input: z.strictObject({ cwd: cwdInput }),
  output: z.object({
    branch: z.string().nullable().describe('Branch that is checked out; null when none is'),
    commit: z.string().nullable().describe('Hash of the last commit; null when there is none'),
    upstream: z.string().nullable().describe('Branch of a remote that it follows'),
    ahead: z.number().describe('Commits that the upstream lacks'),
    behind: z.number().describe('Commits that only the upstream has'),
    clean: z.boolean().describe('Whether there is nothing to commit and nothing untracked'),
    staged: changes.describe('Changes that the next commit will hold'),
    unstaged: changes.describe('Changes that are not staged'),
    untracked: z.array(z.string()).describe('Files that git does not know'),
    conflicts: conflictsOutput,
  }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'See what is new',
      input: {},
      repository: true,
      files: { 'readme.md': 'Hello' },
      output: { branch: 'main', clean: true, staged: [], untracked: [] },
    },
  ],
  dryRun: ({ cwd }) => `Show the state of the repository in ${cwd}.`,
  async run(attempt) {
    const repository = await openRepository(attempt, attempt.input.cwd);
    const status = await readStatus(repository, withoutPrivate(repository));
    const { staged, unstaged, untracked, conflicts } = status;
    const clean = [staged, unstaged, untracked, conflicts].every((list) => list.length === 0);
    return { ...status, clean };
  },
});

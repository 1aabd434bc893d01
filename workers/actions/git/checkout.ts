import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { cwdInput, nameInput, revisionInput } from './_inputs.ts';
import { checkTree, commitOf, currentBranch, openRepository, type Repository } from './_repository.ts';

const FLAGS = ['--no-recurse-submodules', '--no-overwrite-ignore', '--quiet'];

const input = z.strictObject({
  cwd: cwdInput,
  revision: revisionInput.describe('Branch to change to; or a tag or commit, then no branch is checked out'),
  create: z.boolean().default(false).describe('Whether the branch is created if it does not exist'),
  from: revisionInput.default('HEAD').describe('Where a new branch begins'),
});

const exists = async (repository: Repository, ref: string): Promise<boolean> =>
  (await repository.call(['show-ref', '--verify', '--quiet', ref])).exitCode === 0;

export default defineAction({
  type: 'git.checkout',
  title: 'Check out',
  description:
    'Changes the working tree to another branch, tag or commit. Changes that are not committed are never lost.',
  icon: 'git-compare-arrows',
  input,
  output: z.object({
    branch: z.string().nullable().describe('Branch that is checked out; null for a tag or commit'),
    commit: z.string().describe('Hash of its last commit'),
    created: z.boolean().describe('Whether the branch is new'),
  }),
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Begin a branch and change to it',
      input: { revision: 'feature/docs', create: true },
      repository: true,
      files: { 'a.txt': 'one' },
      output: { branch: 'feature/docs', created: true },
    },
  ],
  dryRun: ({ revision }) => `Check out ${revision}.`,
  async run(attempt) {
    const { revision, create, from, cwd } = attempt.input;
    const repository = await openRepository(attempt, cwd);
    const created = create && !(await exists(repository, `refs/heads/${revision}`));
    if (created) nameInput.parse(revision);
    // Of a branch that only a remote has, git makes a local one that follows it.
    const isRemote = !created && (await exists(repository, `refs/remotes/origin/${revision}`));
    const isLocal = await exists(repository, `refs/heads/${revision}`);
    const follows = isRemote && !isLocal;
    await checkTree(
      repository,
      await commitOf(repository, created ? from : follows ? `origin/${revision}` : revision),
    );
    const target = created
      ? ['--no-track', '-b', revision, from]
      : follows
        ? ['--track', '-b', revision, `refs/remotes/origin/${revision}`]
        : [revision];
    await repository.git(['checkout', ...FLAGS, ...target, '--']);
    return {
      branch: await currentBranch(repository),
      commit: await commitOf(repository, 'HEAD'),
      created: created || follows,
    };
  },
});

import { existsSync } from 'node:fs';
import { z } from 'zod';
import { type Attempt, defineAction, Terminal } from '../../action.ts';
import { cwdInput, nameInput, revisionInput } from './_inputs.ts';
import { checkTree, commitOf, openRepository, type Repository } from './_repository.ts';

const input = z.strictObject({
  cwd: cwdInput,
  operation: z.enum(['list', 'add', 'remove']).default('list').describe('What to do'),
  path: z.string().min(1).optional().describe('Folder of the worktree, relative to the workspace'),
  branch: nameInput
    .optional()
    .describe('Branch to check out in it, created if it does not exist; none when absent'),
  from: revisionInput.default('HEAD').describe('Where a new branch, or a worktree without one, begins'),
  force: z
    .boolean()
    .default(false)
    .describe('Whether a worktree with changes that are not committed may be removed'),
});

const worktree = z.object({
  path: z.string().describe('Folder, relative to the workspace'),
  branch: z.string().nullable().describe('Branch that is checked out in it; null when none is'),
  commit: z.string().nullable().describe('Hash of its last commit'),
});

/** The worktrees inside the workspace. */
async function list(repository: Repository): Promise<z.infer<typeof worktree>[]> {
  const { workspace } = repository.caller;
  const { stdout } = await repository.git(['worktree', 'list', '--porcelain', '-z']);
  return stdout
    .split('\0\0')
    .filter(Boolean)
    .flatMap((block) => {
      const facts = new Map(
        block.split('\0').map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]),
      );
      const real = facts.get('worktree') ?? '';
      if (real !== workspace.root && !real.startsWith(`${workspace.root}/`)) return [];
      const branch = facts.get('branch')?.replace(/^refs\/heads\//, '') ?? null;
      return [{ path: workspace.relative(real), branch, commit: facts.get('HEAD') ?? null }];
    });
}

async function add(
  repository: Repository,
  real: string,
  { branch, from }: z.infer<typeof input>,
): Promise<void> {
  const isThere =
    branch !== undefined &&
    (await repository.call(['show-ref', '--verify', '--quiet', `refs/heads/${branch}`])).exitCode === 0;
  const start = await commitOf(repository, isThere ? `refs/heads/${branch}` : from);
  await checkTree(repository, start);
  const which =
    branch === undefined
      ? ['--detach', real, start]
      : isThere
        ? [real, branch]
        : ['--no-track', '-b', branch, real, start];
  await repository.git(['worktree', 'add', '--quiet', ...which]);
}

/** Whether anything had to be done: an attempt before may have done it. */
async function change(attempt: Attempt<z.infer<typeof input>>, repository: Repository): Promise<boolean> {
  const { input, workspace } = attempt;
  const { operation, path, branch, force } = input;
  if (operation === 'list') return false;
  if (path === undefined)
    throw new Terminal('action.invalid_input', `To ${operation} a worktree, its path is needed.`, {
      fix: 'Set path.',
    });
  const real = workspace.resolve(path, 'write');
  const there = (await list(repository)).find((known) => known.path === workspace.relative(real));
  if (operation === 'remove') {
    if (!there && attempt.attempt === 1)
      throw new Terminal('git.unknown_path', `${JSON.stringify(path)} is no worktree of this repository.`, {
        fix: 'List the worktrees to see what there is.',
      });
    if (there) await repository.git(['worktree', 'remove', ...(force ? ['--force'] : []), real]);
    return there !== undefined;
  }
  if (there && existsSync(real) && there.branch === (branch ?? null) && attempt.attempt > 1) return false;
  await add(repository, real, input);
  return true;
}

export default defineAction({
  type: 'git.worktree',
  title: 'List, add or remove worktrees',
  description: 'Gives a repository further working trees, each with a branch of its own, or removes them.',
  icon: 'folder-git-2',
  input,
  output: z.object({
    worktrees: z.array(worktree).describe('All working trees in the workspace'),
    changed: z.boolean().describe('Whether one was added or removed'),
  }),
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Work on a branch beside the main one',
      input: { operation: 'add', path: 'review', branch: 'review' },
      repository: true,
      files: { 'a.txt': 'one' },
      output: {
        worktrees: [
          { path: '.', branch: 'main' },
          { path: 'review', branch: 'review' },
        ],
        changed: true,
      },
    },
  ],
  dryRun: ({ operation, path }) =>
    operation === 'list' ? 'List the worktrees.' : `Worktree ${JSON.stringify(path)}: ${operation}.`,
  async run(attempt) {
    const repository = await openRepository(attempt, attempt.input.cwd);
    const changed = await change(attempt, repository);
    return { worktrees: await list(repository), changed };
  },
});

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { type Attempt, defineAction, Terminal } from '../../action.ts';
import { git } from './_git.ts';
import { nameInput, tokenInput, usernameInput } from './_inputs.ts';
import { checkRemote } from './_remote.ts';
import { checkTree, commitOf, currentBranch, openRepository } from './_repository.ts';

const input = z.strictObject({
  url: z
    .string()
    .min(1)
    .max(2_000)
    .describe('Address of the repository: https://…, git@host:…, or a path in the workspace; no credentials'),
  path: z.string().min(1).describe('Folder to make, relative to the workspace; must not exist, or be empty'),
  branch: nameInput.optional().describe("Branch or tag to check out; the remote's default when absent"),
  depth: z.int().min(1).optional().describe('Only so many commits'),
  token: tokenInput,
  username: usernameInput,
});

const isEmptyFolder = (path: string): boolean => {
  try {
    return readdirSync(path).length === 0;
  } catch {
    // A file, or nothing.
    return false;
  }
};

const taken = (path: string): Terminal =>
  new Terminal('git.exists', `${JSON.stringify(path)} exists and is not empty.`, {
    fix: 'Use another path, or delete it first.',
  });

/** Whether an attempt before was cut off only after the clone was there. */
async function isOurs(attempt: Attempt<z.infer<typeof input>>, real: string, url: string): Promise<boolean> {
  if (attempt.attempt === 1 || !existsSync(join(real, '.git'))) return false;
  const repository = await openRepository(attempt, attempt.input.path);
  const { stdout } = await repository.call(['remote', 'get-url', 'origin']);
  return repository.top === real && stdout.trim() === url;
}

/** Clones into a folder beside the target, which gets its name when it is complete. */
async function clone(attempt: Attempt<z.infer<typeof input>>, real: string): Promise<void> {
  const { input, workspace } = attempt;
  const address = await checkRemote(attempt, input.url, workspace.root, input);
  if (await isOurs(attempt, real, address.url)) return;
  if (existsSync(real) && !isEmptyFolder(real)) throw taken(input.path);
  mkdirSync(dirname(real), { recursive: true });
  const key = createHash('sha256').update(attempt.idempotencyKey).digest('hex').slice(0, 12);
  const half = join(dirname(real), `.${basename(real)}.clone-${key}`);
  rmSync(half, { recursive: true, force: true });
  try {
    const flags = ['--no-recurse-submodules', '--no-local', '--no-hardlinks', '--no-progress', '--quiet'];
    const which = [
      ...(input.branch === undefined ? [] : [`--branch=${input.branch}`]),
      ...(input.depth === undefined ? [] : [`--depth=${input.depth}`]),
    ];
    const args = ['clone', ...flags, '--no-checkout', ...which, '--', address.url, half];
    await git(attempt, workspace.root, args, address.options);
    const repository = await openRepository(attempt, workspace.relative(half));
    const { exitCode } = await repository.call(['rev-parse', '--verify', '--quiet', 'HEAD']);
    if (exitCode === 0) {
      await checkTree(repository, 'HEAD');
      await repository.git(['reset', '--hard', '--quiet', '--no-recurse-submodules']);
    }
    if (isEmptyFolder(real)) rmdirSync(real);
    renameSync(half, real);
  } finally {
    rmSync(half, { recursive: true, force: true });
  }
}

export default defineAction({
  type: 'git.clone',
  title: 'Clone',
  description: 'Makes a copy of a repository in a new folder of the workspace, without its submodules.',
  icon: 'copy',
  input,
  output: z.object({
    path: z.string().describe('Folder of the clone, relative to the workspace'),
    branch: z.string().nullable().describe('Branch that is checked out; null for a tag'),
    commit: z.string().nullable().describe('Hash of its last commit; null if the repository is empty'),
  }),
  effect: 'write',
  idempotent: true,
  defaults: { timeout: 600_000 },
  examples: [
    {
      title: 'Copy the latest state of a project',
      input: { url: 'https://example.org/project.git', path: 'checkouts/project', depth: 1 },
      needsNetwork: true,
    },
  ],
  dryRun: ({ path }) => `Clone a repository into ${path}.`,
  async run(attempt) {
    const { workspace, input } = attempt;
    const real = workspace.resolve(input.path, 'write');
    await clone(attempt, real);
    const repository = await openRepository(attempt, input.path);
    const { exitCode } = await repository.call(['rev-parse', '--verify', '--quiet', 'HEAD']);
    const commit = exitCode === 0 ? await commitOf(repository, 'HEAD') : null;
    return { path: workspace.relative(real), branch: await currentBranch(repository), commit };
  },
});

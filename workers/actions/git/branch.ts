import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { cwdInput, nameInput, revisionInput } from './_inputs.ts';
import { commitOf, currentBranch, openRepository, type Repository } from './_repository.ts';

const input = z.strictObject({
  cwd: cwdInput,
  operation: z.enum(['list', 'create', 'delete']).default('list').describe('What to do'),
  name: nameInput.optional().describe('Branch to create or delete'),
  from: revisionInput.default('HEAD').describe('Where a new branch begins'),
  force: z
    .boolean()
    .default(false)
    .describe('Whether a branch with commits that are in no other may be deleted'),
});

const branch = z.object({
  name: z.string().describe('Name'),
  hash: z.string().describe('Hash of its last commit'),
  upstream: z.string().nullable().describe('Branch of a remote that it follows'),
});

async function listBranches(repository: Repository): Promise<z.infer<typeof branch>[]> {
  const format = '%(refname:lstrip=2)%00%(objectname)%00%(upstream:short)';
  const { stdout } = await repository.git(['for-each-ref', `--format=${format}`, 'refs/heads/']);
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [name = '', hash = '', upstream = ''] = line.split('\0');
      return { name, hash, upstream: upstream || null };
    });
}

function named(name: string | undefined, operation: string): string {
  if (name !== undefined) return name;
  throw new Terminal('action.invalid_input', `To ${operation} a branch, its name is needed.`, {
    fix: 'Set name.',
  });
}

/** Whether anything had to be done: an attempt before may have done it. */
async function change(
  repository: Repository,
  { operation, name, from, force }: z.infer<typeof input>,
): Promise<boolean> {
  if (operation === 'list') return false;
  const target = named(name, operation);
  const there = (await listBranches(repository)).find((known) => known.name === target);
  if (operation === 'create') {
    const hash = await commitOf(repository, from);
    if (there?.hash === hash) return false;
    await repository.git(['branch', '--no-track', '--', target, hash]);
    return true;
  }
  if (!there) return false;
  const ended = await repository.call(['branch', force ? '-D' : '-d', '--', target]);
  if (ended.exitCode === 0) return true;
  throw new Terminal('git.branch_in_use', `The branch "${target}" cannot be deleted.`, {
    fix: 'Check another one out first; set force if its commits may be lost. The details say why.',
    details: { stderr: ended.stderr.slice(0, 2_000) },
  });
}

export default defineAction({
  type: 'git.branch',
  title: 'List, create or delete branches',
  description: 'Lists the local branches, or creates or deletes one. git.checkout changes to one.',
  icon: 'git-branch',
  input,
  output: z.object({
    current: z.string().nullable().describe('Branch that is checked out; null when none is'),
    branches: z.array(branch).describe('All local branches'),
    changed: z.boolean().describe('Whether one was created or deleted'),
  }),
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Begin a branch',
      input: { operation: 'create', name: 'feature/docs' },
      repository: true,
      files: { 'a.txt': 'one' },
      output: { current: 'main', branches: [{ name: 'feature/docs' }, { name: 'main' }], changed: true },
    },
  ],
  dryRun: ({ operation, name }) =>
    operation === 'list' ? 'List the branches.' : `Branch ${JSON.stringify(name)}: ${operation}.`,
  async run(attempt) {
    const repository = await openRepository(attempt, attempt.input.cwd);
    const changed = await change(repository, attempt.input);
    return { current: await currentBranch(repository), branches: await listBranches(repository), changed };
  },
});

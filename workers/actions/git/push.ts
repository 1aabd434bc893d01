import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { cwdInput, nameInput, remoteInput, tokenInput, usernameInput } from './_inputs.ts';
import { openRemote } from './_remote.ts';
import { currentBranch, openRepository, type Repository } from './_repository.ts';

const input = z.strictObject({
  cwd: cwdInput,
  remote: remoteInput,
  branch: nameInput.optional().describe('Local branch to push; the one that is checked out when absent'),
  to: nameInput.optional().describe('Name of the branch on the remote; the same when absent'),
  tags: z.array(nameInput).max(100).default([]).describe('Tags to push besides'),
  setUpstream: z
    .boolean()
    .default(false)
    .describe('Whether the local branch follows the remote one from now on'),
  force: z
    .boolean()
    .default(false)
    .describe('Whether commits of the remote may be replaced; only those that were fetched before are'),
  token: tokenInput,
  username: usernameInput,
});

const FLAGS: Readonly<Record<string, string>> = {
  ' ': 'updated',
  '+': 'forced',
  '*': 'created',
  '=': 'unchanged',
  '-': 'deleted',
  '!': 'rejected',
};

/** Reads `git push --porcelain`: flag, TAB, from:to, TAB, summary. */
const parsePushed = (text: string): { ref: string; result: string }[] =>
  text
    .split('\n')
    .filter((line) => /^[ +*=!-]\t/.test(line))
    .map((line) => {
      const [flag = '', names = ''] = line.split('\t');
      return { ref: names.split(':').at(-1) ?? '', result: FLAGS[flag] ?? flag };
    });

async function refspecs(
  repository: Repository,
  { branch, to, tags }: z.infer<typeof input>,
): Promise<string[]> {
  const local = branch ?? (await currentBranch(repository));
  if (local === null)
    throw new Terminal('git.no_branch', 'No branch is checked out, so that it is open which one to push.', {
      fix: 'Name the branch, or check one out first.',
    });
  return [
    `refs/heads/${local}:refs/heads/${to ?? local}`,
    ...tags.map((tag) => `refs/tags/${tag}:refs/tags/${tag}`),
  ];
}

export default defineAction({
  type: 'git.push',
  title: 'Push',
  description: 'Sends a branch, and tags if named, to a remote. Hooks of the repository do not run.',
  icon: 'arrow-up-from-line',
  input,
  output: z.object({
    pushed: z
      .array(
        z.object({
          ref: z.string().describe('Full name on the remote'),
          result: z.string().describe('created, updated, forced or unchanged'),
        }),
      )
      .describe('What became of each branch and tag'),
  }),
  effect: 'write',
  idempotent: true,
  defaults: { timeout: 300_000 },
  examples: [{ title: 'Send the branch', input: { setUpstream: true }, needsNetwork: true }],
  dryRun: ({ remote, branch, force }) =>
    `Push ${branch ?? 'the branch that is checked out'} to ${remote}${force ? ', replacing what is there' : ''}.`,
  async run(attempt) {
    const { input } = attempt;
    const repository = await openRepository(attempt, input.cwd);
    const names = await refspecs(repository, input);
    const options = await openRemote(repository, input.remote, 'push', input);
    const flags = ['--porcelain', '--no-verify', '--no-recurse-submodules', '--no-signed', '--no-progress'];
    const { stdout } = await repository.git(
      [
        'push',
        ...flags,
        ...(input.force ? ['--force-with-lease'] : []),
        ...(input.setUpstream ? ['--set-upstream'] : []),
        input.remote,
        ...names,
      ],
      options,
    );
    return { pushed: parsePushed(stdout) };
  },
});

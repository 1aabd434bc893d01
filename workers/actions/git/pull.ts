import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { fetchFrom } from './_fetch.ts';
import { cwdInput, nameInput, remoteInput, tokenInput, usernameInput } from './_inputs.ts';
import { abortInput, fastForwardInput, mergedOutput, mergeRevision } from './_merge.ts';
import { currentBranch, openRepository, type Repository } from './_repository.ts';

/** The branch of the remote that the one checked out follows, or else the one of the same name. */
async function branchToPull(repository: Repository): Promise<string> {
  const current = await currentBranch(repository);
  if (current === null)
    throw new Terminal('git.no_branch', 'No branch is checked out, so that it is open which one to pull.', {
      fix: 'Name the branch, or check one out first.',
    });
  const { stdout } = await repository.call(['config', '--get', `branch.${current}.merge`]);
  return stdout.trim().replace(/^refs\/heads\//, '') || current;
}

export default defineAction({
  type: 'git.pull',
  title: 'Pull',
  description:
    'Fetches a branch from a remote and merges it into the one that is checked out. Conflicts are part of the output, and are undone unless abortOnConflict says otherwise.',
  icon: 'git-pull-request-arrow',
  input: z.strictObject({
    cwd: cwdInput,
    remote: remoteInput,
    branch: nameInput
      .optional()
      .describe('Branch of the remote; the one that the local branch follows when absent'),
    fastForward: fastForwardInput,
    abortOnConflict: abortInput,
    token: tokenInput,
    username: usernameInput,
  }),
  output: z.object(mergedOutput),
  effect: 'write',
  idempotent: true,
  defaults: { timeout: 300_000 },
  examples: [{ title: 'Get up to date', input: { fastForward: 'only' }, needsNetwork: true }],
  dryRun: ({ remote, branch }) => `Pull ${branch ?? 'the branch it follows'} from ${remote}.`,
  async run(attempt) {
    const { input } = attempt;
    const repository = await openRepository(attempt, input.cwd);
    const branch = input.branch ?? (await branchToPull(repository));
    await fetchFrom(repository, { ...input, branch });
    return mergeRevision(repository, {
      ...input,
      revision: 'FETCH_HEAD',
      message: `Merge branch '${branch}' of ${input.remote}`,
    });
  },
});

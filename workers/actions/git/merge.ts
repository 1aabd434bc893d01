import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { cwdInput, messageInput, revisionInput } from './_inputs.ts';
import { abortInput, fastForwardInput, mergedOutput, mergeRevision } from './_merge.ts';
import { openRepository } from './_repository.ts';

export default defineAction({
  type: 'git.merge',
  title: 'Merge',
  description:
    'Merges a branch or commit into the branch that is checked out. Conflicts are part of the output, and are undone unless abortOnConflict says otherwise.',
  icon: 'git-merge',
  input: z.strictObject({
    cwd: cwdInput,
    revision: revisionInput.describe('Branch, tag or commit to merge'),
    message: messageInput
      .max(10_000)
      .optional()
      .describe("Message of the merge commit; git's own when absent"),
    fastForward: fastForwardInput,
    squash: z
      .boolean()
      .default(false)
      .describe('Whether its changes are only staged, for a commit without the history'),
    abortOnConflict: abortInput,
  }),
  output: z.object(mergedOutput),
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Merge what is in the branch already',
      input: { revision: 'main' },
      repository: true,
      files: { 'a.txt': 'one' },
      output: { merged: true, changed: false, conflicts: [] },
    },
  ],
  dryRun: ({ revision }) => `Merge ${revision} into the branch that is checked out.`,
  async run(attempt) {
    const repository = await openRepository(attempt, attempt.input.cwd);
    return mergeRevision(repository, attempt.input);
  },
});

import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { cwdInput, pathsInput } from './_inputs.ts';
import { openRepository } from './_repository.ts';
import { stageAll, stageFiles } from './_stage.ts';
import { readStatus } from './_status.ts';

export default defineAction({
  type: 'git.add',
  title: 'Stage files',
  description: 'Stages files for the next commit.',
  icon: 'file-plus',
  input: z.strictObject({
    cwd: cwdInput,
    files: pathsInput
      .default([])
      .describe(
        'Files and folders, relative to cwd, exactly as they are called; deleted ones are staged as such',
      ),
    addAll: z
      .boolean()
      .default(false)
      .describe('Whether everything is staged that .gitignore does not leave out'),
  }),
  output: z.object({ staged: z.array(z.string()).describe('All files staged now, relative to the top') }),
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Stage everything',
      input: { addAll: true },
      repository: true,
      files: { 'a.txt': 'one' },
      output: { staged: [] },
    },
  ],
  dryRun: ({ files, addAll }) => `Stage ${addAll ? 'all changes' : files.join(', ') || 'nothing'}.`,
  async run(attempt) {
    const { cwd, files, addAll } = attempt.input;
    const repository = await openRepository(attempt, cwd);
    if (addAll) await stageAll(repository);
    if (files.length > 0) await stageFiles(repository, files);
    const { staged } = await readStatus(repository);
    return { staged: staged.map(({ path }) => path) };
  },
});

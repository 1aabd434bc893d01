import { lstat, unlink } from 'node:fs/promises';
import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import { pathInput, pathOutput, syncFolder } from './_files.ts';
import { checkWhole, removeTree } from './_tree.ts';

const input = z.strictObject({
  path: pathInput('File or folder to delete; of a symbolic link, the link itself'),
  recursive: z.boolean().default(false).describe('Delete a folder with all that is in it'),
  missingOk: z.boolean().default(false).describe('Succeed when there is nothing to delete'),
});

const output = z.object({
  path: pathOutput,
  deleted: z.boolean().describe('Whether there was something to delete'),
});

const isMissing = (thrown: unknown): boolean => (thrown as NodeJS.ErrnoException).code === 'ENOENT';

export default defineAction({
  type: 'file.delete',
  title: 'Delete a file',
  description: 'Deletes a file, or a folder with all that is in it.',
  icon: 'trash-2',
  input,
  output,
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Delete a file',
      input: { path: 'old.txt' },
      files: { 'old.txt': 'x' },
      output: { path: 'old.txt', deleted: true },
    },
    {
      title: 'Delete a folder that may be there',
      input: { path: 'dist', recursive: true, missingOk: true },
      output: { path: 'dist', deleted: false },
    },
  ],
  dryRun: ({ path, recursive }) => `Delete ${path}${recursive ? ' and all that is in it' : ''}.`,
  async run({ input: { path, recursive, missingOk }, workspace, attempt, signal }) {
    signal.throwIfAborted();
    try {
      return await workspace.at(
        path,
        'write',
        async (place) => {
          const isFolder = (await lstat(place.handle)).isDirectory();
          if (!isFolder) await unlink(place.handle);
          else {
            checkWhole(workspace, place);
            if (!recursive)
              throw new Terminal('file.is_folder', `"${place.path}" is a folder.`, {
                fix: 'Set recursive to delete it with all in it.',
              });
            await removeTree(place.handle, signal);
          }
          await syncFolder(place.folder);
          return { path: place.path, deleted: true };
        },
        { follow: false },
      );
    } catch (thrown) {
      // An attempt that was cut off may have deleted it without being able to tell.
      if (!isMissing(thrown) || !(missingOk || attempt > 1)) throw thrown;
      return { path: workspace.relative(workspace.resolve(path, 'write')), deleted: attempt > 1 };
    }
  },
});

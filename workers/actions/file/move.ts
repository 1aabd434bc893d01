import { existsSync, lstatSync } from 'node:fs';
import { rename, unlink } from 'node:fs/promises';
import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import type { Place } from '../../workspace.ts';
import { pathInput, pathOutput, syncFolder } from './_files.ts';
import { checkApart, checkWhole, copyTree, removeTree } from './_tree.ts';

const input = z.strictObject({
  source: pathInput('File or folder to move; of a symbolic link, the link itself'),
  destination: pathInput('Its new path, name included'),
  overwrite: z.boolean().default(false).describe('Replace a file that is there already'),
});

const output = z.object({ source: pathOutput, destination: pathOutput });

const isThere = ({ handle }: Place): boolean => lstatSync(handle, { throwIfNoEntry: false }) !== undefined;

const exists = (place: Place): Terminal =>
  new Terminal('file.exists', `"${place.path}" exists already.`, {
    fix: 'Set overwrite, or choose another destination.',
  });

export default defineAction({
  type: 'file.move',
  title: 'Move a file',
  description: 'Moves or renames a file or a folder.',
  icon: 'file-output',
  input,
  output,
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Put a file away',
      input: { source: 'inbox/a.txt', destination: 'done/a.txt' },
      files: { 'inbox/a.txt': 'hello' },
      output: { source: 'inbox/a.txt', destination: 'done/a.txt' },
    },
  ],
  dryRun: ({ source, destination }) => `Move ${source} to ${destination}.`,
  async run({ input: { source, destination, overwrite }, workspace, attempt, signal, idempotencyKey: key }) {
    signal.throwIfAborted();
    const byCopy = async (from: Place, to: Place): Promise<void> => {
      await copyTree(from.path, to.path, { workspace, key, signal });
      if (lstatSync(from.handle).isDirectory()) await removeTree(from.handle, signal);
      else await unlink(from.handle);
    };
    const move = async (from: Place, to: Place): Promise<void> => {
      checkApart(from, to);
      if (lstatSync(from.handle).isDirectory()) checkWhole(workspace, from);
      if (!overwrite && existsSync(to.handle)) throw exists(to);
      await rename(from.handle, to.handle).catch((thrown: NodeJS.ErrnoException) => {
        if (thrown.code !== 'EXDEV') throw thrown;
        return byCopy(from, to);
      });
      await syncFolder(to.folder);
      await syncFolder(from.folder);
    };
    return workspace.at(
      destination,
      'write',
      async (to) => {
        // An attempt that was cut off may have moved it without being able to tell.
        const done = () => ({
          source: workspace.relative(workspace.resolve(source, 'write')),
          destination: to.path,
        });
        if (attempt > 1 && isThere(to) && !existsSync(workspace.resolve(source, 'write'))) return done();
        return workspace.at(
          source,
          'write',
          async (from) => {
            await move(from, to);
            return { source: from.path, destination: to.path };
          },
          { follow: false },
        );
      },
      { createFolders: true },
    );
  },
});

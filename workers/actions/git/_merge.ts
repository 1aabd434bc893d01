import { z } from 'zod';
import { failures } from './_failures.ts';
import { conflictsOutput } from './_inputs.ts';
import { checkTree, commitOf, type Repository } from './_repository.ts';
import { type Conflict, readStatus } from './_status.ts';

export const fastForwardInput = z
  .enum(['allow', 'only', 'never'])
  .default('allow')
  .describe(
    'Whether the branch may simply move ahead where it has no commits of its own; only makes no merge commits',
  );

export const abortInput = z
  .boolean()
  .default(true)
  .describe('Whether a merge with conflicts is undone; if not, the files keep their conflict marks');

export const mergedOutput = {
  merged: z.boolean().describe('Whether all of it is in the branch now; false when there were conflicts'),
  changed: z.boolean().describe('Whether the branch has moved'),
  from: z.string().describe('Hash of the commit before'),
  to: z.string().describe('Hash of the commit after'),
  aborted: z.boolean().describe('Whether a merge with conflicts was undone'),
  conflicts: conflictsOutput,
};

export interface MergeRequest {
  revision: string;
  message?: string | undefined;
  fastForward: 'allow' | 'only' | 'never';
  abortOnConflict: boolean;
  squash?: boolean;
}

export interface Merged {
  merged: boolean;
  changed: boolean;
  from: string;
  to: string;
  aborted: boolean;
  conflicts: Conflict[];
}

const FAST_FORWARD = { allow: '--ff', only: '--ff-only', never: '--no-ff' };

/** Merges a revision into the branch that is checked out; conflicts are an answer, not an error. */
export async function mergeRevision(repository: Repository, request: MergeRequest): Promise<Merged> {
  const { revision, message, fastForward, abortOnConflict, squash = false } = request;
  const target = await commitOf(repository, revision);
  await checkTree(repository, target);
  const before = await readStatus(repository);
  // What is there already is not of this merge, and undoing this one would undo that.
  if (before.conflicts.length > 0) throw failures.unfinishedMerge(before.conflicts.map(({ path }) => path));
  const from = await commitOf(repository, 'HEAD');
  const ended = await repository.call([
    'merge',
    '--no-edit',
    '--no-gpg-sign',
    '--no-verify-signatures',
    '--no-autostash',
    '--no-overwrite-ignore',
    '--no-progress',
    ...(squash ? ['--squash'] : [FAST_FORWARD[fastForward]]),
    ...(message === undefined || squash ? [] : ['-m', message]),
    // By its name, which stands in the message.
    revision,
  ]);
  if (ended.exitCode !== 0) {
    const { conflicts } = await readStatus(repository);
    if (conflicts.length === 0) throw failures.of('merge', ended);
    if (abortOnConflict) await repository.git(squash ? ['reset', '--merge'] : ['merge', '--abort']);
    return { merged: false, changed: false, from, to: from, aborted: abortOnConflict, conflicts };
  }
  const to = await commitOf(repository, 'HEAD');
  return { merged: true, changed: to !== from, from, to, aborted: false, conflicts: [] };
}

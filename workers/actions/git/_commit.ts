import { createHash } from 'node:crypto';
import type { Repository } from './_repository.ts';

/**
 * What the reflog calls a step's commit. Git writes that entry before the branch moves, under the branch's lock: a
 * commit that was made has it, at whatever moment the step was cut off.
 */
export const markOf = (idempotencyKey: string): string =>
  `acas-${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32)}`;

/** The commit that an earlier attempt made, if it is in the branch that is checked out. */
export async function commitMarked(repository: Repository, mark: string): Promise<string | undefined> {
  const { stdout, exitCode } = await repository.call([
    'log',
    '--walk-reflogs',
    '--max-count=1000',
    '--format=%H %gs',
    '--no-show-signature',
    'HEAD',
    '--',
  ]);
  if (exitCode !== 0) return undefined;
  const entry = stdout.split('\n').find((line) => / (\S+)/.exec(line)?.[1]?.startsWith(mark));
  const hash = entry?.split(' ')[0];
  if (hash === undefined) return undefined;
  const { exitCode: isOutside } = await repository.call(['merge-base', '--is-ancestor', hash, 'HEAD']);
  return isOutside === 0 ? hash : undefined;
}

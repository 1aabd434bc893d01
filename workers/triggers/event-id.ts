import { createHash } from 'node:crypto';
import type { Change } from './settling.ts';

/**
 * What tells one change of a file from another. That a version appeared is one event, whether it was found as new or
 * as changed: after a crash, an older ledger may not know of the version before.
 */
export const keyOf = ({ path, event, version }: Change): string[] => [
  path,
  event === 'unlink' ? 'gone' : 'there',
  version,
];

/** The id of the execution that an event starts: the same again for the same key, whoever finds it. */
export function executionIdOf(workflowId: string, triggerId: string, key: readonly string[]): string {
  const hash = createHash('sha256').update(JSON.stringify(key)).digest('hex').slice(0, 24);
  return `${workflowId}-${triggerId}-${hash}`;
}

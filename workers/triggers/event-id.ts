import { createHash } from 'node:crypto';
import type { Change } from './settling.ts';

/**
 * The id of the execution that a change starts: the same again for the same change, whoever finds it. That a
 * version appeared is one event, whether it was found as new or as changed: after a crash, an older ledger may
 * not know of the version before.
 */
export function executionIdOf(
  workflowId: string,
  triggerId: string,
  { path, event, version }: Change,
): string {
  const key = JSON.stringify([path, event === 'unlink' ? 'gone' : 'there', version]);
  return `${workflowId}-${triggerId}-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
}

import type { Connection } from '@temporalio/client';
import type { Logger } from 'pino';
import { messageOf } from '#shared/errors.ts';
import { addSearchAttributes, missingSearchAttributes } from '#shared/node/search-attributes.ts';

/** Registers the search attributes that executions carry, where the namespace lacks some. */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
  log: Logger,
): Promise<void> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length === 0) return;
  try {
    await addSearchAttributes(connection, namespace, missing);
  } catch (thrown) {
    const names = missing.map(([name, type]) => `${name} (${type})`).join(', ');
    log.error(
      { error: messageOf(thrown) },
      `Temporal refused the search attributes ${names}; add them to namespace ${namespace} by hand, or nothing can start`,
    );
  }
}

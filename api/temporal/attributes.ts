import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { Logger } from 'pino';
import { messageOf } from '#shared/errors.ts';
import { SEARCH_ATTRIBUTES } from '#shared/execution/protocol.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

const TYPES = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
};

/** Registers the search attributes that executions carry, where the namespace lacks some. */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
  log: Logger,
): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !(name in (customAttributes ?? {})));
  if (missing.length === 0) return;
  const searchAttributes = Object.fromEntries(missing.map(([name, type]) => [name, TYPES[type]]));
  try {
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (thrown) {
    const names = missing.map(([name, type]) => `${name} (${type})`).join(', ');
    log.error(
      { error: messageOf(thrown) },
      `Temporal refused the search attributes ${names}; add them to namespace ${namespace} by hand, or nothing can start`,
    );
  }
}

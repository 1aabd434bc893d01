import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '../execution/protocol.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

type SearchAttribute = [name: string, type: (typeof SEARCH_ATTRIBUTES)[keyof typeof SEARCH_ATTRIBUTES]];

const TYPES = {
  KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
};

/** The search attributes of executions that a namespace does not have. */
export async function missingSearchAttributes(
  { operatorService }: Connection,
  namespace: string,
): Promise<SearchAttribute[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  return Object.entries(SEARCH_ATTRIBUTES).filter(([name]) => !(name in (customAttributes ?? {})));
}

/** Registers search attributes. Throws what Temporal says where it refuses them. */
export async function addSearchAttributes(
  { operatorService }: Connection,
  namespace: string,
  attributes: readonly SearchAttribute[],
): Promise<void> {
  const searchAttributes = Object.fromEntries(attributes.map(([name, type]) => [name, TYPES[type]]));
  await operatorService.addSearchAttributes({ namespace, searchAttributes });
}

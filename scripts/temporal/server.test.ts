import { afterAll, describe, expect, it } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '#shared/execution/protocol.ts';
import { testAddress } from '../../test/support/temporal.ts';

describe('the Temporal server of the tests', () => {
  const opened: Connection[] = [];
  afterAll(() => Promise.all(opened.map((connection) => connection.close())));

  it('has the search attributes and keeps closed runs for 30 days', async () => {
    const connection = await Connection.connect({ address: await testAddress() });
    opened.push(connection);
    const namespace = 'default';
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    expect(
      Object.keys(customAttributes)
        .filter((name) => name.startsWith('Acas'))
        .sort(),
    ).toEqual(Object.keys(SEARCH_ATTRIBUTES).sort());
    const described = await connection.workflowService.describeNamespace({ namespace });
    expect(Number(described.config?.workflowExecutionRetentionTtl?.seconds)).toBe(30 * 86_400);
  });

  it('is one for the whole run', async () => {
    expect(await testAddress()).toBe(await testAddress());
  });
});

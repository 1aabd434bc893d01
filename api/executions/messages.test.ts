import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '#shared/json.ts';
import { type ApiClient, act, flow, startApi, stepAt, type TestApi } from '../../test/support/api.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;

beforeAll(async () => {
  test = await startApi();
  api = test.api;
});
afterAll(() => test.stop());

const wait = (id: string, event: string): string =>
  JSON.stringify({ id, type: 'wait_for_event', config: { event } });

const waiting = async (...steps: string[]): Promise<string> => {
  const id = await api.execute(await api.create(flow('Waits for events', steps)));
  await api.until(id, ({ status }) => status === 'waiting');
  return id;
};

const send = (id: string, name: string, json?: Json, headers = {}) =>
  api.post(`/api/executions/${id}/messages/${encodeURIComponent(name)}`, {
    headers,
    ...(json !== undefined && { json }),
  });

describe('an event sent to an execution', () => {
  it('lets the step that waits for it go on, and is its output', async () => {
    const id = await waiting(wait('paid', 'paid by {{ workflow.name }}'));
    const view = await api.execution(id);
    expect(stepAt(view, 'paid')).toMatchObject({
      status: 'waiting',
      input: { event: 'paid by Waits for events' },
    });
    const sent = await send(id, 'paid by Waits for events', { amount: 5 });
    expect(sent).toMatchObject({ status: 202, body: { executionId: id } });
    const { status, output } = await api.ended(id);
    expect({ status, output }).toMatchObject({
      status: 'success',
      output: { event: 'paid by Waits for events', data: { amount: 5 } },
    });
  });

  it('may tell nothing, and may come before anything waits for it', async () => {
    const id = await api.execute(
      await api.create(flow('Sent early', [act('one', { takes: 1_000 }), wait('go', 'go')])),
    );
    await api.until(id, (view) => stepAt(view, 'one').status === 'running');
    expect((await send(id, 'go')).status).toBe(202);
    expect((await api.ended(id)).output).toMatchObject({ data: {} });
  });

  it('counts once for one request id, however often it is sent', async () => {
    const id = await waiting(wait('one', 'go'), wait('two', 'go'));
    const headers = { 'x-request-id': 'delivery-1' };
    for (const _ of [1, 2, 3]) expect((await send(id, 'go', 1, headers)).status).toBe(202);
    expect(stepAt(await api.execution(id), 'two').status).toBe('waiting');
    await send(id, 'go', 2);
    expect((await api.ended(id)).output).toMatchObject({ data: 2 });
  });

  it('is refused where nothing can take it, and changes nothing', async () => {
    const id = await api.execute(await api.create(flow('Deaf to events', [act('one', { takes: 1_500 })])));
    await api.until(id, (view) => stepAt(view, 'one').status === 'running');
    const path = `/api/executions/${id}/messages/go`;
    expect(await api.refused('POST', path)).toMatchObject({ status: 409, code: 'message.not_awaited' });
    await api.ended(id);
    expect(await api.refused('POST', path)).toMatchObject({ status: 409, code: 'execution.closed' });
    const unknown = '/api/executions/none/messages/go';
    expect(await api.refused('POST', unknown)).toMatchObject({ status: 404, code: 'execution.not_found' });
  });

  it.each([
    ['larger than a run can keep', 'x'.repeat(132_000), 400, 'request.invalid'],
    ['that poses as a stored value', { $blob: 'sha256-0' }, 400, 'request.reserved_key'],
  ])('with data %s is refused', async (_, json, status, code) => {
    const id = await waiting(wait('paid', 'paid'));
    const refused = await api.refused('POST', `/api/executions/${id}/messages/paid`, { json });
    expect(refused).toMatchObject({ status, code });
    expect(stepAt(await api.execution(id), 'paid').status).toBe('waiting');
  });

  it('is refused once a hundred lie unread', async () => {
    const id = await waiting(wait('paid', 'paid'));
    for (let n = 0; n < 100; n++) await send(id, 'other', n);
    expect(await api.refused('POST', `/api/executions/${id}/messages/other`)).toMatchObject({
      status: 409,
      code: 'message.too_many',
    });
    await send(id, 'paid');
    expect((await api.ended(id)).status).toBe('success');
  });
});

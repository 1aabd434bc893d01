import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ExecutionView } from '#shared/contract/execution.ts';
import type { JsonObject } from '#shared/json.ts';
import { type ApiClient, act, flow, startApi, stepAt, type TestApi } from '../../test/support/api.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;
let failed: ExecutionView;

const yaml = (third: JsonObject): string =>
  flow(
    'Chain',
    [act('one', { output: 1 }), act('two', { output: '{{ steps.one.output + 1 }}' }), act('three', third)],
    {
      variables: [{ name: 'code', type: 'string', default: 'test.bad' }],
    },
  );

beforeAll(async () => {
  test = await startApi();
  api = test.api;
  failed = await api.ended(await api.execute(await api.create(yaml({ fail: '{{ variables.code }}' }))));
});

afterAll(() => test.stop());

/** Paths of the actions that an execution ran itself. */
const ranIn = (id: string): string[] =>
  test.runner.ran.filter((key) => key.includes(`${id}/`)).map((key) => key.slice(key.lastIndexOf('/') + 1));

async function retry(
  id: string,
  json: JsonObject = {},
  headers: Record<string, string> = {},
): Promise<ExecutionView> {
  const { status, body } = await api.post(`/api/executions/${id}/retry`, { json, headers });
  expect(status).toBe(202);
  return api.ended(String(body.executionId));
}

describe('retrying an execution', () => {
  it('runs all of it again without a step, linked to the one it retries', async () => {
    expect(failed).toMatchObject({ status: 'failure', error: { code: 'test.bad', step: 'three' } });
    const view = await retry(failed.executionId);
    expect(view).toMatchObject({
      status: 'failure',
      retryOf: failed.executionId,
      workflowVersion: 1,
      variables: { code: 'test.bad' },
    });
    expect(ranIn(view.executionId)).toEqual(['one', 'two', 'three']);
    const { body } = await api.get('/api/executions');
    expect(body.items).toContainEqual(
      expect.objectContaining({ executionId: view.executionId, retryOf: failed.executionId }),
    );
  });

  it('runs only the failed step, with what was before it taken over', async () => {
    const view = await retry(failed.executionId, { from: 'three', variables: { code: 'test.worse' } });
    expect(view).toMatchObject({ status: 'failure', error: { code: 'test.worse' } });
    expect(ranIn(view.executionId)).toEqual(['three']);
    expect(stepAt(view, 'two')).toMatchObject({ given: true, status: 'success', output: 2 });
    expect(stepAt(view, 'three').given).toBeUndefined();
  });

  it('runs a step in the middle and all that comes after it', async () => {
    const view = await retry(failed.executionId, { from: 'two' });
    expect(ranIn(view.executionId)).toEqual(['two', 'three']);
    expect(stepAt(view, 'one')).toMatchObject({ given: true, output: 1 });
  });

  it('starts one execution for one request id', async () => {
    const headers = { 'x-request-id': 'retry-1' };
    const [one, two] = await Promise.all([
      retry(failed.executionId, {}, headers),
      retry(failed.executionId, {}, headers),
    ]);
    expect(two.executionId).toBe(one.executionId);
    expect((await retry(failed.executionId)).executionId).not.toBe(one.executionId);
  });

  it('follows the latest definition when asked to, and the original one else', async () => {
    await api.ask('PUT', `/api/workflows/${failed.workflowId}`, {
      yaml: yaml({ output: '{{ steps.two.output * 10 }}' }),
    });
    const mended = await retry(failed.executionId, { from: 'three', definition: 'latest' });
    expect(mended).toMatchObject({ status: 'success', output: 20, workflowVersion: 2 });
    expect(ranIn(mended.executionId)).toEqual(['three']);
    expect(await retry(failed.executionId, { from: 'three' })).toMatchObject({
      status: 'failure',
      workflowVersion: 1,
    });
  });

  it('keeps outputs that were pinned in place of steps, wherever it begins', async () => {
    const workflowId = await api.create(yaml({ fail: '{{ variables.code }}' }));
    const first = await api.ended(await api.execute(workflowId, { outputs: { one: 10 } }));
    for (const from of [undefined, 'one', 'two']) {
      const view = await retry(first.executionId, { ...(from !== undefined && { from }) });
      expect(ranIn(view.executionId)).toEqual(['two', 'three']);
      expect(stepAt(view, 'one')).toMatchObject({ given: true, status: 'success', output: 10 });
      expect(stepAt(view, 'two')).toMatchObject({ output: 11 });
    }
    const whole = await retry(first.executionId, { definition: 'latest' });
    expect(ranIn(whole.executionId)).toEqual(['one', 'two', 'three']);
  });

  it('begins inside an iteration of a loop', async () => {
    const loop = {
      id: 'each',
      type: 'loop',
      config: {
        items: [1, 2, 3],
        steps: [
          JSON.parse(act('x', { output: '{{ item }}' })),
          JSON.parse(act('y', { fail: "{{ item == 2 ? 'test.two' : null }}", output: '{{ item * 10 }}' })),
        ],
      },
    };
    const text = flow('Looped', [JSON.stringify(loop)]).replaceAll(
      '"fail":"{{ item == 2 ? \'test.two\' : null }}",',
      '',
    );
    const broken = text.replace(
      '"output":"{{ item * 10 }}"',
      '"output":"{{ item == 2 ? steps.x.output.no.no : item * 10 }}"',
    );
    const workflowId = await api.create(broken);
    const first = await api.ended(await api.execute(workflowId));
    expect(first).toMatchObject({ status: 'failure' });
    expect(first.error?.step).toBe('each[1].y');
    await api.ask('PUT', `/api/workflows/${workflowId}`, { yaml: text });
    const view = await retry(first.executionId, { from: 'each[1].y', definition: 'latest' });
    expect(view).toMatchObject({ status: 'success', output: { items: [10, 20, 30] } });
    expect(ranIn(view.executionId)).toEqual(['each[1].y', 'each[2].x', 'each[2].y'].map((path) => path));
    expect(stepAt(view, 'each[0].y').given).toBe(true);
  });

  it('can be done again to what was itself a retry', async () => {
    const once = await retry(failed.executionId, { from: 'three' });
    const twice = await retry(once.executionId, { from: 'three' });
    expect(twice.retryOf).toBe(once.executionId);
    expect(stepAt(twice, 'one')).toMatchObject({ given: true, output: 1 });
  });

  it('is refused from a step that does not exist, with a suggestion', async () => {
    const refused = await api.refused('POST', `/api/executions/${failed.executionId}/retry`, {
      json: { from: 'thre' },
    });
    expect(refused).toMatchObject({
      status: 422,
      code: 'retry.unknown_step',
      fix: expect.stringContaining('three'),
    });
  });

  it('is refused while the execution still runs', async () => {
    const id = await api.execute(await api.create(flow('Busy', [act('one', { takes: 20_000 })])));
    expect(await api.refused('POST', `/api/executions/${id}/retry`)).toMatchObject({
      status: 409,
      code: 'execution.running',
    });
    await api.post(`/api/executions/${id}/cancel`);
    await api.ended(id);
  });
});

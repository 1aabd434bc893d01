import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ApiClient, act, flow, startApi, stepAt, type TestApi } from '../../test/support/api.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;

beforeAll(async () => {
  test = await startApi();
  api = test.api;
});

afterAll(() => test.stop());

const set = (id: string, values: Record<string, string>): string =>
  JSON.stringify({ id, type: 'set', config: { values } });

describe('an execution', () => {
  it('runs to success and shows the input and output of every step', async () => {
    const id = await api.create(
      flow(
        'Greeting',
        [
          act('one', { output: { n: '{{ variables.n }}' } }),
          set('two', { sum: '{{ steps.one.output.n + 1 }}' }),
        ],
        {
          variables: [{ name: 'n', type: 'number', default: 4 }],
          output: '{{ steps.two.output.sum }}',
        },
      ),
    );
    const started = await api.post(`/api/workflows/${id}/execute`, { json: { trigger: { reason: 'test' } } });
    expect(started.status).toBe(202);
    const view = await api.ended(String(started.body.executionId));
    expect(view).toMatchObject({
      workflowId: id,
      workflowVersion: 1,
      status: 'success',
      triggeredBy: { id: 'manual', type: 'manual', reason: 'test' },
      variables: { n: 4 },
      output: 5,
      error: null,
      retryOf: null,
    });
    expect(view.duration).toBe(Date.parse(String(view.endTime)) - Date.parse(view.startTime));
    expect(view.steps).toHaveLength(2);
    expect(stepAt(view, 'one')).toMatchObject({
      type: 'action',
      action: 'test.act',
      status: 'success',
      attempt: 1,
      input: { output: { n: 4 } },
      output: { n: 4 },
      followed: ['two'],
    });
    expect(stepAt(view, 'two')).toMatchObject({
      type: 'set',
      status: 'success',
      input: { values: { sum: '{{ steps.one.output.n + 1 }}' } },
      output: { sum: 5 },
    });
    for (const step of view.steps) {
      expect(Date.parse(String(step.startTime))).toBeGreaterThanOrEqual(Date.parse(view.startTime));
      expect(step.duration).toBeGreaterThanOrEqual(0);
    }
  });

  it('is one for one idempotency key, however often it is sent', async () => {
    const id = await api.create(flow('Once', [act('only')]));
    const json = { idempotencyKey: 'order-1' };
    const ids = await Promise.all([api.execute(id, json), api.execute(id, json), api.execute(id, json)]);
    await api.ended(ids[0] ?? '');
    ids.push(await api.execute(id, json));
    expect(new Set(ids).size).toBe(1);
    expect(test.runner.ran.filter((key) => key.includes(ids[0] ?? '?'))).toHaveLength(1);
    expect(await api.execute(id, { idempotencyKey: 'order-2' })).not.toBe(ids[0]);
  });

  it('runs the draft on request, and the published version else', async () => {
    const id = await api.create(flow('Drafted', [set('a', { v: 'published' })]));
    const draft = await api.ask('PUT', `/api/workflows/${id}?draft=true`, {
      yaml: flow('Drafted', [set('a', { v: 'draft' })]),
    });
    expect(draft.status).toBe(200);
    expect((await api.ended(await api.execute(id, { draft: true }))).output).toEqual({ v: 'draft' });
    expect((await api.ended(await api.execute(id))).output).toEqual({ v: 'published' });
  });

  it('refuses to run a draft that is not fit to run, with its problems', async () => {
    const created = await api.post('/api/workflows?draft=true', { yaml: 'name: Half\nsteps: [' });
    const id = String(created.body.id);
    const refused = await api.refused('POST', `/api/workflows/${id}/execute`, { json: { draft: true } });
    expect(refused).toMatchObject({ status: 422, code: 'workflow.invalid' });
    expect(refused.problems?.[0]).toMatchObject({ code: 'source.syntax', line: 2 });
    expect(await api.refused('POST', `/api/workflows/${id}/execute`)).toMatchObject({
      status: 409,
      code: 'workflow.not_published',
    });
  });

  it('fails, and is never left running, when an expression cannot be evaluated', async () => {
    const id = await api.create(
      flow('Broken', [act('one', { output: null }), set('two', { v: '{{ steps.one.output.a.b }}' })]),
    );
    const view = await api.ended(await api.execute(id));
    expect(view.status).toBe('failure');
    expect(view.error).toMatchObject({
      code: expect.stringMatching(/^expression\./),
      step: 'two',
      fix: expect.any(String),
    });
    expect(view.error?.details).toMatchObject({ column: expect.any(Number) });
    expect(stepAt(view, 'two')).toMatchObject({ status: 'failure', error: { code: view.error?.code } });
  });

  it('fails when what it refers to is not there at run time', async () => {
    const id = await api.create(flow('Missing', [set('one', { v: '{{ trigger.nothing.here }}' })]));
    const view = await api.ended(await api.execute(id));
    expect(view).toMatchObject({ status: 'failure', error: { step: 'one' } });
  });

  it('fails when a loop reaches its limit', async () => {
    const loop = {
      id: 'turn',
      type: 'loop',
      config: {
        while: 'true',
        maxIterations: 3,
        steps: [{ id: 'x', type: 'set', config: { values: { i: '{{ index }}' } } }],
      },
    };
    const view = await api.ended(
      await api.execute(await api.create(flow('Endless', [JSON.stringify(loop)]))),
    );
    expect(view).toMatchObject({ status: 'failure', error: { code: 'loop.exhausted', step: 'turn' } });
    expect(stepAt(view, 'turn[2].x').output).toEqual({ i: 2 });
  });

  it('shows a retrying step with its attempt and why the last one failed', async () => {
    const policy = { maximumAttempts: 3, initialInterval: '2s' };
    const id = await api.create(
      flow('Flaky', [act('shaky', { flaky: 1, output: 'done' }, { retryPolicy: policy })]),
    );
    const running = await api.execute(id);
    const seen = await api.until(running, (view) => stepAt(view, 'shaky').status === 'retrying');
    expect(stepAt(seen, 'shaky')).toMatchObject({
      attempt: 2,
      lastFailure: 'Not yet.',
      nextAttempt: expect.any(String),
    });
    const view = await api.ended(running);
    expect(stepAt(view, 'shaky')).toMatchObject({ status: 'success', attempt: 2, output: 'done' });
  });

  it('keeps a large output as a reference that can be read', async () => {
    const text = 'x'.repeat(300_000);
    const id = await api.create(flow('Large', [act('big', { output: { text } })]));
    const view = await api.ended(await api.execute(id));
    const { text: kept } = stepAt(view, 'big').output as { text: { $blob: string; bytes: number } };
    expect(kept).toMatchObject({ $blob: expect.stringMatching(/^sha256-/), bytes: text.length + 2 });
    expect((await api.get<string>(`/api/blobs/${kept.$blob}`)).body).toBe(text);
  });

  it('times out and says so, in the view and in the list', async () => {
    const id = await api.create(
      flow('Slow', [act('long', { takes: 30_000 })], { settings: { timeout: '1s' } }),
    );
    const running = await api.execute(id);
    expect(await api.ended(running)).toMatchObject({
      status: 'timeout',
      error: { code: expect.any(String) },
    });
    const { body } = await api.get(`/api/executions?workflowId=${id}&status=timeout`);
    expect(body.items).toMatchObject([{ executionId: running, status: 'timeout' }]);
  });

  it('shows the definition it runs', async () => {
    const id = await api.create(flow('Shown', [act('one')]));
    const { body } = await api.get(`/api/executions/${await api.execute(id)}/definition`);
    expect(body).toMatchObject({ id, name: 'Shown', steps: [{ id: 'one', connections: { outputs: [] } }] });
  });
});

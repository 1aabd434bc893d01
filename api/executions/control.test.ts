import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { type ApiClient, act, flow, startApi, stepAt, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;

beforeAll(async () => {
  test = await startApi();
  api = test.api;
});

afterAll(() => test.stop());

const statusAt = (view: ExecutionView, path: string): string | undefined =>
  view.steps.find((step) => step.path === path)?.status;

const ask = (id: string, what: string, headers: Record<string, string> = {}) =>
  api.post(`/api/executions/${id}/${what}`, { headers });

const running = async (yaml: string, path: string): Promise<string> => {
  const id = await api.execute(await api.create(yaml));
  await api.until(id, (view) => statusAt(view, path) === 'running', `${path} runs`);
  return id;
};

describe('pausing an execution', () => {
  it('lets what runs finish, starts nothing more, and goes on when resumed', async () => {
    const id = await running(
      flow('Pausable', [act('one', { takes: 1_500 }), act('two', { output: 2 })]),
      'one',
    );
    expect((await ask(id, 'pause')).body).toEqual({ executionId: id, status: 'pausing' });
    expect(await api.refused('POST', `/api/executions/${id}/pause`)).toMatchObject({
      status: 409,
      code: 'execution.paused',
    });
    const paused = await api.until(id, ({ status }) => status === 'paused');
    expect(stepAt(paused, 'one').status).toBe('success');
    expect(stepAt(paused, 'two').status).toBe('pending');
    const { body } = await api.get(`/api/executions?status=paused&workflowId=${paused.workflowId}`);
    expect(body.items).toMatchObject([{ executionId: id, status: 'paused' }]);
    expect((await ask(id, 'resume')).status).toBe(202);
    expect(await api.ended(id)).toMatchObject({ status: 'success', output: 2 });
    expect(await api.refused('POST', `/api/executions/${id}/pause`)).toMatchObject({
      status: 409,
      code: 'execution.closed',
    });
  });

  it('acts once for one request id, which may serve for another thing too', async () => {
    const id = await running(flow('Repeated', [act('one', { takes: 1_000 }), act('two')]), 'one');
    const headers = { 'x-request-id': 'the-same' };
    expect((await ask(id, 'pause', headers)).status).toBe(202);
    expect((await ask(id, 'pause', headers)).status).toBe(202);
    expect((await ask(id, 'resume', headers)).status).toBe(202);
    expect((await api.ended(id)).status).toBe('success');
  });

  it('is possible right after the start', async () => {
    const id = await api.execute(await api.create(flow('Hasty', [act('one', { takes: 300 }), act('two')])));
    expect((await ask(id, 'pause')).status).toBe(202);
    await api.until(id, ({ status }) => status === 'paused');
    await ask(id, 'cancel');
    expect((await api.ended(id)).status).toBe('cancelled');
  });

  it('is refused where nothing is paused to resume', async () => {
    const id = await running(flow('Unpaused', [act('one', { takes: 1_000 })]), 'one');
    expect(await api.refused('POST', `/api/executions/${id}/resume`)).toMatchObject({
      status: 409,
      code: 'execution.not_paused',
    });
    await api.ended(id);
  });
});

describe('cancelling an execution', () => {
  it('stops what runs, undoes what was done, and runs the finally list', async () => {
    const undo = {
      errorHandling: { undo: { action: { type: 'test.act', parameters: { output: 'undone' } } } },
    };
    const yaml = flow('Cancelled', [act('one', { output: 1 }, undo), act('two', { takes: 30_000 })], {
      finally: [JSON.parse(act('tidy', { output: '{{ execution.status }}' }))],
    });
    const id = await running(yaml, 'two');
    expect((await ask(id, 'cancel')).status).toBe(202);
    const view = await api.ended(id);
    expect(view.status).toBe('cancelled');
    expect(stepAt(view, 'two').status).toBe('cancelled');
    expect(stepAt(view, 'one.undo')).toMatchObject({
      name: 'Undo: one',
      status: 'success',
      output: 'undone',
    });
    expect(stepAt(view, 'finally.tidy')).toMatchObject({ status: 'success', output: 'cancelled' });
    expect(await api.refused('POST', `/api/executions/${id}/cancel`)).toMatchObject({
      status: 409,
      code: 'execution.closed',
    });
  });

  it('shows one that was terminated in Temporal as what it is', async () => {
    const id = await running(flow('Terminated', [act('one', { takes: 30_000 })]), 'one');
    await test.deps.client.workflow.getHandle(id).terminate('by hand');
    const view = await api.ended(id);
    expect(view).toMatchObject({
      status: 'cancelled',
      error: { code: 'execution.terminated', message: expect.stringContaining('by hand') },
    });
  });
});

describe('a parked step', () => {
  const parked = async (name: string): Promise<string> => {
    const yaml = flow(name, [
      act('shaky', { fail: 'test.bad' }, { errorHandling: { strategy: 'park' } }),
      act('after', { output: '{{ steps.shaky.output }}' }),
    ]);
    const id = await api.execute(await api.create(yaml));
    const view = await api.until(id, (seen) => statusAt(seen, 'shaky') === 'parked');
    expect(view).toMatchObject({ status: 'waiting', endTime: null });
    expect(stepAt(view, 'shaky').error).toMatchObject({ code: 'test.bad' });
    const listed = async (status: string) =>
      (await api.get(`/api/executions?status=${status}&workflowId=${view.workflowId}`)).body.items;
    await eventually(
      async () => JSON.stringify(await listed('waiting')).includes(id),
      'it is listed as waiting',
    );
    expect(await listed('running')).toEqual([]);
    return id;
  };

  it('is completed with an output that stands in for its own', async () => {
    const id = await parked('Completed');
    const reply = await api.post(`/api/executions/${id}/steps/shaky/complete`, {
      json: { output: { by: 'hand' } },
    });
    expect(reply.status).toBe(202);
    expect(await api.ended(id)).toMatchObject({ status: 'success', output: { by: 'hand' } });
  });

  it('is skipped, and then no longer parked', async () => {
    const id = await parked('Skipped');
    expect((await ask(id, 'steps/shaky/skip')).status).toBe(202);
    const view = await api.ended(id);
    expect(stepAt(view, 'shaky').status).toBe('skipped');
    expect(await api.refused('POST', `/api/executions/${id}/steps/shaky/skip`)).toMatchObject({
      status: 409,
    });
  });

  it('is retried, and parks again when it fails again', async () => {
    const id = await parked('Again');
    expect((await ask(id, 'steps/shaky/retry')).status).toBe(202);
    await api.until(id, (view) => statusAt(view, 'shaky') === 'parked');
    expect(test.runner.ran.filter((key) => key.includes(id) && key.includes('shaky')).length).toBeGreaterThan(
      1,
    );
    expect(await api.refused('POST', `/api/executions/${id}/steps/after/skip`)).toMatchObject({
      status: 409,
      code: 'step.not_parked',
    });
    await ask(id, 'cancel');
    expect((await api.ended(id)).status).toBe('cancelled');
  });
});

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '#shared/json.ts';
import { readConfig } from '#shared/node/config.ts';
import { act, flow, startApi, type TestApi } from '../../../test/support/api.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import run from './run.ts';

jest.setTimeout(60_000);

let test: TestApi;
let bench: Bench;
let parent: string;

const define = async (name: string, steps: string[], rest = {}): Promise<string> => {
  const id = await test.api.create(flow(name, steps, rest));
  await test.api.post(`/api/workflows/${id}/publish`);
  return id;
};

beforeAll(async () => {
  test = await startApi();
  bench = makeBench({
    settings: { ...readConfig({}), apiUrl: test.api.url },
    blobs: test.deps.blobs,
  });
  parent = await test.api.execute(await define('Parent', [act('one')]));
});
afterAll(async () => {
  bench.clear();
  await test.stop();
});

let keys = 0;
const runIt = (input: Json, more = {}) =>
  bench.run(run, input, { idempotencyKey: `${parent}/step${keys++}`, ...more });

describe('workflow.run', () => {
  it('waits for the end, tells how it goes, and gives the output', async () => {
    const variables = [{ name: 'who', default: 'nobody' }];
    const workflowId = await define(
      'Greet',
      [act('greet', { output: 'Hello {{ variables.who }}', takes: 300 })],
      {
        variables,
      },
    );
    const told: Json[] = [];
    const report = (progress: Json) => void told.push(progress);
    const done = await runIt({ workflowId, variables: { who: 'Ann' } }, { report });
    expect(done).toEqual({ executionId: expect.any(String), status: 'success', output: 'Hello Ann' });
    expect(told[0]).toEqual({ executionId: done.executionId, status: 'running' });
    expect(told.at(-1)).toEqual({ executionId: done.executionId, status: 'success' });
    const { triggeredBy } = await test.api.execution(done.executionId);
    expect(triggeredBy).toMatchObject({ type: 'workflow', by: parent, depth: 1 });
  });

  it('gives an output whole that was too large to travel', async () => {
    const text = 'x'.repeat(200_000);
    const workflowId = await define('Large', [act('one', { output: { text, small: 1 } })]);
    const { executionId, output } = await runIt({ workflowId });
    expect(output).toEqual({ text, small: 1 });
    expect(JSON.stringify((await test.api.execution(executionId)).output)).toContain('$blob');
  });

  it('starts one execution however often it is tried', async () => {
    const workflowId = await define('Single', [act('one', { output: 1 })]);
    const idempotencyKey = `${parent}/again`;
    const first = await runIt({ workflowId, wait: false }, { idempotencyKey });
    expect(first).toEqual({ executionId: expect.any(String), status: 'running', output: null });
    const then = await runIt({ workflowId }, { idempotencyKey });
    expect(then).toEqual({ executionId: first.executionId, status: 'success', output: 1 });
    expect((await test.api.get(`/api/workflows/${workflowId}/executions`)).body.items).toHaveLength(1);
  });

  it('fails with the error of the execution', async () => {
    const workflowId = await define('Broken', [act('one', { fail: 'test.broken' })]);
    await expect(runIt({ workflowId })).rejects.toMatchObject({
      code: 'workflow.failed',
      message: expect.stringContaining('test.broken'),
      details: { status: 'failure', error: { code: 'test.broken', step: 'one' } },
    });
  });

  it('fails where there is no such workflow, and where it would run itself without end', async () => {
    await expect(runIt({ workflowId: 'absent' })).rejects.toMatchObject({
      code: 'workflow.refused',
      details: { status: 404, code: 'workflow.not_found' },
    });
    const workflowId = await define('Deep', [act('one')]);
    const deep = await test.api.execute(workflowId, { trigger: { type: 'workflow', depth: 10 } });
    await expect(runIt({ workflowId }, { idempotencyKey: `${deep}/step` })).rejects.toMatchObject({
      code: 'workflow.too_deep',
    });
  });

  it('stops trying at once when it is cancelled while the API is away', async () => {
    const settings = { ...readConfig({}), apiUrl: 'http://127.0.0.1:1' };
    const controller = new AbortController();
    const trying = runIt({ workflowId: 'any' }, { settings, signal: controller.signal });
    controller.abort(new Error('CANCELLED'));
    await expect(trying).rejects.toThrow(/CANCELLED|aborted/);
  });

  const inFlight = async (name: string) => {
    const workflowId = await define(name, [act('one', { takes: 8_000, output: 1 })]);
    const controller = new AbortController();
    let child = '';
    const report = (progress: Json) => {
      child = (progress as { executionId: string }).executionId;
    };
    const running = runIt({ workflowId }, { signal: controller.signal, report });
    running.catch(() => undefined);
    await eventually(async () => {
      if (!child) return undefined;
      return (await test.api.execution(child)).steps[0]?.status === 'running' ? true : undefined;
    }, 'the child runs');
    return { controller, running, child };
  };

  it('cancels the execution when it is cancelled itself', async () => {
    const { controller, running, child } = await inFlight('Cancelled');
    controller.abort(new Error('CANCELLED'));
    await expect(running).rejects.toThrow(/CANCELLED|aborted/);
    expect((await test.api.ended(child)).status).toBe('cancelled');
  });

  it('cancels an execution that it was just about to start', async () => {
    const workflowId = await define('Early', [act('one', { takes: 8_000 })]);
    const idempotencyKey = `${parent}/early`;
    const controller = new AbortController();
    const path = `/api/workflows/${workflowId}/executions`;
    const running = runIt({ workflowId }, { signal: controller.signal, idempotencyKey });
    const ended = expect(running).rejects.toThrow(/CANCELLED|aborted/);
    // Its first request is answered, so the next is on its way or will never be.
    await test.api.get(`/api/executions/${encodeURIComponent(parent)}`);
    controller.abort(new Error('CANCELLED'));
    await ended;
    const { items } = (await test.api.get(path)).body as { items: { executionId: string }[] };
    for (const { executionId } of items) expect((await test.api.ended(executionId)).status).toBe('cancelled');
  });

  it('leaves the execution alone when the worker shuts down', async () => {
    const { controller, running, child } = await inFlight('Left');
    controller.abort(new Error('WORKER_SHUTDOWN'));
    await expect(running).rejects.toThrow(/WORKER_SHUTDOWN|aborted/);
    expect((await test.api.ended(child)).status).toBe('success');
  });
});

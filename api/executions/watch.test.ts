import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ExecutionView, executionView } from '#shared/contract/execution.ts';
import type { JsonObject } from '#shared/json.ts';
import { type ApiClient, act, flow, startApi, stepAt, type TestApi } from '../../test/support/api.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;

beforeAll(async () => {
  test = await startApi();
  api = test.api;
});

afterAll(() => test.stop());

interface Told {
  event: string;
  data: unknown;
}

const parse = (text: string): Told[] =>
  text
    .split('\n\n')
    .filter((part) => part.startsWith('event: '))
    .map((part) => {
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(part) ?? [];
      return { event, data: JSON.parse(data) };
    });

async function stream(id: string): Promise<{ told: Told[]; views: ExecutionView[]; type: string | null }> {
  const response = await fetch(`${api.url}/api/executions/${id}/stream`);
  const told = parse(await response.text());
  const views = told
    .filter(({ event }) => event === 'execution')
    .map(({ data }) => executionView.parse(data));
  return { told, views, type: response.headers.get('content-type') };
}

const slow = (name: string): string =>
  flow(name, [act('one', { takes: 1_200, output: 1 }), act('two', { takes: 1_200, output: 2 })]);

describe('the stream of an execution', () => {
  it('tells every watcher of each change once, and ends with the execution', async () => {
    const id = await api.execute(await api.create(slow('Watched')));
    const watchers = await Promise.all([stream(id), stream(id)]);
    for (const { told, views, type } of watchers) {
      expect(type).toMatch(/^text\/event-stream/);
      expect(told.at(-1)).toEqual({ event: 'end', data: {} });
      expect(told.filter(({ event }) => event === 'end')).toHaveLength(1);
      expect(views.some((view) => stepAt(view, 'two').status === 'running')).toBe(true);
      expect(views.at(-1)).toMatchObject({ status: 'success', output: 2 });
      for (const [place, view] of views.entries()) expect(view).not.toEqual(views[place - 1]);
    }
  });

  it('tells the end at once where there is nothing left to watch', async () => {
    const id = await api.execute(await api.create(flow('Over', [act('one')])));
    const view = await api.ended(id);
    expect((await stream(id)).told).toEqual([
      { event: 'execution', data: view },
      { event: 'end', data: {} },
    ]);
  });

  it('survives watchers that leave', async () => {
    const id = await api.execute(await api.create(slow('Left')));
    const leaver = new AbortController();
    const response = await fetch(`${api.url}/api/executions/${id}/stream`, { signal: leaver.signal });
    await response.body?.getReader().read();
    leaver.abort();
    expect((await stream(id)).views.at(-1)?.status).toBe('success');
  });
});

interface History {
  events: { id: number; type: string; step?: string }[];
  execution: ExecutionView;
}

describe('the history of an execution', () => {
  it('shows it as it stood after any event', async () => {
    const id = await api.execute(
      await api.create(flow('Travelled', [act('one', { output: 1 }), act('two', { output: 2 })])),
    );
    const view = await api.ended(id);
    const { body } = await api.get<History>(`/api/executions/${id}/history`);
    expect(body.execution.steps).toEqual(view.steps);
    const done = body.events.find(({ type, step }) => type === 'activity_completed' && step === 'one');
    const scheduled = body.events.find(({ type, step }) => type === 'activity_scheduled' && step === 'two');
    expect(scheduled?.id).toBeGreaterThan(done?.id ?? 0);
    const { body: then } = await api.get<History>(`/api/executions/${id}/history?at=${scheduled?.id}`);
    expect(stepAt(then.execution, 'one')).toMatchObject({ status: 'success', output: 1 });
    expect(stepAt(then.execution, 'two')).toMatchObject({ status: 'running', output: null });
    expect(then.execution).toMatchObject({ status: 'running', endTime: null, duration: null, output: null });
    const { body: first } = await api.get<History>(`/api/executions/${id}/history?at=1`);
    expect(first.execution).toMatchObject({
      status: 'queued',
      endTime: null,
      steps: [{ status: 'pending' }, { status: 'pending' }],
    });
    expect(await api.refused('GET', `/api/executions/${id}/history?at=0`)).toMatchObject({ status: 400 });
  });

  it('tells of the end what there was to tell', async () => {
    const id = await api.execute(await api.create(flow('Failed', [act('one', { fail: 'test.bad' })])));
    const view = await api.ended(id);
    const { body } = await api.get<{ events: JsonObject[]; execution: ExecutionView }>(
      `/api/executions/${id}/history?at=${Number.MAX_SAFE_INTEGER}`,
    );
    expect(body.execution).toEqual(view);
  });
});

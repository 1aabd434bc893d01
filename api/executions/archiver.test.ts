import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ExecutionSummary, ExecutionView } from '#shared/contract/execution.ts';
import { type ApiClient, act, flow, startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { toArchive } from './archived.ts';
import { Archiver } from './archiver.ts';
import { executionId } from './start.ts';

jest.setTimeout(90_000);

let test: TestApi;
let api: ApiClient;
let archiver: Archiver;

beforeAll(async () => {
  test = await startApi();
  api = test.api;
  archiver = new Archiver(test.deps);
});

afterAll(() => test.stop());

/** Sweeps until these are archived: Temporal lists what has closed a little later than it closes. */
const archived = (ids: string[]): Promise<true> =>
  eventually(async () => {
    await archiver.sweep();
    const known = await test.deps.store.executions.archivedAmong(ids);
    return known.size === ids.length || undefined;
  }, 'all are archived');

type Page = { items: ExecutionSummary[]; nextCursor: string | null };

/** Every page of a list; between the pages, something may happen. */
async function pages(
  path: string,
  between: () => Promise<unknown> = async () => undefined,
): Promise<ExecutionSummary[]> {
  const items: ExecutionSummary[] = [];
  let cursor = '';
  do {
    const { body } = await api.get<Page>(`${path}${cursor}`);
    items.push(...body.items);
    cursor = body.nextCursor === null ? '' : `&cursor=${body.nextCursor}`;
    if (cursor !== '') await between();
  } while (cursor !== '');
  return items;
}

const idsOf = (items: ExecutionSummary[]): string[] => items.map(({ executionId }) => executionId);

describe('the archiver', () => {
  let view: ExecutionView;
  let workflowId: string;

  beforeAll(async () => {
    workflowId = await api.create(
      flow(
        'Archived',
        [act('one', { output: { a: [1, null] } }), act('two', { fail: '{{ variables.code }}' })],
        {
          variables: [{ name: 'code', type: 'string', default: 'test.bad' }],
        },
      ),
    );
    view = await api.ended(await api.execute(workflowId, { trigger: { reason: 'archive' } }));
    await archived([view.executionId]);
  });

  it('keeps what the view shows', async () => {
    const record = await test.deps.store.executions.get(view.executionId);
    expect(record).toMatchObject({
      id: view.executionId,
      workflowId,
      status: 'failure',
      startedAt: view.startTime,
      endedAt: view.endTime,
      durationMs: view.duration,
      error: view.error,
      variables: view.variables,
    });
    expect(record?.steps.map(({ path, status, input, output }) => ({ path, status, input, output }))).toEqual(
      view.steps.map(({ path, status, input, output }) => ({ path, status, input, output })),
    );
  });

  it('writes nothing the second time', async () => {
    const { executions } = test.deps.store;
    const before = await executions.get(view.executionId);
    expect(await executions.archivedAmong([view.executionId])).toEqual(new Set([view.executionId]));
    const { execution, steps } = toArchive(view);
    expect(await executions.archive(execution, steps)).toBe(false);
    // Other suites' executions close on the same server meanwhile, so what a sweep counts is not ours alone.
    const written: string[] = [];
    const archive: typeof executions.archive = (record, rows) => {
      written.push(record.id);
      return executions.archive(record, rows);
    };
    const store = { ...test.deps.store, executions: { ...executions, archive } };
    await new Archiver({ ...test.deps, store }).sweep();
    expect(written).not.toContain(view.executionId);
    expect(await executions.get(view.executionId)).toEqual(before);
  });

  it('gives the workflow its statistics', async () => {
    const { metadata } = await api.workflow(workflowId);
    expect(metadata).toMatchObject({
      executions: 1,
      lastRun: view.startTime,
      averageRuntime: view.duration,
      successRate: 0,
    });
  });

  it('keeps the execution readable once Temporal no longer has it', async () => {
    // Under an id that Temporal never had: it takes its time to delete one that it has.
    const executionId = `${view.executionId}-forgotten`;
    const { execution, steps: rows } = toArchive({ ...view, executionId });
    await test.deps.store.executions.archive(execution, rows);
    const kept = await api.execution(executionId);
    expect(kept.note).toMatch(/index/);
    const { steps, temporal, note, ...rest } = kept;
    expect(rest).toEqual({ ...view, executionId, steps: undefined, temporal: undefined });
    expect(steps.map(({ path, status, output, error }) => [path, status, output, error])).toEqual(
      view.steps.map(({ path, status, output, error }) => [path, status, output, error]),
    );
    for (const [method, path] of [
      ['GET', 'history'],
      ['GET', 'definition'],
      ['POST', 'retry'],
    ] as const)
      expect(await api.refused(method, `/api/executions/${executionId}/${path}`)).toMatchObject({
        detail: expect.stringContaining('no longer keeps'),
      });
    expect(await api.refused('POST', `/api/executions/${executionId}/cancel`)).toMatchObject({
      code: 'execution.closed',
    });
  });

  it('lets an idempotency key stand when only the index has the execution', async () => {
    const id = executionId(workflowId, 'long-ago');
    const { execution, steps } = toArchive({ ...view, executionId: id });
    await test.deps.store.executions.archive(execution, steps);
    expect(await api.execute(workflowId, { idempotencyKey: 'long-ago' })).toBe(id);
    expect((await api.execution(id)).note).toBeDefined();
  });

  it('archives by itself once started, and stops when told to', async () => {
    const own = new Archiver(test.deps);
    own.start(50);
    const id = await api.execute(workflowId);
    await api.ended(id);
    await eventually(
      async () => (await test.deps.store.executions.archivedAmong([id])).has(id) || undefined,
      'it is archived',
    );
    await own.stop();
  });
});

describe('the list of executions', () => {
  let workflowId: string;
  let path: string;
  const ids: string[] = [];

  beforeAll(async () => {
    workflowId = await api.create(
      flow('Listed', [act('one', { takes: '{{ variables.takes }}' })], {
        variables: [{ name: 'takes', type: 'number', default: 0 }],
      }),
    );
    path = `/api/executions?workflowId=${workflowId}&limit=3`;
    // Long and short ones in turn, so that what still runs and what has ended lie among one another.
    for (let number = 0; number < 8; number++)
      ids.unshift(await api.execute(workflowId, { variables: { takes: number % 3 === 0 ? 25_000 : 0 } }));
    await Promise.all(ids.filter((_, place) => (7 - place) % 3 !== 0).map((id) => api.ended(id)));
    await eventually(async () => (await pages(path)).length === ids.length || undefined, 'all are listed');
  });

  it('has each once, the latest first, while some run and some are archived between the pages', async () => {
    const closed = ids.filter((_, place) => (7 - place) % 3 !== 0);
    const all = await pages(path, async () => {
      await archived(closed);
      await api.execute(workflowId);
    });
    expect(idsOf(all).filter((id) => ids.includes(id))).toEqual(ids);
    expect(new Set(idsOf(all)).size).toBe(all.length);
  });

  it('filters by status, workflow and time', async () => {
    const running = idsOf(await pages(`${path}&status=running`)).filter((id) => ids.includes(id));
    expect(running).toEqual(ids.filter((_, place) => (7 - place) % 3 === 0));
    const done = await pages(`${path}&status=success`);
    expect(done.every(({ status, endTime }) => status === 'success' && endTime !== null)).toBe(true);
    expect(idsOf(done)).toEqual(expect.arrayContaining(ids.filter((id) => !running.includes(id))));
    expect(await pages(`${path}&status=failure`)).toEqual([]);
    const { startTime } = await api.execution(ids[3] ?? '');
    const since = idsOf(await pages(`${path}&since=${startTime}`)).filter((id) => ids.includes(id));
    expect(since).toEqual(ids.slice(0, 4));
    expect(idsOf(await pages(`${path}&until=${startTime}`))).toEqual(ids.slice(4));
    const { body } = await api.get<Page>(`/api/workflows/${workflowId}/executions?limit=200`);
    expect(idsOf(body.items)).toEqual(expect.arrayContaining(ids));
    expect(await pages('/api/executions?workflowId=nobody&limit=3')).toEqual([]);
  });

  it('shows what the view shows', async () => {
    const { body } = await api.get<Page>(`${path}&status=success`);
    for (const summary of body.items) {
      const { steps, output, variables, temporal, ...rest } = await api.execution(summary.executionId);
      expect(summary).toEqual({
        ...rest,
        triggeredBy: summary.triggeredBy,
        endTime: expect.any(String),
        duration: expect.any(Number),
      });
    }
  });

  afterAll(async () => {
    for (const { executionId } of await pages(`${path}&status=running`))
      await api.post(`/api/executions/${executionId}/cancel`);
  });
});

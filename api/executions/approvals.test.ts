import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import type { ApprovalView } from '#shared/contract/execution.ts';
import { type ApiClient, act, flow, startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;

beforeAll(async () => {
  test = await startApi();
  api = test.api;
});

afterAll(() => test.stop());

const approval = (id: string, message: string): string =>
  JSON.stringify({ id, name: `Ask ${id}`, type: 'approval', config: { message, data: { size: 3 } } });

interface Approvals {
  items: ApprovalView[];
  nextCursor: string | null;
}

const approvals = async (query = ''): Promise<Approvals> =>
  (await api.get<Approvals>(`/api/approvals${query}`)).body;

const count = async (): Promise<number> =>
  (await api.get<{ count: number }>('/api/approvals/count')).body.count;

/** What waits, as `execution/path`, once that is so many steps. */
const waiting = (many: number): Promise<ApprovalView[]> =>
  eventually(async () => {
    const { items } = await approvals();
    return items.length === many ? items : undefined;
  }, `${many} steps wait for a person`);

const start = async (name: string, ...steps: string[]): Promise<string> =>
  api.execute(await api.create(flow(name, steps)));

const end = async (id: string): Promise<void> => {
  await api.post(`/api/executions/${id}/cancel`);
  await api.ended(id);
};

it('nothing waits for a person where nothing runs', async () => {
  expect(await approvals()).toEqual({ items: [], nextCursor: null });
  expect(await count()).toBe(0);
});

it('a step that is to be approved is listed with what is asked, though others of its execution run', async () => {
  const fan = JSON.stringify({
    id: 'fan',
    type: 'parallel',
    config: {
      branches: [
        { id: 'asks', steps: [JSON.parse(approval('ask', 'Publish it?'))] },
        { id: 'works', steps: [JSON.parse(act('work', { takes: 60_000 }))] },
      ],
    },
  });
  const id = await start('Asks and works', fan);
  const [only] = await waiting(1);
  expect(only).toMatchObject({
    executionId: id,
    workflowVersion: 1,
    step: {
      path: 'fan[asks].ask',
      name: 'Ask ask',
      status: 'waiting',
      input: { message: 'Publish it?', data: { size: 3 } },
    },
  });
  expect(await api.execution(id)).toMatchObject({ status: 'running' });
  expect(await count()).toBe(1);
  const listed = await api.get('/api/executions?waitsFor=person');
  expect(listed.body.items).toMatchObject([{ executionId: id, status: 'running' }]);
  await api.post(`/api/executions/${id}/approvals/${encodeURIComponent('fan[asks].ask')}`, {
    json: { approved: true },
  });
  await waiting(0);
  await eventually(async () => ((await count()) === 0 ? true : undefined), 'no execution waits for a person');
  expect(await api.execution(id)).toMatchObject({ endTime: null });
  await end(id);
});

it('all that wait in one execution are listed, and each is gone once it is decided', async () => {
  const branches = ['one', 'two'].map((id) => ({ id, steps: [JSON.parse(approval(`ask_${id}`, `${id}?`))] }));
  const id = await start('Asks twice', JSON.stringify({ id: 'fan', type: 'parallel', config: { branches } }));
  expect((await waiting(2)).map(({ step }) => step.path)).toEqual(['fan[one].ask_one', 'fan[two].ask_two']);
  expect(await count()).toBe(1);
  await api.post(`/api/executions/${id}/approvals/${encodeURIComponent('fan[two].ask_two')}`, {
    json: { approved: true },
  });
  expect((await waiting(1)).map(({ step }) => step.path)).toEqual(['fan[one].ask_one']);
  expect(await count()).toBe(1);
  await end(id);
  await waiting(0);
});

it('a parked step is listed until it is seen to; one whose time has to pass is not', async () => {
  const delayed = await start('Delayed', JSON.stringify({ id: 'nap', type: 'delay', config: { for: '1h' } }));
  const parked = await start(
    'Parks',
    act('bad', { fail: 'test.bad' }, { errorHandling: { strategy: 'park' } }),
  );
  await api.until(delayed, ({ status }) => status === 'waiting');
  expect(await waiting(1)).toMatchObject([
    { executionId: parked, step: { path: 'bad', status: 'parked', error: { code: 'test.bad' } } },
  ]);
  await api.post(`/api/executions/${parked}/steps/bad/skip`);
  await waiting(0);
  await end(delayed);
});

it('the list comes page by page, and none is missing or there twice', async () => {
  const ids = await Promise.all(
    ['a', 'b', 'c', 'd', 'e'].map((name) => start(`Asks ${name}`, approval('ask', `${name}?`))),
  );
  await waiting(5);
  const found: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await approvals(`?limit=2${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    expect(page.items.length).toBeLessThanOrEqual(2);
    found.push(...page.items.map(({ executionId }) => executionId));
    cursor = page.nextCursor;
  }
  expect(found.length).toBe(5);
  expect([...found].sort()).toEqual([...ids].sort());
  await Promise.all(ids.map(end));
});

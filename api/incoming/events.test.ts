import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json, JsonObject } from '#shared/json.ts';
import { readConfig } from '#shared/node/config.ts';
import emit from '#workers/actions/activity/emit.ts';
import raise from '#workers/actions/escalation/raise.ts';
import { type ApiClient, act, flow, startApi, type TestApi } from '../../test/support/api.ts';
import { type Bench, makeBench } from '../../workers/actions/_fixture.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;
let bench: Bench;

beforeAll(async () => {
  test = await startApi();
  api = test.api;
  bench = makeBench({ settings: { ...readConfig({}), apiUrl: api.url } });
});
afterAll(async () => {
  bench.clear();
  await test.stop();
});

/** Publishes a workflow that gives the event it was started by. */
async function listens(
  name: string,
  type: string,
  config: JsonObject,
  rest: JsonObject = {},
): Promise<string> {
  const triggers = [{ id: 'on', type, config }];
  const id = await api.create(flow(name, [act('tell', { output: '{{ trigger }}' })], { triggers, ...rest }));
  await api.post(`/api/workflows/${id}/publish`);
  return id;
}

interface Answer {
  id: number;
  executions: { workflowId: string; executionId: string }[];
  failed: Json[];
}

const send = async (json: Json, path = '/api/events'): Promise<Answer> => {
  const { status, body } = await api.post<Answer & JsonObject>(path, { json });
  expect(status).toBe(202);
  return body;
};

const started = ({ executions }: Answer): string[] => executions.map(({ workflowId }) => workflowId);

describe('an activity event', () => {
  it('starts every workflow that waits for it, by name or pattern, and is what their runs see', async () => {
    const exact = await listens('Exact', 'activity', { event: 'build.failed' });
    const pattern = await listens('Pattern', 'activity', { event: 'build.*' });
    await listens('Other', 'activity', { event: 'deploy.*' });
    const data = { branch: 'main', tries: [1, 2] };
    const answer = await send({ event: 'build.failed', source: 'ci', data });
    expect(started(answer).sort()).toEqual([exact, pattern]);
    const { output, triggeredBy } = await api.ended(String(answer.executions[0]?.executionId));
    const seen = { id: 'on', type: 'activity', event: 'build.failed', source: 'ci', eventId: answer.id };
    expect(output).toMatchObject({ ...seen, data });
    expect(triggeredBy).toMatchObject(seen);
  });

  it('starts only where the condition of the trigger holds', async () => {
    const main = await listens('Main only', 'activity', {
      event: 'push',
      when: "trigger.data.branch == 'main'",
    });
    expect(started(await send({ event: 'push', data: { branch: 'next' } }))).toEqual([]);
    expect(started(await send({ event: 'push', data: { branch: 'main' } }))).toEqual([main]);
  });

  it('is one for one key, however often and however many at once it is sent', async () => {
    const once = await listens('Told once', 'activity', { event: 'once' });
    const sent = { event: 'once', idempotencyKey: 'delivery-1' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(sent)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(started(await send(sent))).toEqual([once]);
    const { body } = await api.get<{ items: Json[] }>(`/api/executions?workflowId=${once}`);
    expect(body.items).toHaveLength(1);
  });

  it('that one workflow cannot take starts the others, and says which and why', async () => {
    const variables = [{ name: 'who', required: true }];
    const broken = await listens('Needs a value', 'activity', { event: 'shared' }, { variables });
    const picky = await listens('Asks too much', 'activity', {
      event: 'shared',
      when: 'trigger.data.a.b == 1',
    });
    const sound = await listens('Sound', 'activity', { event: 'shared' });
    const answer = await send({ event: 'shared' });
    expect(started(answer)).toEqual([sound]);
    expect(answer.failed).toMatchObject([
      { workflowId: picky, code: expect.stringMatching(/^expression\./) },
      { workflowId: broken, code: 'variables.invalid', message: expect.stringContaining('who') },
    ]);
  });

  it('is listed with what came of it, and starts nothing that is off', async () => {
    const off = await listens('Off', 'activity', { event: 'listed' });
    await api.post(`/api/workflows/${off}/disable`);
    const { id } = await send({ event: 'listed', data: 1 });
    const { body } = await api.get<{ items: JsonObject[] }>('/api/events?limit=1');
    expect(body.items).toMatchObject([
      { id, kind: 'activity', event: { event: 'listed', data: 1 }, outcome: { executions: [], failed: [] } },
    ]);
  });

  it.each<[string, JsonObject, string]>([
    ['without a name', { data: 1 }, 'request.invalid'],
    ['with data that is too large', { event: 'a', data: 'x'.repeat(270_000) }, 'request.invalid'],
    ['with a key of the runner’s own', { event: 'a', data: { $blob: 'sha256-0' } }, 'request.reserved_key'],
    ['told by workflows that go round', { event: 'a', depth: 11 }, 'workflow.too_deep'],
  ])('%s is refused and not kept', async (_, json, code) => {
    const before = await api.get('/api/events?limit=1');
    expect(await api.refused('POST', '/api/events', { json })).toMatchObject({ status: 400, code });
    expect((await api.get('/api/events?limit=1')).body).toEqual(before.body);
  });
});

describe('an escalation', () => {
  it('starts the workflows that take up what presses so much', async () => {
    const urgent = await listens('Urgent', 'escalation', { severities: ['high', 'critical'] });
    const all = await listens('All', 'escalation', {});
    const raised = (severity: string) => send({ title: 'Stuck', severity }, '/api/escalations');
    expect(started(await raised('low'))).toEqual([all]);
    const answer = await raised('critical');
    expect(started(answer).sort()).toEqual([all, urgent]);
    const { output } = await api.ended(String(answer.executions[0]?.executionId));
    expect(output).toMatchObject({ type: 'escalation', title: 'Stuck', severity: 'critical', context: {} });
  });
});

describe('a step that tells an event', () => {
  it('tells it once however often it is tried, and as deep as it is', async () => {
    await listens('Heard', 'activity', { event: 'told' });
    await listens('Helper', 'escalation', { when: "trigger.title == 'Help'" });
    const parent = await api.execute(await api.create(flow('Teller', [act('one')])));
    const attempt = { idempotencyKey: `${parent}/tell` };
    const first = await bench.run(emit, { event: 'told', data: { n: 1 } }, attempt);
    expect(await bench.run(emit, { event: 'told', data: { n: 1 } }, attempt)).toEqual(first);
    const { output } = await api.ended(String(first.executions[0]?.executionId));
    expect(output).toMatchObject({ event: 'told', data: { n: 1 }, source: parent, depth: 1 });
    const help = await bench.run(raise, { title: 'Help' }, { idempotencyKey: `${parent}/help` });
    expect(help.executions.map(({ workflowId }) => workflowId)).toContain('helper');
    const deeper = { idempotencyKey: `${first.executions[0]?.executionId}/tell` };
    const second = await bench.run(emit, { event: 'told' }, deeper);
    expect((await api.ended(String(second.executions[0]?.executionId))).output).toMatchObject({ depth: 2 });
  });
});

describe('a command in the chat', () => {
  const say = async (text: string, more: JsonObject = {}, session = 'ops'): Promise<JsonObject> =>
    (await api.post(`/api/chat/sessions/${session}/messages`, { json: { text, author: 'ana', ...more } }))
      .body;
  const said = async (session = 'ops'): Promise<JsonObject[]> =>
    (await api.get<{ items: JsonObject[] }>(`/api/chat/sessions/${session}/messages`)).body.items;

  it('starts the workflow that takes it, and its session says so', async () => {
    const id = await listens('Deploy', 'chat', { command: '/deploy' });
    const { id: messageId } = await say('/deploy web to  staging');
    const [answer] = await said();
    expect(answer).toMatchObject({
      role: 'workflow',
      text: `Started ${id}.`,
      executionId: expect.any(String),
    });
    expect((await api.ended(String(answer?.executionId))).output).toMatchObject({
      type: 'chat',
      command: '/deploy',
      text: 'web to  staging',
      session: 'ops',
      author: 'ana',
      messageId,
    });
  });

  it('sent again under its key starts nothing again', async () => {
    await say('/deploy', { idempotencyKey: 'same' }, 'twice');
    await say('/deploy', { idempotencyKey: 'same' }, 'twice');
    expect((await said('twice')).map(({ text }) => text)).toEqual(['Started deploy.', '/deploy']);
  });

  it('is taken in its session only, by people only, and at the beginning only', async () => {
    await listens('Release', 'chat', { command: '/release', session: 'releases' });
    await say('/release', {}, 'elsewhere');
    expect((await said('elsewhere'))[0]?.text).toBe('No workflow takes the command /release.');
    await say('/release', { role: 'workflow' }, 'releases');
    await say('please /release', {}, 'releases');
    await say('/released', {}, 'releases');
    expect((await said('releases')).map(({ text }) => text)).toEqual([
      'No workflow takes the command /released.',
      '/released',
      'please /release',
      '/release',
    ]);
  });

  it('starts a run of its own although the session of an earlier one is gone, and its number with it', async () => {
    await say('/deploy first', {}, 'gone');
    const [first] = await said('gone');
    await api.ask('DELETE', '/api/chat/sessions/gone');
    await say('/deploy second', {}, 'gone');
    const [second] = await said('gone');
    expect(second?.executionId).not.toBe(first?.executionId);
    expect((await api.ended(String(second?.executionId))).output).toMatchObject({ text: 'second' });
  });

  it('that its workflow cannot take is answered with why', async () => {
    const variables = [{ name: 'who', required: true }];
    await listens('Greet', 'chat', { command: '/greet' }, { variables });
    await say('/greet', {}, 'greets');
    expect((await said('greets'))[0]).toMatchObject({
      text: expect.stringMatching(/^greet could not start: .*who/),
      executionId: null,
    });
  });
});

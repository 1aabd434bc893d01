import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { Json, JsonObject } from '#shared/json.ts';
import { type ApiClient, act, flow, startApi, type TestApi } from '../../test/support/api.ts';

jest.setTimeout(60_000);

const STANDARD = `whsec_${randomBytes(32).toString('base64')}`;
const OLD = `whsec_${randomBytes(32).toString('base64')}`;
const PLAIN = 'a plain secret of somebody';

let test: TestApi;
let api: ApiClient;

beforeAll(async () => {
  test = await startApi();
  api = test.api;
  for (const [name, value] of Object.entries({ STANDARD, OLD, PLAIN }))
    await api.post('/api/secrets', { json: { name, value } });
});
afterAll(() => test.stop());

/** Publishes a workflow that gives what its webhook was told, and returns the webhook's address. */
async function hook(config: JsonObject, name = 'Hooked'): Promise<string> {
  const steps = [act('tell', { output: '{{ trigger }}' })];
  const workflow = await api.create(
    flow(name, steps, { triggers: [{ id: 'call', type: 'webhook', config }] }),
  );
  await api.post(`/api/workflows/${workflow}/publish`);
  return `/hooks/${workflow}/call`;
}

/** The headers that Standard Webhooks ask for. */
const signed = (body: string, { id = 'msg_1', at = new Date(), secret = STANDARD } = {}) => ({
  'content-type': 'application/json',
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1_000)),
  'webhook-signature': new Webhook(secret).sign(id, at, body),
});

const post = (path: string, raw: string, headers: Record<string, string> = {}) =>
  api.post<{ executionId: string | null }>(path, { raw, headers });

const told = async (path: string, raw: string, headers: Record<string, string>): Promise<JsonObject> => {
  const { status, body } = await post(path, raw, headers);
  expect(status).toBe(202);
  const { output } = await api.ended(String(body.executionId));
  return output as JsonObject;
};

const runs = async (path: string): Promise<number> => {
  const { body } = await api.get<{ items: Json[] }>(`/api/executions?workflowId=${path.split('/')[2]}`);
  return body.items.length;
};

const BODY = '{ "action":"opened",  "n": 1 }';

describe('a webhook', () => {
  it('starts a run that sees the call, without what lets callers in', async () => {
    const path = await hook({ secret: 'STANDARD' });
    const headers = { ...signed(BODY), 'x-team': 'core', cookie: 'a=b', 'x-api-key': 'k' };
    const event = await told(`${path}?branch=main`, BODY, headers);
    expect(event).toMatchObject({
      id: 'call',
      type: 'webhook',
      query: { branch: 'main' },
      body: { action: 'opened', n: 1 },
      headers: { 'x-team': 'core', 'webhook-id': 'msg_1' },
    });
    expect(Object.keys(event.headers as JsonObject)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/signature|cookie|key|authorization/)]),
    );
  });

  it('takes a form and text as what they are, and nothing as null', async () => {
    const path = await hook({ auth: 'none' });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await told(path, 'a=1&b=x+y', form)).body).toEqual({ a: '1', b: 'x y' });
    expect((await told(path, '<b>bold</b>', { 'content-type': 'text/html' })).body).toBe('<b>bold</b>');
    expect((await told(path, '', {})).body).toBeNull();
  });

  it('starts one run for one delivery, however often and however many at once', async () => {
    const path = await hook({ secret: 'STANDARD' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(path, BODY, signed(BODY, { id: 'msg_twice' }))),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    const ids = new Set(answers.map(({ body }) => body.executionId));
    expect(ids.size).toBe(1);
    await api.ended(String([...ids][0]));
    await post(path, BODY, signed(BODY, { id: 'msg_twice' }));
    await post(path, BODY, signed(BODY, { id: 'msg_other' }));
    expect(await runs(path)).toBe(2);
  });

  it('starts a run only where its condition holds', async () => {
    const path = await hook({ auth: 'none', when: "trigger.body.action == 'opened'" });
    const json = { 'content-type': 'application/json' };
    expect(await post(path, '{"action":"closed"}', json)).toMatchObject({
      status: 202,
      body: { executionId: null },
    });
    expect((await told(path, BODY, json)).body).toMatchObject({ action: 'opened' });
    const refused = await api.refused('POST', path);
    expect(refused).toMatchObject({ status: 400, code: expect.stringMatching(/^expression\./) });
    expect(await runs(path)).toBe(1);
  });

  it.each([
    [
      'GitHub signs',
      'github',
      { 'x-hub-signature-256': `sha256=${createHmac('sha256', PLAIN).update(BODY).digest('hex')}` },
    ],
    ['a token opens', 'token', { authorization: `Bearer ${PLAIN}` }],
    ['GitLab sends its token', 'token', { 'x-gitlab-token': PLAIN }],
  ])('is called as %s', async (_, auth, headers) => {
    const path = await hook({ auth, secret: 'PLAIN' });
    const json = { 'content-type': 'application/json' };
    expect((await told(path, BODY, { ...json, ...headers })).body).toMatchObject({ n: 1 });
    const wrong = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, `${value}0`]));
    expect(await api.refused('POST', path, { raw: BODY, headers: { ...json, ...wrong } })).toMatchObject({
      status: 401,
      code: 'webhook.unauthorized',
    });
  });

  const now = Date.now();
  it.each<[string, string, Record<string, string>]>([
    ['unsigned', BODY, { 'content-type': 'application/json' }],
    ['signed with another secret', BODY, signed(BODY, { secret: OLD })],
    ['signed over the same JSON in other bytes', JSON.stringify(JSON.parse(BODY)), signed(BODY)],
    ['signed six minutes ago', BODY, signed(BODY, { at: new Date(now - 360_000) })],
    ['signed for six minutes hence', BODY, signed(BODY, { at: new Date(now + 360_000) })],
    ['signed for another delivery', BODY, { ...signed(BODY), 'webhook-id': 'msg_2' }],
    [
      'signed by another algorithm',
      BODY,
      { ...signed(BODY), 'webhook-signature': signed(BODY)['webhook-signature'].replace('v1,', 'v1a,') },
    ],
    ['signed with nothing', BODY, { ...signed(BODY), 'webhook-signature': 'v1,' }],
  ])('that is called %s starts nothing', async (_, raw, headers) => {
    const path = await hook({ secret: 'STANDARD' });
    expect(await api.refused('POST', path, { raw, headers })).toMatchObject({
      status: 401,
      code: 'webhook.unauthorized',
    });
    expect(await runs(path)).toBe(0);
  });

  it('takes the new and the previous secret while senders change over', async () => {
    const path = await hook({ secret: 'STANDARD', previousSecret: 'OLD' });
    expect((await told(path, BODY, signed(BODY, { id: 'a' }))).body).toMatchObject({ n: 1 });
    expect((await told(path, BODY, signed(BODY, { id: 'b', secret: OLD }))).body).toMatchObject({ n: 1 });
  });

  it('takes keys with a meaning in JavaScript as data, and refuses those with one in the runner', async () => {
    const path = await hook({ auth: 'none' });
    const json = { 'content-type': 'application/json' };
    const hostile =
      '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"path":"/etc/passwd"}';
    const { executionId } = (await post(path, hostile, json)).body;
    const { body } = await test.runner.client.workflow.getHandle(String(executionId)).result();
    expect(body).toMatchObject({ constructor: { prototype: { polluted: 1 } }, path: '/etc/passwd' });
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect(({} as JsonObject).polluted).toBeUndefined();
    const posing = { raw: '{"file":{"$blob":"sha256-0"}}', headers: json };
    expect(await api.refused('POST', path, posing)).toMatchObject({
      status: 400,
      code: 'request.reserved_key',
    });
  });

  it('is called with no more than a megabyte, and with JSON that is some', async () => {
    const path = await hook({ auth: 'none' });
    const json = { 'content-type': 'application/json' };
    const large = { raw: `"${'x'.repeat(1_100_000)}"`, headers: json };
    expect(await api.refused('POST', path, large)).toMatchObject({ status: 413, code: 'request.too_large' });
    expect(await api.refused('POST', path, { raw: '{', headers: json })).toMatchObject({
      status: 400,
      code: 'request.malformed_json',
    });
    expect((await told(path, `"${'x'.repeat(900_000)}"`, json)).body).toMatchObject({
      $blob: expect.any(String),
    });
    expect(await runs(path)).toBe(1);
  });

  it('answers only what it says, never as a page', async () => {
    const path = await hook({ auth: 'none' });
    const { headers } = await post(path, '<script>1</script>', { 'content-type': 'text/html' });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('is not there where it is unknown, off, or its workflow is', async () => {
    const path = await hook({ auth: 'none' });
    const workflow = String(path.split('/')[2]);
    const triggers = [{ id: 'call', type: 'webhook', config: { auth: 'none' }, enabled: false }];
    const off = await api.create(flow('Off', [act('tell')], { triggers }));
    await api.post(`/api/workflows/${off}/publish`);
    for (const wrong of [`/hooks/${workflow}/none`, '/hooks/none/call', `/hooks/${off}/call`])
      expect(await api.refused('POST', wrong)).toMatchObject({ status: 404, code: 'webhook.not_found' });
  });

  it('is listed as failing, with the reason, where it could start nothing', async () => {
    await hook({ secret: 'NOT_YET' }, 'Without a secret');
    const { body } = await api.get<{ items: JsonObject[] }>('/api/triggers');
    const stateOf = (id: string) => body.items.find(({ workflowId }) => workflowId === id)?.state;
    expect(stateOf('without-a-secret')).toBe('failing: There is no secret "NOT_YET".');
    expect(stateOf('hooked')).toBe('active');
    expect(await api.refused('POST', '/hooks/without-a-secret/call')).toMatchObject({
      code: 'secret.unknown',
    });
  });
});

describe('the definition of a webhook', () => {
  it.each<[string, JsonObject, string]>([
    ['that is open without saying so', {}, 'secret'],
    ['that is open and has a secret', { auth: 'none', secret: 'STANDARD' }, 'secret'],
    ['with a condition that is none', { auth: 'none', when: 'trigger.body.' }, 'when'],
    ['with a condition on what is not there yet', { auth: 'none', when: 'steps.a.output == 1' }, 'when'],
  ])('%s is refused where it stands', async (_, config, key) => {
    const yaml = flow('Bad', [act('tell')], { triggers: [{ id: 'call', type: 'webhook', config }] });
    const { problems } = await api.refused('POST', '/api/workflows', { yaml });
    expect(problems).toMatchObject([{ path: `triggers[0].config.${key}`, line: expect.any(Number) }]);
  });
});

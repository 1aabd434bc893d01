import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type ApiClient, type Ask, act, flow, startApi, type TestApi } from '../../test/support/api.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;
let before: unknown;

const GOOD = flow('Good', [act('one')], {
  id: 'good',
  variables: [
    { name: 'who', type: 'string', required: true },
    { name: 'any', type: 'object', required: false },
  ],
});

beforeAll(async () => {
  test = await startApi({ worker: false });
  api = test.api;
  await api.create(GOOD);
});

afterAll(() => test.stop());

beforeEach(async () => {
  before = await test.world();
});

/** What a request of a table is refused with; nothing may have changed by it. */
async function refuse(method: string, path: string, ask: Ask) {
  const problem = await api.refused(method, path, ask);
  expect(await test.world()).toEqual(before);
  return problem;
}

const json = (raw: string): Ask => ({ raw, headers: { 'content-type': 'application/json' } });
const execute = '/api/workflows/good/execute';
const who = { who: 'me' };

type Row = [what: string, method: string, path: string, ask: Ask, status: number, code: string];

const ROWS: Row[] = [
  ['a body over 2 MB', 'POST', '/api/workflows', { yaml: 'x'.repeat(10_000_000) }, 413, 'request.too_large'],
  [
    'a definition without a content type',
    'POST',
    '/api/workflows',
    { raw: GOOD, headers: { 'content-type': '' } },
    415,
    'request.content_type',
  ],
  [
    'a definition as a form',
    'POST',
    '/api/workflows',
    { raw: 'name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'request.content_type',
  ],
  [
    'JSON as plain text',
    'POST',
    execute,
    { raw: '{}', headers: { 'content-type': 'text/plain' } },
    415,
    'request.content_type',
  ],
  [
    'a charset nobody knows',
    'POST',
    execute,
    { raw: '{}', headers: { 'content-type': 'application/json; charset=klingon' } },
    415,
    'request.content_type',
  ],
  ['malformed JSON', 'POST', execute, json('{"variables": {'), 400, 'request.malformed_json'],
  ['JSON of the wrong shape', 'POST', execute, { json: { variables: [] } }, 400, 'request.invalid'],
  ['a field nobody knows', 'POST', execute, { json: { variable: {} } }, 400, 'request.invalid'],
  ['a body that is null', 'POST', execute, { json: null }, 400, 'request.invalid'],
  ['a missing variable', 'POST', execute, {}, 422, 'variables.invalid'],
  [
    'an unknown variable',
    'POST',
    execute,
    { json: { variables: { ...who, whoo: 1 } } },
    422,
    'variables.invalid',
  ],
  [
    'a variable of another type',
    'POST',
    execute,
    { json: { variables: { who: 5 } } },
    422,
    'variables.invalid',
  ],
  [
    'a reserved key in the trigger',
    'POST',
    execute,
    { json: { variables: who, trigger: { a: [{ $blob: 'sha256-0' }] } } },
    400,
    'request.reserved_key',
  ],
  [
    'a reserved key in a variable',
    'POST',
    execute,
    { json: { variables: { ...who, any: { $deferred: 1 } } } },
    400,
    'request.reserved_key',
  ],
  [
    'an empty idempotency key',
    'POST',
    execute,
    { json: { variables: who, idempotencyKey: '' } },
    400,
    'request.invalid',
  ],
  ['an unknown workflow', 'GET', '/api/workflows/nobody', {}, 404, 'workflow.not_found'],
  ['running an unknown workflow', 'POST', '/api/workflows/nobody/execute', {}, 404, 'workflow.not_found'],
  ['changing an unknown workflow', 'PUT', '/api/workflows/nobody', { yaml: GOOD }, 404, 'workflow.not_found'],
  ['deleting an unknown workflow', 'DELETE', '/api/workflows/nobody', {}, 404, 'workflow.not_found'],
  ['an unknown version', 'GET', '/api/workflows/good/versions/9', {}, 404, 'workflow.no_version'],
  [
    'a version that is no number',
    'GET',
    '/api/workflows/good/versions/latest',
    {},
    404,
    'workflow.no_version',
  ],
  [
    'a version beyond all numbers',
    'GET',
    '/api/workflows/good/versions/99999999999',
    {},
    404,
    'workflow.no_version',
  ],
  ['an unknown execution', 'GET', '/api/executions/nobody', {}, 404, 'execution.not_found'],
  [
    'the stream of an unknown execution',
    'GET',
    '/api/executions/nobody/stream',
    {},
    404,
    'execution.not_found',
  ],
  [
    'the history of an unknown execution',
    'GET',
    '/api/executions/nobody/history',
    {},
    404,
    'execution.not_found',
  ],
  [
    'the definition of an unknown execution',
    'GET',
    '/api/executions/nobody/definition',
    {},
    404,
    'execution.not_found',
  ],
  ['pausing an unknown execution', 'POST', '/api/executions/nobody/pause', {}, 404, 'execution.not_found'],
  [
    'cancelling an unknown execution',
    'POST',
    '/api/executions/nobody/cancel',
    {},
    404,
    'execution.not_found',
  ],
  ['retrying an unknown execution', 'POST', '/api/executions/nobody/retry', {}, 404, 'execution.not_found'],
  ['a blob that is not there', 'GET', `/api/blobs/sha256-${'0'.repeat(64)}`, {}, 404, 'blob.missing'],
  ['a blob by a path', 'GET', '/api/blobs/..%2f..%2fetc%2fpasswd', {}, 400, 'blob.bad_ref'],
  ['an unknown route', 'GET', '/api/nothing', {}, 404, 'request.no_route'],
  ['a method a route does not have', 'DELETE', '/api/executions', {}, 404, 'request.no_route'],
  ['a path that cannot be decoded', 'GET', '/api/workflows/%E0%A4%A', {}, 400, 'request.malformed'],
  [
    'a stale revision',
    'PUT',
    '/api/workflows/good?revision=1',
    { yaml: GOOD },
    409,
    'workflow.stale_revision',
  ],
  [
    'a stale revision of a draft',
    'PUT',
    '/api/workflows/good?revision=1&draft=true',
    { yaml: GOOD },
    409,
    'workflow.stale_revision',
  ],
  [
    'publishing on a stale revision',
    'POST',
    '/api/workflows/good/publish',
    { json: { revision: 1 } },
    409,
    'workflow.stale_revision',
  ],
  [
    'deleting on a stale revision',
    'DELETE',
    '/api/workflows/good?revision=1',
    {},
    409,
    'workflow.stale_revision',
  ],
  [
    'a revision beyond all numbers',
    'PUT',
    '/api/workflows/good?revision=99999999999',
    { yaml: GOOD },
    400,
    'request.invalid',
  ],
  [
    'a revision that is no number',
    'PUT',
    '/api/workflows/good?revision=new',
    { yaml: GOOD },
    400,
    'request.invalid',
  ],
  ['an id that is taken', 'POST', '/api/workflows', { yaml: GOOD }, 409, 'workflow.exists'],
  [
    'an id that the API has a use for',
    'POST',
    '/api/workflows',
    { yaml: GOOD.replace('"good"', 'actions') },
    422,
    'workflow.invalid',
  ],
  [
    'a definition of another id',
    'PUT',
    '/api/workflows/good',
    { yaml: GOOD.replace('"good"', 'other') },
    422,
    'workflow.invalid',
  ],
  [
    'a copy under an id that is none',
    'POST',
    '/api/workflows/good/duplicate',
    { json: { id: '../x' } },
    400,
    'request.invalid',
  ],
  [
    'a copy under an id that is taken',
    'POST',
    '/api/workflows/good/duplicate',
    { json: { id: 'good' } },
    409,
    'workflow.exists',
  ],
  ['a cursor of nobody, of workflows', 'GET', '/api/workflows?cursor=abc', {}, 400, 'request.bad_cursor'],
  ['a cursor of nobody, of executions', 'GET', '/api/executions?cursor=abc', {}, 400, 'request.bad_cursor'],
  [
    'a cursor of nobody, of versions',
    'GET',
    '/api/workflows/good/versions?cursor=abc',
    {},
    400,
    'request.bad_cursor',
  ],
  ['a limit of none', 'GET', '/api/workflows?limit=0', {}, 400, 'request.invalid'],
  ['a limit of too many', 'GET', '/api/executions?limit=100000', {}, 400, 'request.invalid'],
  ['a limit given twice', 'GET', '/api/executions?limit=1&limit=2', {}, 400, 'request.invalid'],
  ['a status nobody has', 'GET', '/api/executions?status=happy', {}, 400, 'request.invalid'],
  ['a time that is none', 'GET', '/api/executions?since=yesterday', {}, 400, 'request.invalid'],
  ['an export in another format', 'GET', '/api/workflows/good/export?format=xml', {}, 400, 'request.invalid'],
  [
    'a foreign Origin',
    'POST',
    execute,
    { json: { variables: who }, headers: { origin: 'https://evil.example' } },
    403,
    'request.origin',
  ],
  [
    'an Origin of another port',
    'POST',
    execute,
    { json: { variables: who }, headers: { origin: 'http://127.0.0.1:1' } },
    403,
    'request.origin',
  ],
  [
    'an Origin that is null',
    'POST',
    execute,
    { json: { variables: who }, headers: { origin: 'null' } },
    403,
    'request.origin',
  ],
  [
    'a request from another site',
    'POST',
    execute,
    { json: { variables: who }, headers: { 'sec-fetch-site': 'cross-site' } },
    403,
    'request.origin',
  ],
];

describe('a request is refused, and changes nothing, for', () => {
  it.each(ROWS)('%s', async (_what, method, path, ask, status, code) => {
    expect(await refuse(method, path, ask)).toMatchObject({ status, code });
  });
});

describe('a definition is refused', () => {
  const refusal = (yaml: string) => refuse('POST', '/api/workflows', { yaml });

  it('with the line and column of broken YAML', async () => {
    const { status, code, problems } = await refusal('name: Broken\nsteps:\n  - id: a\n   type: set\n');
    expect({ status, code }).toEqual({ status: 422, code: 'workflow.invalid' });
    expect(problems?.[0]).toMatchObject({ code: 'source.syntax', line: 4, column: expect.any(Number) });
  });

  it('with a suggestion for an action that does not exist', async () => {
    const { problems } = await refusal(
      'name: Typo\nsteps:\n  - id: a\n    type: action\n    action: { type: file.raed, parameters: { path: x } }\n',
    );
    expect(problems?.[0]).toMatchObject({
      path: 'steps[0].action.type',
      line: 5,
      fix: expect.stringContaining('file.read'),
    });
  });

  it('when its graph runs in a circle', async () => {
    const to = (id: string) => ({ connections: { outputs: [{ targetStepId: id }] } });
    const { problems } = await refusal(flow('Circle', [act('a', {}, to('b')), act('b', {}, to('a'))]));
    expect(problems?.length).toBeGreaterThan(0);
    expect(JSON.stringify(problems)).toMatch(/cycl|circle/i);
    expect(problems?.[0]?.line).toBeGreaterThan(1);
  });

  it('when a step refers to one that does not exist', async () => {
    const step = JSON.stringify({
      id: 'two',
      type: 'set',
      config: { values: { v: '{{ steps.onne.output }}' } },
    });
    const { problems } = await refusal(flow('Lost', [act('one'), step]));
    expect(problems?.[0]).toMatchObject({ line: 4, fix: expect.stringContaining('one') });
  });

  it('when it is empty', async () => {
    expect((await refusal('')).problems?.[0]?.code).toBe('source.empty');
  });
});

/** The first answer to bytes written to the API as they are. */
function rawAnswer(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(test.port, '127.0.0.1', () => socket.write(text));
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
    socket.once('error', reject);
  });
}

const withHost = (host: string, method = 'GET'): Promise<string> =>
  rawAnswer(`${method} /api/openapi.json HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 5000\r\n\r\n{`);

describe('the Host a request names', () => {
  it.each([
    'evil.example',
    'evil.example:80',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '[::2]',
    'localhost@evil.example',
    '',
    'localhost:x',
  ])('is refused as foreign before the body is read: "%s"', async (host) => {
    const answer = await withHost(host, 'POST');
    expect(answer).toMatch(/^HTTP\/1.1 421 /);
    expect(answer).toContain('"code":"request.host"');
  });

  it.each([
    'localhost',
    'LOCALHOST:4000',
    'localhost.',
    '127.0.0.1:80',
    '[::1]:4000',
    'runner.example.org',
    'runner.example.org.:443',
  ])('is known: "%s"', async (host) => {
    const answer = await rawAnswer(`GET /api/openapi.json HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('the Origin of a request', () => {
  it('may be the interface of the API itself', async () => {
    const { status } = await api.post('/api/workflows/validate', {
      yaml: GOOD,
      headers: { origin: api.url },
    });
    expect(status).toBe(200);
  });

  it('does not keep anybody from reading', async () => {
    const { status } = await api.ask('GET', '/api/workflows', {
      headers: { origin: 'https://evil.example' },
    });
    expect(status).toBe(200);
  });
});

it('no refusal is a fault of the runner, and none is logged as one', () => {
  expect(test.lines).toEqual([]);
});

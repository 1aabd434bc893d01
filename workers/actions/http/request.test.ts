import type { LookupAddress } from 'node:dns';
import { once } from 'node:events';
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '#shared/json.ts';
import type { Attempt, Network } from '../../action.ts';
import { isRefusedAddress } from '../../network/guard.ts';
import { retryAfter } from '../../network/retry-after.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import request from './request.ts';

let bench: Bench;
let server: Server;
let port: number;
let seen: {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}[] = [];
let answer: RequestListener = (_request, response) => void response.end('ok');

beforeAll(async () => {
  bench = makeBench();
  server = createServer(async (incoming, response) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    seen.push({ method: incoming.method, url: incoming.url, headers: incoming.headers, body });
    answer(incoming, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  bench.clear();
});
beforeEach(() => {
  seen = [];
  answer = (_request, response) => void response.end('ok');
});
afterEach(() => server.closeAllConnections());

const base = (): string => `http://127.0.0.1:${port}`;
const send = (input: JsonObject, network: Partial<Network> = {}, more: Partial<Attempt<unknown>> = {}) =>
  bench.run(
    request,
    { url: base(), ...input },
    { network: { allow: [`127.0.0.1:${port}`], ...network }, ...more },
  );

const answersJson = (status: number, body: Json, headers: Record<string, string> = {}): void => {
  answer = (_request, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body));
};

describe('http.request', () => {
  it('gives status, headers, body and where it came from', async () => {
    answersJson(201, { a: 1 });
    await expect(send({ query: { q: 'a b', n: [1, 2] } })).resolves.toMatchObject({
      status: 201,
      body: { a: 1 },
      url: `${base()}/?q=a+b&n=1&n=2`,
      headers: { 'content-type': 'application/json' },
    });
    expect(seen[0]).toMatchObject({ method: 'GET', url: '/?q=a+b&n=1&n=2' });
  });

  it('sends JSON as JSON and text as text, with the same key on every attempt of a step', async () => {
    await send({ method: 'POST', body: { a: 'ä' } });
    await send({ method: 'POST', body: 'plain' }, {}, { attempt: 2 });
    await send({ method: 'POST', body: 'plain' }, {}, { idempotencyKey: 'another' });
    await send({ method: 'GET' });
    expect(seen.map(({ body, headers }) => [body, headers['content-type']])).toEqual([
      ['{"a":"ä"}', 'application/json'],
      ['plain', 'text/plain; charset=utf-8'],
      ['plain', 'text/plain; charset=utf-8'],
      ['', undefined],
    ]);
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
    expect([keys[1] === keys[0], keys[2] === keys[0], keys[3]]).toEqual([true, false, undefined]);
  });

  it('gives bytes as base64, and text as text', async () => {
    answer = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([1, 2, 255]));
    await expect(send({})).resolves.toMatchObject({ body: 'AQL/' });
    answersJson(200, [1]);
    await expect(send({ responseType: 'text' })).resolves.toMatchObject({ body: '[1]' });
    answer = (_request, response) => void response.end('<p>');
    await expect(send({ responseType: 'json' })).rejects.toMatchObject({ code: 'http.not_json' });
  });

  it('refuses headers that would smuggle others', async () => {
    for (const [name, value] of [
      ['a', 'b\r\nc: d'],
      ['a b', 'c'],
      ['transfer-encoding', 'chunked'],
    ] as const)
      await expect(send({ headers: { [name]: value } })).rejects.toMatchObject({ code: 'http.bad_request' });
    expect(seen).toEqual([]);
  });

  it.each([
    'file:///etc/passwd',
    'ftp://127.0.0.1/',
    'data:text/plain,x',
    'gopher://127.0.0.1/',
    'javascript:1',
    'http://',
    'nonsense',
    'http://user:secret@127.0.0.1/',
  ])('does not fetch %s', async (url) => {
    await expect(send({ url }, { allow: ['*'] })).rejects.toMatchObject({
      code: 'http.bad_url',
      message: expect.not.stringContaining('user:secret'),
    });
  });
});

describe('statuses', () => {
  it('that are no success fail the step for good, with the answer', async () => {
    answersJson(404, { error: 'no such thing' });
    await expect(send({})).rejects.toMatchObject({
      code: 'http.status',
      details: { status: 404, body: '{"error":"no such thing"}' },
    });
    await expect(send({})).rejects.not.toHaveProperty('after');
    await expect(send({ expectStatus: [200, 404] })).resolves.toMatchObject({ status: 404 });
  });

  it.each([500, 502, 503, 429, 408])('%i is tried again', async (status) => {
    answersJson(status, null);
    await expect(send({})).rejects.toMatchObject({ code: 'http.status', after: undefined });
    expect(await send({}).catch((thrown) => thrown.constructor.name)).toBe('Retryable');
  });

  it.each([429, 503])('%i is tried again when the server says so', async (status) => {
    answersJson(status, null, { 'retry-after': '7' });
    await expect(send({})).rejects.toMatchObject({ code: 'http.status', after: 7_000 });
  });

  it('reads Retry-After as seconds or a date, within bounds', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    const given = [
      '3',
      'Thu, 01 Jan 2026 00:00:05 GMT',
      'Thu, 01 Jan 1970 00:00:00 GMT',
      '99999999',
      'soon',
      undefined,
    ];
    expect(given.map((header) => retryAfter(header, now))).toEqual([
      3_000,
      5_000,
      0,
      3_600_000,
      undefined,
      undefined,
    ]);
  });
});

describe('addresses', () => {
  it.each([
    'http://127.0.0.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://127.1',
    'http://0',
    'http://0.0.0.0',
    'http://127.0.0.1.',
    'http://[::1]',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[0:0:0:0:0:ffff:127.0.0.1]',
    'http://[::127.0.0.1]',
    'http://[64:ff9b::7f00:1]',
    'http://[2002:7f00:1::]',
    'http://10.1.2.3',
    'http://172.16.0.1',
    'http://192.168.1.1',
    'http://169.254.169.254',
    'http://100.64.0.1',
    'http://224.0.0.1',
    'http://255.255.255.255',
    'http://[fe80::1]',
    'http://[fc00::1]',
    'http://[ff02::1]',
    'http://１２７.0.0.1',
    'http://localhost',
    'http://localhost.',
    'http://LOCALHOST',
  ])('%s is refused', async (url) => {
    await expect(send({ url: `${url}:${port}/` }, { allow: [] })).rejects.toMatchObject({
      code: 'http.address_refused',
    });
    expect(seen).toEqual([]);
  });

  const resolvingTo =
    (...answers: string[][]): LookupFunction =>
    (_name, _options, callback) => {
      const addresses: LookupAddress[] =
        (answers.length > 1 ? answers.shift() : answers[0])?.map((address) => ({ address, family: 4 })) ?? [];
      callback(null, addresses);
    };

  it('are checked as the name resolves, one bad one among several too', async () => {
    for (const lookup of [resolvingTo(['127.0.0.1']), resolvingTo(['8.8.8.8', '127.0.0.1'])])
      await expect(
        send({ url: `http://innocent.example:${port}/` }, { allow: [], lookup }),
      ).rejects.toMatchObject({
        code: 'http.address_refused',
        message: expect.stringContaining(`innocent.example:${port} is 127.0.0.1`),
      });
    expect(seen).toEqual([]);
  });

  it('are those of the connection itself: a name that changes its meaning gains nothing', async () => {
    const lookup = resolvingTo(['127.0.0.1'], ['127.0.0.1']);
    let lookups = 0;
    const counting: LookupFunction = (...given) => {
      lookups += 1;
      return lookup(...given);
    };
    const network = { allow: [`rebinding.example:${port}`], lookup: counting };
    await expect(send({ url: `http://rebinding.example:${port}/` }, network)).resolves.toMatchObject({
      body: 'ok',
    });
    expect(lookups).toBe(1);
  });

  it('may be allowed by host and port, and by nothing less', async () => {
    const allowed = async (allow: string[]) =>
      send({}, { allow }).then(
        () => true,
        () => false,
      );
    expect(
      await Promise.all(
        [[`127.0.0.1:${port}`], ['*'], ['127.0.0.1'], [`127.0.0.1:${port + 1}`], [`localhost:${port}`]].map(
          allowed,
        ),
      ),
    ).toEqual([true, true, false, false, false]);
  });

  it('of the runner itself are refused whatever is allowed', async () => {
    await expect(send({}, { allow: ['*'], ownPorts: [port] })).rejects.toMatchObject({
      code: 'http.address_refused',
    });
  });

  it('of the public internet are not refused', () => {
    expect(['8.8.8.8', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8'].filter(isRefusedAddress)).toEqual(
      [],
    );
    expect(
      ['nonsense', '', '::ffff:10.0.0.1', 'fe80::1%eth0'].filter((address) => !isRefusedAddress(address)),
    ).toEqual([]);
  });
});

describe('redirects', () => {
  const redirect = (response: ServerResponse, status: number, location: string): void =>
    void response.writeHead(status, { location }).end();

  it('are followed five times, and not at all when told so', async () => {
    answer = ({ url }, response) => {
      const hop = Number(url?.slice(1) || 0);
      if (hop < 5) redirect(response, 302, `/${hop + 1}`);
      else response.end('there');
    };
    await expect(send({})).resolves.toMatchObject({ body: 'there', url: `${base()}/5` });
    await expect(send({ followRedirects: false })).resolves.toMatchObject({
      status: 302,
      headers: { location: '/1' },
    });
    answer = (_request, response) => redirect(response, 302, '/');
    await expect(send({})).rejects.toMatchObject({ code: 'http.too_many_redirects' });
  });

  it('are checked like the first address', async () => {
    for (const [location, code] of [
      [`http://[::1]:${port}/`, 'http.address_refused'],
      [`http://localhost:${port + 1}/x`, 'http.address_refused'],
      ['file:///etc/passwd', 'http.bad_url'],
    ]) {
      answer = (_request, response) => redirect(response, 302, String(location));
      await expect(send({})).rejects.toMatchObject({ code });
    }
  });

  it('to another origin drop what was meant for the first', async () => {
    const other = createServer(
      (incoming, response) => void response.end(JSON.stringify(incoming.headers)),
    ).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port: otherPort } = other.address() as AddressInfo;
    try {
      answer = ({ url }, response) =>
        redirect(response, 307, url === '/same' ? '/away' : `http://127.0.0.1:${otherPort}/`);
      const headers = { authorization: 'Bearer x', Cookie: 'a=b', 'X-Other': 'kept' };
      const { body } = await send({ url: `${base()}/same`, headers, responseType: 'json' }, { allow: ['*'] });
      expect(seen.map((one) => one.headers.authorization)).toEqual(['Bearer x', 'Bearer x']);
      expect(body).toMatchObject({ 'x-other': 'kept' });
      expect(Object.keys(body as JsonObject)).not.toEqual(expect.arrayContaining(['authorization']));
      expect(Object.keys(body as JsonObject)).not.toEqual(expect.arrayContaining(['cookie']));
    } finally {
      other.closeAllConnections();
      other.close();
    }
  });

  it.each([
    [301, 'GET', ''],
    [303, 'GET', ''],
    [307, 'POST', 'x'],
    [308, 'POST', 'x'],
  ])('with %i turn a POST into %s', async (status, method, body) => {
    answer = ({ url }, response) =>
      url === '/' ? redirect(response, Number(status), '/next') : void response.end();
    await send({ method: 'POST', body: 'x' });
    expect(seen[1]).toMatchObject({ method, body, url: '/next' });
  });
});

describe('answers that are too much', () => {
  it('are cut off, packed or not', async () => {
    answer = (_request, response) => void response.end('x'.repeat(1_001));
    await expect(send({ maxBytes: 1_000 })).rejects.toMatchObject({ code: 'http.too_large' });
    await expect(send({ maxBytes: 1_001 })).resolves.toMatchObject({ status: 200 });
    const bomb = gzipSync(Buffer.alloc(200_000_000));
    answer = (_request, response) => void response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb);
    const before = process.memoryUsage().rss;
    await expect(send({})).rejects.toMatchObject({ code: 'http.too_large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(150_000_000);
  });

  it('are unpacked where they are not', async () => {
    answer = (_request, response) =>
      void response
        .writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' })
        .end(gzipSync('{"a":1}'));
    await expect(send({})).resolves.toMatchObject({ body: { a: 1 } });
    answer = (_request, response) =>
      void response.writeHead(200, { 'content-encoding': 'gzip' }).end('not packed');
    await expect(send({})).rejects.toMatchObject({ code: 'http.bad_response' });
  });

  it('end with the signal when they are slow', async () => {
    answer = (_request, response) => void response.writeHead(200).write('a');
    const signal = AbortSignal.timeout(200);
    await expect(send({}, {}, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

describe('a server that does not answer', () => {
  it('is tried again, unless the request may have had its effect', async () => {
    answer = (incoming) => void incoming.socket.destroy();
    await expect(send({ method: 'PUT' })).rejects.toMatchObject({ code: 'http.network' });
    await expect(send({ method: 'POST' })).rejects.toMatchObject({ code: 'action.outcome_unknown' });
    answer = () => undefined;
    await expect(send({ method: 'POST' }, {}, { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({
      code: 'action.outcome_unknown',
    });
  });

  it('is tried again where nothing was sent', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port: free } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    await expect(
      send({ url: `http://127.0.0.1:${free}`, method: 'POST' }, { allow: ['*'] }),
    ).rejects.toMatchObject({ code: 'http.network', details: { code: 'ECONNREFUSED' } });
  });
});

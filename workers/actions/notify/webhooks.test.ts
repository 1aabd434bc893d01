import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { eventually } from '../../../test/support/eventually.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import discord from './discord.ts';
import teams from './teams.ts';
import webhook from './webhook.ts';

interface Call {
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

const SECRET_PATH = '/hooks/1/canary-path-8812';

let bench: Bench;
let server: Server;
let host: string;
let calls: Call[];
let answer: { status: number; headers?: Record<string, string>; body?: string } | 'hang' | 'cut';
let open: number;
beforeEach(async () => {
  calls = [];
  open = 0;
  answer = { status: 200, body: '{}' };
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push({
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      if (answer === 'cut') response.destroy();
      else if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  server.on('connection', (socket) => {
    open++;
    socket.on('close', () => open--);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  bench = makeBench({ network: { allow: [host] } });
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  bench.clear();
});

const url = (): string => `http://${host}${SECRET_PATH}`;

const failureOf = (work: Promise<unknown>): Promise<Record<string, unknown>> =>
  work.then(
    () => ({}),
    (thrown: Error) => ({
      ...thrown,
      message: thrown.message,
      stack: thrown.stack,
      cause: String(thrown.cause),
    }),
  );

const headersOf = (call: Call | undefined) => call?.headers as Record<string, string>;

describe('notify.webhook', () => {
  it.each(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'a plain text'])(
    'signs with %j as the standard says',
    async (secret) => {
      const body = { build: 17, text: 'grün\u2028' };
      expect(await bench.run(webhook, { url: url(), body, secret, headers: { 'X-Team': 'a' } })).toEqual({
        id: expect.stringMatching(/^msg_[0-9a-f]{32}$/),
        status: 200,
      });
      const [call] = calls;
      const verifier = secret.startsWith('whsec_')
        ? new Webhook(secret)
        : new Webhook(secret, { format: 'raw' });
      expect(verifier.verify(call?.body ?? '', headersOf(call))).toEqual(body);
      expect(() => verifier.verify(`${call?.body} `, headersOf(call))).toThrow();
      expect(call?.headers).toMatchObject({ 'content-type': 'application/json', 'x-team': 'a' });
    },
  );

  it('has the same id for each attempt of a step, and another for another', async () => {
    const run = (more: object) => bench.run(webhook, { url: url(), body: null }, more);
    const [first, again, other] = [
      await run({}),
      await run({ attempt: 2 }),
      await run({ idempotencyKey: 'x/y' }),
    ];
    expect(again.id).toBe(first.id);
    expect(other.id).not.toBe(first.id);
    expect(calls[0]?.headers['webhook-signature']).toBeUndefined();
  });

  it('takes no headers of its own from outside, and no line breaks', () => {
    const with_ = (name: string, value = 'x') =>
      webhook.input.safeParse({ url: url(), body: 1, headers: { [name]: value } }).success;
    expect(with_('X-Fine')).toBe(true);
    expect(['Webhook-Id', 'webhook-signature', 'Host', 'a b', 'a:b'].filter((name) => with_(name))).toEqual(
      [],
    );
    expect(with_('x', 'a\r\nb')).toBe(false);
  });
});

describe('notify.discord and notify.teams', () => {
  it('posts to Discord without mentions', async () => {
    answer = { status: 200, body: '{"id":"9","channel_id":"8"}' };
    const done = await bench.run(discord, { webhookUrl: url(), content: '@everyone hi', username: 'Bot' });
    expect(done).toEqual({ id: '9', channel: '8' });
    expect(calls[0]?.url).toBe(`${SECRET_PATH}?wait=true`);
    expect(JSON.parse(calls[0]?.body ?? '')).toEqual({
      content: '@everyone hi',
      username: 'Bot',
      allowed_mentions: { parse: [] },
    });
    answer = { status: 204 };
    expect(await bench.run(discord, { webhookUrl: url(), content: 'x' })).toEqual({
      id: null,
      channel: null,
    });
  });

  it('posts a card to Teams', async () => {
    answer = { status: 202 };
    expect(await bench.run(teams, { webhookUrl: url(), title: 'T', content: 'C' })).toEqual({ status: 202 });
    expect(JSON.parse(calls[0]?.body ?? '')).toMatchObject({
      type: 'message',
      attachments: [{ content: { type: 'AdaptiveCard', body: [{ text: 'T' }, { text: 'C', wrap: true }] } }],
    });
  });
});

describe.each([
  ['notify.webhook', webhook, () => ({ url: url(), body: 1 })],
  ['notify.discord', discord, () => ({ webhookUrl: url(), content: 'x' })],
  ['notify.teams', teams, () => ({ webhookUrl: url(), content: 'x' })],
] as const)('%s', (type, action, input) => {
  const run = (more: object = {}) =>
    failureOf(bench.run(action as typeof webhook, input() as { url: string; body: number }, more));

  it('tells final errors from those that time mends, and never shows the URL', async () => {
    const expected: [typeof answer, object][] = [
      [
        { status: 404, body: `no ${SECRET_PATH} here` },
        { code: 'notify.refused', details: { status: 404 } },
      ],
      [{ status: 302, headers: { location: 'http://127.0.0.1:1/x' } }, { code: 'notify.refused' }],
      [{ status: 503 }, { code: 'notify.unavailable' }],
      [
        { status: 429, headers: { 'retry-after': '3' } },
        { code: 'notify.rate_limited', after: 3_000 },
      ],
      ['cut', { code: type === 'notify.webhook' ? 'notify.unavailable' : 'action.outcome_unknown' }],
    ];
    for (const [behaviour, result] of expected) {
      answer = behaviour;
      const failure = await run();
      expect(failure).toMatchObject(result);
      expect(JSON.stringify(failure)).not.toContain('canary-path');
    }
    expect(calls).toHaveLength(expected.length);
  });

  it('is refused where the address is, without showing it', async () => {
    const nowhere = await run({ network: { allow: [] } });
    expect(nowhere.code).toBe('notify.bad_url');
    const own = await run({ network: { allow: ['*'], ownPorts: [Number(host.split(':')[1])] } });
    expect(own.code).toBe('http.address_refused');
    expect(JSON.stringify([nowhere, own])).not.toContain('canary-path');
    const names = type === 'notify.webhook' ? ['url', { body: 1 }] : ['webhookUrl', { content: 'x' }];
    for (const bad of [
      'canary-path',
      'file:///canary-path',
      'https://canary-path:x@example.org/',
      'http://example.org/canary-path',
    ]) {
      const failure = await failureOf(
        bench.run(action as typeof webhook, { [names[0] as string]: bad, ...(names[1] as object) } as never),
      );
      expect(failure.code).toBe('notify.bad_url');
      expect(JSON.stringify({ ...failure, stack: '' })).not.toContain('canary-path');
    }
    expect(calls).toEqual([]);
  });

  it('is tried again when nobody is there', async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    expect(await run()).toMatchObject({ code: 'notify.unavailable' });
  });

  it('ends at once when it is cancelled, and closes the connection', async () => {
    answer = 'hang';
    const stop = new AbortController();
    const failure = run({ signal: stop.signal });
    await eventually(() => calls.length > 0, 'the call is there');
    stop.abort(new Error('cancelled'));
    expect(await failure).toMatchObject({ message: 'cancelled' });
    await eventually(() => open === 0, 'the connection is closed');
  });
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readConfig } from '#shared/node/config.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import send from './send.ts';

jest.setTimeout(60_000);

const settings = (apiUrl: string) => ({ ...readConfig({}), apiUrl });

let test: TestApi;
let bench: Bench;
let server: Server | undefined;

beforeAll(async () => {
  test = await startApi({ worker: false });
  bench = makeBench({ settings: settings(test.api.url) });
});
afterAll(async () => {
  bench.clear();
  await test.stop();
});
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

/** Something that stands where the API should be. */
async function impostor(answer: Parameters<typeof createServer>[1]): Promise<string> {
  server = createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const messages = async (session: string) =>
  (await test.api.get(`/api/chat/sessions/${session}/messages`)).body.items;

describe('chat.send', () => {
  it('says it in the general session, or in one that is made for it', async () => {
    const sent = await bench.run(send, { message: 'Hello' }, { idempotencyKey: 'run-1/each[3].tell' });
    expect(sent).toMatchObject({ messageId: expect.any(Number), session: 'general' });
    expect(await messages('general')).toMatchObject([
      { text: 'Hello', role: 'workflow', author: null, data: null, executionId: 'run-1' },
    ]);
    const more = { session: 'reviews', author: 'Reviewer', data: { score: 3 } };
    await bench.run(send, { message: 'Fine', ...more }, { idempotencyKey: 'run-2/tell' });
    expect(await messages('reviews')).toMatchObject([
      { text: 'Fine', author: 'Reviewer', data: { score: 3 }, executionId: 'run-2' },
    ]);
  });

  it('says it once, however often the step is tried', async () => {
    const again = () =>
      bench.run(send, { message: 'Once', session: 'once' }, { idempotencyKey: 'run-3/tell' });
    const first = await again();
    expect(await Promise.all([again(), again()])).toEqual([first, first]);
    expect(await messages('once')).toHaveLength(1);
  });

  it('may be tried again while the API is away or broken', async () => {
    const apiUrl = await impostor((_, response) => response.writeHead(503).end('away'));
    await expect(bench.run(send, { message: 'x' }, { settings: settings(apiUrl) })).rejects.toMatchObject({
      code: 'chat.unreachable',
      after: undefined,
      details: { status: 503 },
    });
    const nowhere = settings('http://127.0.0.1:1');
    await expect(bench.run(send, { message: 'x' }, { settings: nowhere })).rejects.toMatchObject({
      code: 'chat.unreachable',
      fix: expect.stringContaining('ACAS_API_URL'),
    });
  });

  it('fails for good where the API refuses, with its reason', async () => {
    const data = 'x'.repeat(300_000);
    const refusal = await bench.run(send, { message: 'x', data }).catch((thrown: unknown) => thrown);
    expect(refusal).toMatchObject({
      code: 'chat.refused',
      message: expect.stringContaining('256 KiB'),
      details: { status: 400, code: 'request.invalid' },
    });
    expect(refusal).not.toHaveProperty('after');
  });

  it('lets go of the connection when it is cancelled', async () => {
    let isLeft = false;
    let isAsked = false;
    const apiUrl = await impostor((_, response) => {
      isAsked = true;
      response.on('close', () => {
        isLeft = true;
      });
    });
    const controller = new AbortController();
    const sending = bench.run(
      send,
      { message: 'x' },
      { settings: settings(apiUrl), signal: controller.signal },
    );
    const ended = expect(sending).rejects.toThrow('CANCELLED');
    await eventually(() => isAsked, 'it is asked');
    controller.abort(new Error('CANCELLED'));
    await ended;
    await eventually(() => isLeft, 'the connection is closed');
  });
});

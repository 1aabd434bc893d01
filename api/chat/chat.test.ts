import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { z } from 'zod';
import { chatMessage } from '#shared/contract/chat.ts';
import { type ApiClient, startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';

jest.setTimeout(60_000);

type Message = z.infer<typeof chatMessage>;

let test: TestApi;
let api: ApiClient;

beforeAll(async () => {
  test = await startApi({ worker: false });
  api = test.api;
});

afterAll(() => test.stop());

const say = async (session: string, text: string, more = {}): Promise<Message> =>
  chatMessage.parse(
    (await api.post(`/api/chat/sessions/${session}/messages`, { json: { text, ...more } })).body,
  );

const textsOf = async (path: string): Promise<string[]> =>
  (await api.get<{ items: Message[] }>(`/api/chat/sessions/${path}`)).body.items.map(({ text }) => text);

describe('chat sessions', () => {
  it('are created, read, renamed, listed and deleted', async () => {
    const created = await api.post('/api/chat/sessions', { json: { title: 'Code Reviews' } });
    expect(created.body).toMatchObject({ id: 'code-reviews', title: 'Code Reviews' });
    await api.post('/api/chat/sessions', { json: { id: 'ops' } });
    expect((await api.get('/api/chat/sessions/ops')).body).toMatchObject({ id: 'ops', title: 'ops' });
    const renamed = await api.ask('PUT', '/api/chat/sessions/ops', { json: { title: 'Operations' } });
    expect(renamed.body).toMatchObject({ id: 'ops', title: 'Operations' });
    await say('ops', 'Hello');
    const { body } = await api.get<{ items: { id: string }[] }>('/api/chat/sessions');
    expect(body.items.map(({ id }) => id)).toEqual(['ops', 'code-reviews']);
    expect((await api.ask('DELETE', '/api/chat/sessions/ops')).body).toEqual({ id: 'ops' });
    expect((await api.refused('GET', '/api/chat/sessions/ops/messages')).code).toBe('chat.not_found');
  });

  it.each([
    ['GET', '/absent', undefined, 'chat.not_found', 404],
    ['PUT', '/absent', { title: 'x' }, 'chat.not_found', 404],
    ['DELETE', '/absent', undefined, 'chat.not_found', 404],
    ['GET', '/absent/stream', undefined, 'chat.not_found', 404],
    ['POST', '', {}, 'request.invalid', 400],
    ['POST', '', { id: 'Not A Slug' }, 'request.invalid', 400],
    ['POST', '/Not%20A%20Slug/messages', { text: 'x' }, 'chat.bad_session', 400],
    ['POST', '/ok/messages', { text: '' }, 'request.invalid', 400],
    ['POST', '/ok/messages', { text: 'x', data: 'x'.repeat(300_000) }, 'request.invalid', 400],
  ])('refuse %s %s with %j as %s', async (method, path, json, code, status) => {
    const before = await api.get('/api/chat/sessions');
    const refused = await api.refused(method, `/api/chat/sessions${path}`, json ? { json } : {});
    expect(refused).toMatchObject({ code, status });
    expect((await api.get('/api/chat/sessions')).body).toEqual(before.body);
  });

  it('are not created twice', async () => {
    await api.post('/api/chat/sessions', { json: { id: 'twice' } });
    const refused = await api.refused('POST', '/api/chat/sessions', { json: { id: 'twice' } });
    expect(refused).toMatchObject({ code: 'chat.exists', status: 409 });
  });
});

describe('chat messages', () => {
  it('make their session, and one message for one key', async () => {
    const more = { author: 'ann', data: { n: 1 }, idempotencyKey: 'k' };
    const first = await say('fresh', 'Hi', more);
    expect(first).toMatchObject({ role: 'user', author: 'ann', data: { n: 1 }, sessionId: 'fresh' });
    expect(await say('fresh', 'Hi', more)).toEqual(first);
    expect(await textsOf('fresh/messages')).toEqual(['Hi']);
  });

  it('are read backwards, and on from one that was seen', async () => {
    const ids: number[] = [];
    for (const text of ['1', '2', '3', '4']) ids.push((await say('paged', text)).id);
    const page = await api.get<{ nextCursor: string }>('/api/chat/sessions/paged/messages?limit=3');
    const { nextCursor } = page.body;
    expect(await textsOf('paged/messages?limit=3')).toEqual(['4', '3', '2']);
    expect(await textsOf(`paged/messages?limit=3&cursor=${nextCursor}`)).toEqual(['1']);
    expect(await textsOf(`paged/messages?after=${ids[1]}`)).toEqual(['3', '4']);
  });
});

/** Somebody who watches a session. */
async function watch(path: string, headers: Record<string, string> = {}) {
  const controller = new AbortController();
  const { signal } = controller;
  const response = await fetch(`${api.url}/api/chat/sessions/${path}`, { headers, signal });
  expect(response.headers.get('content-type')).toMatch(/^text\/event-stream/);
  let told = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) told += new TextDecoder().decode(chunk as Uint8Array);
  })().catch((thrown) => {
    if (!signal.aborted) throw thrown;
  });
  const events = () => [...told.matchAll(/id: (\d+)\nevent: message\ndata: (.*)\n\n/g)];
  return {
    ids: () => events().map(([, id]) => Number(id)),
    texts: () => events().map(([, , data]) => chatMessage.parse(JSON.parse(data ?? '')).text),
    until: (count: number) =>
      eventually(() => events().length >= count, `${count} messages, not ${told}`, 5_000),
    told: () => told,
    reading,
    leave: () => controller.abort(),
  };
}

describe('the stream of a session', () => {
  it('tells every watcher of each new message once, also of those another process took', async () => {
    await say('live', 'before');
    const watchers = await Promise.all([watch('live/stream'), watch('live/stream')]);
    await say('live', 'one');
    const key = { role: 'workflow', author: null, data: null, executionId: null, key: 'past' } as const;
    await test.deps.store.chat.append({ sessionId: 'live', text: 'two', ...key });
    await say('other', 'elsewhere');
    for (const watcher of watchers) {
      await watcher.until(2);
      expect(watcher.texts()).toEqual(['one', 'two']);
      watcher.leave();
    }
  });

  it('goes on where a watcher left off', async () => {
    const ids: number[] = [];
    for (const text of ['1', '2', '3']) ids.push((await say('resumed', text)).id);
    const watchers = [
      await watch('resumed/stream', { 'last-event-id': String(ids[0]) }),
      await watch(`resumed/stream?after=${ids[0]}`),
    ];
    for (const watcher of watchers) {
      await watcher.until(2);
      expect(watcher.ids()).toEqual(ids.slice(1));
      watcher.leave();
    }
  });

  it('catches up with more messages than are fetched at a time', async () => {
    const { chat } = test.deps.store;
    const message = { sessionId: 'many', role: 'user', author: null, data: null, executionId: null } as const;
    for (let n = 0; n < 450; n++) await chat.append({ ...message, text: `m${n}`, key: `many ${n}` });
    const watcher = await watch('many/stream?after=0');
    await watcher.until(450);
    expect(watcher.texts()).toEqual(Array.from({ length: 450 }, (_, n) => `m${n}`));
    watcher.leave();
  });

  it('ends when the session is deleted', async () => {
    await say('gone', 'Hi');
    const watcher = await watch('gone/stream');
    await api.ask('DELETE', '/api/chat/sessions/gone');
    await watcher.reading;
    expect(watcher.told()).toMatch(/event: end\ndata: \{\}\n\n$/);
  });
});

import { beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { AiServer, Fault } from '../../test/support/ai-server.ts';
import { eventually } from '../../test/support/eventually.ts';
import { defaultModel } from './cost.ts';
import { askOf, failure, KEY, settingsWith, TOOL, withServer } from './fixture.ts';
import { openProvider, PROVIDERS } from './provider.ts';
import { keyHeader } from './wire.ts';

const { server: running, complete } = withServer();
let server: AiServer;
beforeEach(() => {
  server = running();
});

describe.each(PROVIDERS)('%s', (name) => {
  it('answers, and says what it took', async () => {
    server.say({ text: 'Hello there, world', usage: { input: 1200, output: 34 } });
    const turn = await complete(name, { system: 'Be brief', temperature: 0.5 });
    expect(turn).toMatchObject({
      text: 'Hello there, world',
      toolCalls: [],
      tokens: { input: 1200, output: 34 },
      model: defaultModel(name),
      stopReason: 'end',
    });
    expect(server.requests).toMatchObject([
      {
        provider: name,
        model: defaultModel(name),
        system: 'Be brief',
        messages: [{ role: 'user', text: 'Say something' }],
        maxTokens: 100,
        temperature: 0.5,
        key: KEY,
        idempotencyKey: keyHeader('execution/step'),
      },
    ]);
  });

  it('streams text as it comes, in however odd pieces', async () => {
    const text = 'Grüße, 世界 🌍! '.repeat(20);
    server.say({ text, eventSize: 11, writeSize: 61 });
    const seen: string[] = [];
    const turn = await complete(name, { onText: (soFar) => void seen.push(soFar) });
    expect(turn.text).toBe(text);
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.at(-1)).toBe(text);
    for (const [index, soFar] of seen.entries()) expect(soFar.startsWith(seen[index - 1] ?? '')).toBe(true);
  });

  it('reads any text, torn apart anywhere', async () => {
    const size = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme' }), size, size, async (text, eventSize, writeSize) => {
        server.say({ text, eventSize, writeSize: writeSize * 20 });
        expect((await complete(name)).text).toBe(text);
      }),
      { numRuns: 10 },
    );
  });

  it('calls tools and takes their results, with what the provider needs back', async () => {
    server.say({
      text: 'Let me look.',
      toolCalls: [
        { name: 'look_up', arguments: { word: 'ärger' } },
        { name: 'look_up', arguments: { word: 'b' } },
      ],
      signature: 'c2lnbmVk',
      eventSize: 3,
    });
    const first = await complete(name, { tools: [TOOL] });
    expect(first).toMatchObject({ text: 'Let me look.', stopReason: 'tool_calls' });
    expect(first.toolCalls).toMatchObject([
      { name: 'look_up', arguments: { word: 'ärger' } },
      { name: 'look_up', arguments: { word: 'b' } },
    ]);
    const [one, two] = first.toolCalls;
    expect(one?.id).not.toBe(two?.id);
    expect(server.requests[0]?.tools).toEqual([TOOL]);

    server.say('Found.');
    const second = await complete(name, {
      tools: [TOOL],
      messages: [
        ...askOf(name).messages,
        {
          role: 'assistant',
          content: [{ type: 'text', text: first.text }],
          toolCalls: first.toolCalls,
          // Stored and read again meanwhile.
          raw: JSON.parse(JSON.stringify(first.raw ?? null)),
        },
        {
          role: 'tool',
          results: [
            { callId: one?.id ?? '', name: 'look_up', content: 'anger', isError: false },
            { callId: two?.id ?? '', name: 'look_up', content: 'no such word', isError: true },
          ],
        },
      ],
    });
    expect(second.text).toBe('Found.');
    const request = server.requests[1];
    const said = request?.messages.flatMap(({ toolCalls }) => toolCalls);
    expect(said).toMatchObject([
      { name: 'look_up', arguments: { word: 'ärger' } },
      { name: 'look_up', arguments: { word: 'b' } },
    ]);
    const results = request?.messages.flatMap((message) => message.results);
    expect(results).toMatchObject([
      { content: 'anger', isError: false },
      { content: expect.stringContaining('no such word'), isError: true },
    ]);
    if (name !== 'gemini')
      expect(results?.map(({ callId }) => callId)).toEqual(first.toolCalls.map(({ id }) => id));
    if (name !== 'openai') expect(JSON.stringify(request?.body)).toContain('c2lnbmVk');
  });

  it('goes on with a conversation that another provider began', async () => {
    server.say('Yes.');
    await complete(name, {
      messages: [
        ...askOf(name).messages,
        {
          role: 'assistant',
          content: [{ type: 'text', text: 'Looking' }],
          toolCalls: [{ id: 'x1', name: 'look_up', arguments: { word: 'a' } }],
          raw: { provider: 'somebody else', content: [] },
        },
        { role: 'tool', results: [{ callId: 'x1', name: 'look_up', content: 'A', isError: false }] },
      ],
    });
    expect(server.requests[0]?.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', text: 'Looking', toolCalls: [{ name: 'look_up', arguments: { word: 'a' } }] },
      { role: 'tool', results: [{ content: 'A' }] },
    ]);
  });

  it('sends images and files', async () => {
    server.say('A picture and a paper.');
    await complete(name, {
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image', mediaType: 'image/png', data: 'aW1hZ2U=' },
            { type: 'file', name: 'a.pdf', mediaType: 'application/pdf', data: 'cGRm' },
            { type: 'text', text: 'What is it?' },
          ],
        },
      ],
    });
    expect(server.requests[0]?.messages).toMatchObject([
      { role: 'user', text: 'What is it?', attached: ['image/png', 'application/pdf'] },
    ]);
  });

  it('sends a schema in its own way', async () => {
    server.say('{"a":1}');
    const schema = {
      type: 'object',
      properties: { a: { type: 'number' } },
      required: ['a'],
      additionalProperties: false,
    };
    await complete(name, { schema });
    expect(server.requests[0]?.schema).toEqual(schema);
  });

  it('shows that it was cut off, and that it refused', async () => {
    server.say({ text: 'Once upon', stop: 'max_tokens' }, { text: 'I would rather not.', stop: 'refusal' });
    await expect(complete(name)).resolves.toMatchObject({ text: 'Once upon', stopReason: 'max_tokens' });
    await expect(complete(name)).resolves.toMatchObject({ stopReason: 'refusal' });
  });

  it.each<[Fault, string, 'retryable' | 'terminal']>([
    ['rate_limit', 'ai.rate_limited', 'retryable'],
    ['server_error', 'ai.unavailable', 'retryable'],
    ['overloaded', 'ai.unavailable', 'retryable'],
    ['reset', 'ai.unreachable', 'retryable'],
    ['malformed_body', 'ai.bad_answer', 'retryable'],
    ['malformed_stream', 'ai.bad_answer', 'retryable'],
    ['stream_error', 'ai.unavailable', 'retryable'],
    ['cut', 'ai.bad_answer', 'retryable'],
    ['early_end', 'ai.bad_answer', 'retryable'],
    ['wrong_key', 'ai.key_refused', 'terminal'],
    ['no_quota', 'ai.quota_exhausted', 'terminal'],
    ['context_too_long', 'ai.context_too_long', 'terminal'],
    ['refused', 'ai.request_refused', 'terminal'],
  ])('takes the fault %s as %s, which is %s, after one request', async (fault, code, kind) => {
    // Gemini says it has no quota in the words of a rate limit: it comes back, so it is tried again.
    const isGeminiQuota = name === 'gemini' && fault === 'no_quota';
    server.say({ fault });
    const error = await failure(complete(name));
    expect(error).toMatchObject({ code: isGeminiQuota ? 'ai.rate_limited' : code });
    expect('after' in error).toBe(isGeminiQuota || kind === 'retryable');
    expect(error.message).toContain(name);
    if (fault !== 'reset') expect(error.message).toContain(defaultModel(name));
    expect(server.requests).toHaveLength(1);
  });

  it('says what the provider said, bounded and without the key', async () => {
    server.say({ fault: 'wrong_key', words: `Bad key ${KEY}. ${'long '.repeat(1000)}` });
    const error = await failure(complete(name));
    expect(error.message).toContain('Bad key [key]');
    expect(error.message.length).toBeLessThan(1_000);
    expect(
      JSON.stringify([error, error.message, error.details, error.stack, String(error.cause)]),
    ).not.toContain(KEY);
  });

  it.each([
    [{ 'retry-after': '7' }, 7_000],
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1_500],
  ])('waits as long as %j says', async (headers: Record<string, string>, after) => {
    server.say({ fault: 'rate_limit', headers });
    expect(await failure(complete(name))).toMatchObject({ after });
  });

  it('waits until a date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    server.say({ fault: 'overloaded', headers: { 'retry-after': date } });
    const { after = 0 } = await failure(complete(name));
    expect(after).toBeGreaterThan(50_000);
    expect(after).toBeLessThanOrEqual(60_000);
  });

  it.each<Fault>(['hang', 'stall'])('leaves no connection when cancelled during a %s', async (fault) => {
    server.say({ fault });
    const abort = new AbortController();
    const work = failure(complete(name, { signal: abort.signal }));
    await eventually(() => server.requests.length === 1, 'the request is there');
    abort.abort(new Error('cancelled by the test'));
    expect((await work).message).toBe('cancelled by the test');
    await eventually(() => server.requests[0]?.state === 'left', 'the connection is closed');
  });

  it('asks nothing when cancelled before', async () => {
    await expect(complete(name, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    );
    expect(server.requests).toHaveLength(0);
  });

  it('follows no redirect, which would take the key along', async () => {
    server.say({ status: 307, body: {}, headers: { location: `${server.url}/elsewhere/messages` } });
    expect(await failure(complete(name))).toMatchObject({ code: 'ai.request_refused' });
    expect(server.requests).toHaveLength(1);
  });

  it('needs a key for the official server, and says where it goes', () => {
    const { message, fix, code } = (() => {
      try {
        openProvider(name, settingsWith(undefined, null), { network: { allow: [] } });
      } catch (thrown) {
        return thrown as Error & { fix: string; code: string };
      }
      throw new Error('it did not fail');
    })();
    expect(code).toBe('ai.no_key');
    expect(message).toContain(name);
    expect(fix).toMatch(/(ANTHROPIC|OPENAI|GEMINI)_API_KEY.*apiKey/);
  });
});

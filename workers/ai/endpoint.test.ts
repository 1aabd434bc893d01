import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AiServer } from '../../test/support/ai-server.ts';
import { askOf, failure, KEY, settingsWith, TOOL, withServer } from './fixture.ts';
import { openProvider, PROVIDERS, type ProviderName } from './provider.ts';
import { limited } from './wire.ts';

const { server: running, complete } = withServer();
let server: AiServer;
beforeEach(() => {
  server = running();
});

describe('a base URL given by a step', () => {
  const given = (name: ProviderName, more: { apiKey?: string }, allow: string[] = []) =>
    openProvider(name, settingsWith(), {
      baseUrl: server.baseUrl(name),
      network: { allow },
      ...more,
    }).complete(askOf(name));

  it.each(PROVIDERS)('is held to the address guard (%s)', async (name) => {
    expect(await failure(given(name, {}))).toMatchObject({ code: 'http.address_refused' });
    expect(server.requests).toHaveLength(0);
  });

  it.each(PROVIDERS)("never gets the worker's key, only the one given with it (%s)", async (name) => {
    server.say('one', 'two');
    const allow = [`127.0.0.1:${server.port}`];
    await given(name, {}, allow);
    await given(name, { apiKey: 'their-own' }, allow);
    expect(server.requests.map(({ key }) => key)).toEqual([undefined, 'their-own']);
    expect(JSON.stringify(server.requests)).not.toContain(KEY);
  });

  it("is refused at the runner's own ports, and so is the operator's", async () => {
    const network = { allow: [], ownPorts: [server.port] };
    expect(
      await failure(
        openProvider('claude', settingsWith(server.baseUrl('claude')), { network }).complete(askOf('claude')),
      ),
    ).toMatchObject({
      code: 'http.address_refused',
    });
  });

  it('must be one', () => {
    const options = { baseUrl: 'file:///etc/passwd', network: { allow: [] } };
    expect(() => openProvider('openai', settingsWith(), options)).toThrow('only http and https');
  });
});

describe('the environment', () => {
  const names = {
    ANTHROPIC_CUSTOM_HEADERS: 'x-sneaky: 1\nauthorization: Bearer stolen',
    ANTHROPIC_AUTH_TOKEN: 'stolen',
    OPENAI_CUSTOM_HEADERS: 'x-sneaky: 1\nauthorization: Bearer stolen',
    OPENAI_ORG_ID: 'stolen',
    OPENAI_API_KEY: 'stolen',
    ANTHROPIC_API_KEY: 'stolen',
    GEMINI_API_KEY: 'stolen',
    GOOGLE_GENAI_USE_VERTEXAI: 'true',
  };

  it.each(PROVIDERS)('is read by configuration only, never by the SDK (%s)', async (name) => {
    const before = { ...process.env };
    Object.assign(process.env, names);
    try {
      server.say('Hello');
      const settings = settingsWith(server.baseUrl(name), null);
      await openProvider(name, settings, { network: { allow: [] } }).complete(askOf(name));
    } finally {
      for (const variable of Object.keys(names)) delete process.env[variable];
      Object.assign(process.env, before);
    }
    expect(server.requests[0]?.key).toBeUndefined();
    expect(JSON.stringify(server.requests[0]?.headers)).not.toMatch(/stolen|sneaky/);
  });
});

describe('models that err', () => {
  it.each(['claude', 'openai'] as const)('write arguments that are no JSON (%s)', async (name) => {
    server.say({ toolCalls: [{ name: 'look_up', text: '{"word": "a' }], stop: 'max_tokens' });
    const { toolCalls } = await complete(name, { tools: [TOOL] });
    expect(toolCalls).toMatchObject([{ name: 'look_up', arguments: {}, malformed: '{"word": "a' }]);
  });

  it('give Gemini calls the same id when asked the same again, and another in the next turn', async () => {
    server.script(() => ({ toolCalls: [{ name: 'look_up', arguments: {} }] }));
    const ids = [];
    for (const idempotencyKey of ['a/1', 'a/1', 'a/2'])
      ids.push((await complete('gemini', { idempotencyKey })).toolCalls[0]?.id);
    expect(ids[0]).toBe(ids[1]);
    expect(ids[0]).not.toBe(ids[2]);
  });

  it.each(PROVIDERS)('answer with a line that is longer than is read (%s)', async (name) => {
    server.say({ text: 'x'.repeat(5_000_000), eventSize: 5_000_000 });
    expect(await failure(complete(name))).toMatchObject({ code: 'ai.answer_too_large' });
  });

  it('answer more than is read, however short the lines', async () => {
    const errors: unknown[] = [];
    const lines = limited(100, 50, (error) => void errors.push(error));
    const writer = lines.writable.getWriter();
    const written = (async () => {
      for (let line = 0; line < 50; line++) await writer.write(Buffer.from('data: 1\n\n'));
    })();
    const read = (async () => {
      for await (const _ of lines.readable as unknown as AsyncIterable<Uint8Array>);
    })();
    await expect(read).rejects.toMatchObject({ code: 'ai.answer_too_large' });
    await expect(written).rejects.toMatchObject({ code: 'ai.answer_too_large' });
    expect(errors).toHaveLength(1);
  });
});

describe('parameters that differ', () => {
  it('limit tokens by the name that the server knows', async () => {
    server.script(() => 'ok');
    await complete('openai', { model: 'gpt-5.4' });
    await complete('openai', { model: 'llama3.3' });
    await complete('openai', { model: 'gpt-oss:20b' });
    expect(
      server.requests.map(({ body }) => Object.keys(body).filter((key) => key.startsWith('max_'))),
    ).toEqual([['max_completion_tokens'], ['max_tokens'], ['max_tokens']]);
  });

  it('ask Claude by the API version that takes a temperature only where one is given', async () => {
    server.script(() => 'ok');
    await complete('claude');
    await complete('claude', { temperature: 0 });
    const versions = server.requests.map(({ headers }) => headers['anthropic-version']);
    expect(versions[0]).not.toBe(versions[1]);
    expect(versions[1]).toBe('2023-06-01');
  });

  it('put a schema that cannot be enforced into words', async () => {
    server.script(() => '{}');
    const schema = { type: 'object', additionalProperties: { type: 'number' } };
    await complete('claude', { schema });
    await complete('openai', { schema });
    for (const { system } of server.requests) expect(system).toContain('"additionalProperties"');
    expect(server.requests[0]?.schema).toBeUndefined();
  });
});

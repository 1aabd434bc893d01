import { describe, expect, it } from '@jest/globals';
import { enforceable } from './claude.ts';
import { isStrict } from './openai.ts';
import type { Ask, Provider, Turn } from './provider.ts';
import { askFor } from './structured.ts';

const SCHEMA = {
  type: 'object',
  properties: { topic: { type: 'string' }, score: { type: 'number', minimum: 0 } },
  required: ['topic', 'score'],
  additionalProperties: false,
};

/** A provider that says what it is told, and remembers what it was asked. */
function scripted(...turns: Partial<Turn>[]): Provider & { asked: Ask[] } {
  const asked: Ask[] = [];
  return {
    name: 'claude',
    asked,
    complete: async (ask) => {
      const turn = turns[asked.length];
      asked.push(ask);
      if (!turn) throw new Error('asked once too often');
      const tokens = { input: 1000, output: 100 };
      return { text: '', toolCalls: [], tokens, model: 'claude-haiku-4-5', stopReason: 'end', ...turn };
    },
  };
}

const ask: Ask = {
  model: 'claude-haiku-4-5',
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Judge' }] }],
  schema: SCHEMA,
  maxTokens: 100,
  signal: new AbortController().signal,
  idempotencyKey: 'execution/step',
};

describe('askFor', () => {
  it('gives the answer as data where it follows the schema', async () => {
    const reply = await askFor(scripted({ text: '{"topic":"tree","score":3}' }), ask);
    expect(reply).toMatchObject({ data: { topic: 'tree', score: 3 }, cost: 0.0015 });
  });

  it('reads JSON in a code fence', async () => {
    const reply = await askFor(scripted({ text: '```json\n{"topic":"tree","score":3}\n```' }), ask);
    expect(reply.data).toEqual({ topic: 'tree', score: 3 });
  });

  it('leaves an answer alone where no schema is given', async () => {
    const reply = await askFor(scripted({ text: '{"topic":' }), { ...ask, schema: undefined });
    expect(reply.data).toBeUndefined();
  });

  it('lets the model mend it once, says what is wrong, and adds up', async () => {
    const provider = scripted({ text: '{"topic":1}', raw: { a: 1 } }, { text: '{"topic":"tree","score":3}' });
    const reply = await askFor(provider, ask);
    expect(reply).toMatchObject({
      data: { topic: 'tree', score: 3 },
      tokens: { input: 2000, output: 200 },
      cost: 0.003,
    });
    const [, repair] = provider.asked;
    expect(repair?.idempotencyKey).toBe('execution/step/repair');
    expect(repair?.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', content: [{ text: '{"topic":1}' }], raw: { a: 1 } },
      {
        role: 'user',
        content: [{ text: expect.stringMatching(/topic must be string[\s\S]*score|score[\s\S]*topic/) }],
      },
    ]);
  });

  it('gives up after one repair, and shows the answer', async () => {
    const provider = scripted({ text: 'Well,' }, { text: 'you see…' });
    await expect(askFor(provider, ask)).rejects.toMatchObject({
      code: 'ai.invalid_output',
      details: { response: 'you see…' },
    });
    expect(provider.asked).toHaveLength(2);
  });

  it('asks for no repair of what was cut off or refused', async () => {
    const cut = scripted({ text: '{"topic":', stopReason: 'max_tokens' });
    await expect(askFor(cut, ask)).rejects.toMatchObject({
      code: 'ai.invalid_output',
      fix: 'Raise maxTokens.',
    });
    const refusal = scripted({ text: 'No.', stopReason: 'refusal' });
    const reply = await askFor(refusal, ask);
    expect(reply.turn.stopReason).toBe('refusal');
    expect('data' in reply).toBe(false);
  });

  it('has no cost where one of the answers has none', async () => {
    const provider = scripted({ text: 'x', model: 'llama' }, { text: '{"topic":"a","score":1}' });
    await expect(askFor(provider, { ...ask, model: 'llama' })).resolves.toMatchObject({ cost: null });
  });

  it('refuses a schema that is none, before anything is asked', async () => {
    const provider = scripted();
    const work = askFor(provider, { ...ask, schema: { type: 'nonsense' } });
    await expect(work).rejects.toMatchObject({ code: 'ai.bad_schema' });
    expect(provider.asked).toHaveLength(0);
  });

  it('takes schemas of draft-07', async () => {
    const schema = { $schema: 'http://json-schema.org/draft-07/schema#', ...SCHEMA };
    const reply = await askFor(scripted({ text: '{"topic":"a","score":1}' }), { ...ask, schema });
    expect(reply.data).toEqual({ topic: 'a', score: 1 });
  });
});

describe('what providers can enforce', () => {
  it('is, for OpenAI, an object that names and requires all it holds', () => {
    expect(isStrict(SCHEMA)).toBe(true);
    expect(isStrict({ ...SCHEMA, required: ['topic'] })).toBe(false);
    expect(isStrict({ ...SCHEMA, additionalProperties: true })).toBe(false);
    expect(isStrict({ ...SCHEMA, properties: { topic: { type: 'object' }, score: {} } })).toBe(false);
    expect(isStrict({ type: 'array', items: SCHEMA })).toBe(false);
  });

  it('is, for Claude, what has no free keys; limits become words', () => {
    expect(JSON.stringify(enforceable(SCHEMA))).toContain('minimum');
    expect(enforceable(SCHEMA)).toMatchObject({ type: 'object', required: ['topic', 'score'] });
    expect(enforceable({ type: 'object' })).toBeUndefined();
    expect(enforceable({ type: 'object', properties: {}, additionalProperties: true })).toBeUndefined();
    expect(enforceable({ properties: { a: {} } })).toBeUndefined();
  });
});

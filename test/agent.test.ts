import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ExecutionView, StepView } from '#shared/contract/execution.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { fingerprint } from '#workers/plugins/fingerprint.ts';
import { type AiRequest, type AiServer, type Answer, startAiServer } from './support/ai-server.ts';
import { type Effects, startEffects } from './support/effects.ts';
import { eventually } from './support/eventually.ts';
import { Product } from './support/product.ts';

jest.setTimeout(180_000);

/** Calls an agent of the crash test makes, one in each turn. */
const CALLS = 10;

const closed = (view: ExecutionView): boolean => view.endTime !== null;

const stepOf = ({ steps }: ExecutionView, path: string): StepView | undefined =>
  steps.find((step) => step.path === path);

describe('agents on the whole product', () => {
  let ai: AiServer;
  let effects: Effects;
  let product: Product;

  beforeAll(async () => {
    ai = await startAiServer();
    effects = await startEffects();
    product = await Product.start({
      ANTHROPIC_API_KEY: 'sk-test-claude',
      ANTHROPIC_BASE_URL: ai.baseUrl('claude'),
      OPENAI_API_KEY: 'sk-test-openai',
      OPENAI_BASE_URL: ai.baseUrl('openai'),
      GEMINI_API_KEY: 'sk-test-gemini',
      GOOGLE_GEMINI_BASE_URL: ai.baseUrl('gemini'),
      ACAS_HTTP_ALLOW: effects.host,
    });
  }, 120_000);
  afterAll(async () => {
    await product?.stop();
    await Promise.all([ai?.close(), effects?.close()]);
  });
  beforeEach(() => ai.reset());

  const execute = async (id: string, variables: JsonObject = {}): Promise<string> =>
    (await product.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, { variables }))
      .executionId;

  const ended = (executionId: string): Promise<ExecutionView> =>
    eventually(
      async () => {
        const view = await product.execution(executionId).catch(() => undefined);
        return view && closed(view) ? view : undefined;
      },
      `${executionId} has ended`,
      120_000,
    );

  const define = async (id: string, config: string, rest = ''): Promise<void> => {
    const source = `
id: ${id}
name: ${id}
variables: [{ name: subject, default: nothing }]
steps:
  - id: agent
    type: ai_flow
    ${rest}
    config:
${config
  .trim()
  .split('\n')
  .map((line) => `      ${line}`)
  .join('\n')}
`;
    await product.ask('POST', '/workflows', source);
  };

  const transcript = (executionId: string): Promise<{ messages: JsonObject[] }> =>
    product.ask('GET', `/executions/${executionId}/steps/agent/transcript`);

  it.each(['claude', 'openai', 'gemini'] as const)('read and write files with %s', async (provider) => {
    writeFileSync(join(product.workspace, 'question.txt'), 'What is the answer?');
    await define(
      `files-${provider}`,
      `
goal: Answer question.txt.
provider: ${provider}
tools: [{ action: file.read }, { action: file.write, name: save, parameters: { path: answer-${provider}.txt } }]
output: { type: object, properties: { saved: { type: boolean } }, required: [saved] }`,
    );
    ai.say(
      { text: 'I read it.', toolCalls: [{ name: 'file_read', arguments: { path: 'question.txt' } }] },
      { toolCalls: [{ name: 'save', arguments: { path: '../elsewhere', content: '42' } }] },
      'Saved.',
      '{ "saved": true }',
    );
    const view = await ended(await execute(`files-${provider}`));
    expect(view).toMatchObject({
      status: 'success',
      output: { data: { saved: true }, turns: 4, toolCalls: 2 },
    });
    expect(readFileSync(join(product.workspace, `answer-${provider}.txt`), 'utf8')).toBe('42');
    expect(ai.requests.map(({ messages }) => messages.length)).toEqual([1, 3, 5, 7]);
    expect(ai.requests[1]?.messages[2]?.results[0]?.content).toContain('What is the answer?');
    expect(ai.requests[0]?.tools.map(({ name }) => name)).toEqual(['file_read', 'save']);
    expect(JSON.stringify(ai.requests[0]?.tools[1])).not.toContain('"path"');
  });

  it('are tried in the sandbox, where every action says what it would do', async () => {
    const source = `
id: tried
name: Tried
steps:
  - { id: write, type: action, action: { type: file.write, parameters: { path: never.txt, content: "{{ secrets.KEY }}" } } }
  - { id: agent, type: ai_flow, config: { goal: Do it., provider: claude } }`;
    await product.ask('POST', '/workflows', source);
    const { status, steps } = await product.ask<ExecutionView>('POST', '/workflows/tried/test', {});
    expect(status).toBe('success');
    expect(steps[0]).toMatchObject({ id: 'write', preview: expect.stringContaining('never.txt') });
    expect(existsSync(join(product.workspace, 'never.txt'))).toBe(false);
    expect(ai.requests).toEqual([]);
  });

  it('keep what was said, to be read turn by turn', async () => {
    await define('talk', 'goal: Look.\nprovider: claude\ntools: [{ action: file.list }]');
    ai.say(
      { toolCalls: [{ name: 'file_list', arguments: { path: '.', pattern: 'none*' } }] },
      'Nothing there.',
    );
    const { executionId } = await ended(await execute('talk'));
    const { messages } = await transcript(executionId);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
    const path = encodeURIComponent('agent[1].model');
    const first = await product.ask<{ messages: Json[] }>(
      'GET',
      `/executions/${executionId}/steps/${path}/transcript`,
    );
    expect(first.messages).toEqual(messages.slice(0, 2));
  });

  it('wait for a person where a tool needs approval, who may change what is done', async () => {
    await define(
      'careful',
      'goal: Write.\nprovider: claude\ntools: [{ action: file.write, name: write, approval: true }]',
    );
    const wish = (path: string) => ({
      toolCalls: [{ name: 'write', arguments: { path, content: 'by the agent' } }],
    });
    let finish: (text: string) => void = () => undefined;
    const last = new Promise<string>((resolve) => {
      finish = resolve;
    });
    ai.say(wish('one.txt'), wish('two.txt'));
    // The model holds its last answer until the late decision was refused: the execution is still there for it.
    ai.script(() => last);
    const executionId = await execute('careful');
    const waiting = (path: string) =>
      eventually(async () => {
        const step = stepOf(await product.execution(executionId), path);
        return step?.status === 'waiting' ? step : undefined;
      }, `${path} waits`);
    const decide = (path: string, body: JsonObject) =>
      product.ask('POST', `/executions/${executionId}/approvals/${encodeURIComponent(path)}`, body);
    const step = await waiting('agent[1-1:write].approval');
    expect(step.input).toMatchObject({ data: { path: 'one.txt', content: 'by the agent' } });
    await decide(step.path, { approved: true, data: { path: 'uno.txt', content: 'by ann' }, by: 'ann' });
    await waiting('agent[2-1:write].approval');
    await decide('agent[2-1:write].approval', { approved: false, reason: 'One is enough.' });
    await expect(decide('agent[2-1:write].approval', { approved: true })).rejects.toThrow('step.not_waiting');
    finish('Well then.');
    const view = await ended(executionId);
    expect(view.status).toBe('success');
    expect(readFileSync(join(product.workspace, 'uno.txt'), 'utf8')).toBe('by ann');
    expect(ai.requests[2]?.messages.at(-1)?.results).toMatchObject([
      { isError: true, content: expect.stringContaining('One is enough.') },
    ]);
  });

  it('run workflows and commands of plugins as tools', async () => {
    await product.ask(
      'POST',
      '/workflows',
      'id: helper\nname: Helper\nvariables: [{ name: who, required: true }]\nsteps: [{ id: a, type: set, config: { values: { text: "Hello {{ variables.who }}" } } }]',
    );
    const folder = fileURLToPath(new URL('../plugins/word-tools', import.meta.url));
    const entry = {
      id: 'words',
      kind: 'module',
      path: join(folder, 'index.ts'),
      folder,
      sha256: await fingerprint(folder),
    };
    writeFileSync(join(product.home, 'plugins.yaml'), JSON.stringify({ plugins: [entry] }));
    await eventually(async () => {
      const { items } = await product.ask<{ items: { status: string }[] }>('GET', '/plugins');
      return items[0]?.status === 'running' || undefined;
    }, 'the plugin runs');
    await define(
      'mixed',
      'goal: Use them.\nprovider: claude\ntools: [{ workflow: helper }, { plugin: words, command: slugify, name: slug }]',
    );
    ai.say(
      {
        toolCalls: [
          { name: 'helper', arguments: { who: 'Ann' } },
          { name: 'slug', arguments: { text: 'Hello World' } },
        ],
      },
      'Used.',
    );
    const view = await ended(await execute('mixed'));
    expect(view).toMatchObject({ status: 'success', output: { toolCalls: 2 } });
    const results = ai.requests[1]?.messages.at(-1)?.results ?? [];
    expect(results.map(({ isError }) => isError)).toEqual([false, false]);
    expect(results[0]?.content).toContain('Hello Ann');
    expect(results[1]?.content).toContain('hello-world');
    expect(JSON.stringify(ai.requests[0]?.tools[1])).toContain('"text"');
  });

  it('sum up what was said when the context is full', async () => {
    await define('long', 'goal: Find it.\nprovider: claude\ntools: [{ action: file.list }]');
    const look = { toolCalls: [{ name: 'file_list', arguments: { path: '.' } }] };
    ai.say(look, { fault: 'context_too_long' }, 'SUMMARY: it is not here.', 'It is not there.');
    const view = await ended(await execute('long'));
    expect(view).toMatchObject({ status: 'success', output: { response: 'It is not there.' } });
    expect(ai.requests[3]?.messages).toHaveLength(1);
    expect(ai.requests[3]?.messages[0]?.text).toContain('Find it.');
    expect(ai.requests[3]?.messages[0]?.text).toContain('SUMMARY: it is not here.');
  });

  it('can be cancelled while a model answers: the connection is closed and nothing more is asked', async () => {
    await define('hung', 'goal: Wait.\nprovider: claude');
    ai.say({ fault: 'hang' });
    const executionId = await execute('hung');
    await eventually(() => ai.requests.length > 0 || undefined, 'the model is asked');
    await product.ask('POST', `/executions/${executionId}/cancel`);
    expect((await ended(executionId)).status).toBe('cancelled');
    expect(ai.requests).toMatchObject([{ state: 'left' }]);
  });

  it(`go on after the worker is killed at any of ${2 * CALLS} points, and pay nothing twice`, async () => {
    await define(
      'crash',
      `
goal: "Run {{ variables.subject }}."
provider: openai
tools: [{ action: http.request, name: put, parameters: { method: PUT } }]
limits: { turns: 20 }`,
    );
    const held = new Set<string>();
    const runOf = ({ messages }: AiRequest): string => /Run (\w+)\./.exec(messages[0]?.text ?? '')?.[1] ?? '';
    const asked = new Map<string, string[]>();
    ai.script((request): Answer => {
      const run = runOf(request);
      const made = request.messages.filter(({ role }) => role === 'tool').length;
      asked.set(run, [...(asked.get(run) ?? []), `turn ${made + 1}`]);
      const point = `${run} turn ${made + 1}`;
      if (held.delete(point)) return { fault: 'hang' };
      if (made === CALLS) return `Run ${run} made ${made} calls.`;
      return { toolCalls: [{ name: 'put', arguments: { url: `${effects.url}/${run}/${made + 1}` } }] };
    });
    const runs = Array.from({ length: CALLS }, (_, index) => index + 1).flatMap((number) => {
      held.add(`model${number} turn ${number}`);
      effects.hold(`/tool${number}/${number}`);
      return [`model${number}`, `tool${number}`];
    });
    const ids = await Promise.all(
      [...runs, 'undisturbed'].map(async (run) => [run, await execute('crash', { subject: run })] as const),
    );
    const undisturbed = await ended(ids.at(-1)?.[1] ?? '');
    await eventually(
      () => (held.size === 0 && runs.every((run) => atPoint(run)) ? true : undefined),
      'every run is held at its point',
      60_000,
    );
    function atPoint(run: string): boolean {
      const number = Number(/\d+/.exec(run)?.[0]);
      return run.startsWith('model')
        ? asked.get(run)?.at(-1) === `turn ${number}`
        : effects.attempts.includes(`/${run}/${number}`);
    }
    await product.kill('worker');
    const expected = (run: string, kind: 'turn ' | ''): string[] =>
      Array.from({ length: CALLS + (kind === '' ? 0 : 1) }, (_, index) => `${kind}${index + 1}`).flatMap(
        (entry) => {
          const isHeld = run === `${kind === '' ? 'tool' : 'model'}${/\d+/.exec(entry)?.[0]}`;
          return isHeld ? [entry, entry] : [entry];
        },
      );
    for (const [run, executionId] of ids) {
      const view = await ended(executionId);
      expect({ run, status: view.status }).toEqual({ run, status: 'success' });
      expect(view.output).toEqual({
        ...(undisturbed.output as JsonObject),
        response: `Run ${run} made ${CALLS} calls.`,
        conversation: expect.any(String),
      });
      expect({ run, asked: asked.get(run) }).toEqual({ run, asked: expected(run, 'turn ') });
      const put = effects.attempts
        .filter((path) => path.startsWith(`/${run}/`))
        .map((path) => path.split('/')[2]);
      expect({ run, put }).toEqual({ run, put: expected(run, '') });
      const again = view.steps.filter(({ attempt }) => attempt > 1).map(({ path }) => path);
      const number = /\d+/.exec(run)?.[0];
      const cutOff = run.startsWith('model') ? [`agent[${number}].model`] : [`agent[${number}-1:put].call`];
      expect({ run, again }).toEqual({ run, again: number === undefined ? [] : cutOff });
    }
  });
});

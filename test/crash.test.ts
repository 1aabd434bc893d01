import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '#shared/json.ts';
import { moduleEntry, WORD_TOOLS } from '#workers/plugins/_fixture.ts';
import { fingerprint } from '#workers/plugins/fingerprint.ts';
import { eventually } from './support/eventually.ts';
import { Product } from './support/product.ts';
import { numbers } from './support/scripted.ts';

jest.setTimeout(180_000);

const SEED = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const EXECUTIONS = 20;

const line = (step: string): string => `"{{ variables.number }} ${step}{{ '\\n' }}"`;

const append = (id: string, step = id): string =>
  `{ id: ${id}, type: action, action: { type: file.write, parameters: { path: "{{ variables.batch }}.log", content: ${line(step)}, append: true } } }`;

/** Every line it appends says which execution and which step it was. */
const LEDGER = `
id: ledger
name: Ledger
variables:
  - { name: batch, type: string, required: true }
  - { name: number, type: number, required: true }
steps:
  - ${append('first')}
  - { id: read, type: action, action: { type: file.read, parameters: { path: input.txt } } }
  - { id: count, type: action, action: { type: data.transform, parameters: { input: { text: "{{ steps.read.output.content }}" }, expression: "$length(text)" } } }
  - { id: pause, type: delay, config: { for: 500ms } }
  - { id: sum, type: set, config: { values: { total: "{{ steps.count.output.result + variables.number }}" } } }
  - { id: enough, type: condition, config: { expression: steps.sum.output.total > variables.number } }
  - id: each
    type: loop
    config: { times: 3, steps: [${append('again', 'again {{ index }}')}] }
  - ${append('last')}
output: { total: "{{ steps.sum.output.total }}", enough: "{{ steps.enough.output.result }}" }
`;

const LINES = ['first', 'again 0', 'again 1', 'again 2', 'last'];

/** A plugin that tells of one event twice, and then of another. */
const TOLD_AGAIN = `export default ({ definePlugin, defineTrigger, z }) => definePlugin({ triggers: {
  told: defineTrigger({ title: 'Told', description: 'Told again.', config: z.strictObject({}), async start(_, { emit }) {
    await emit({ n: 1 }, { key: 'a' });
    await emit({ n: 2 }, { key: 'a' });
    await emit({ n: 3 }, { key: 'b' });
  } }),
} });`;

describe(`executions whose processes are killed (FC_SEED=${SEED})`, () => {
  const random = numbers(SEED);
  let product: Product;
  let undisturbed: Json[];

  beforeAll(async () => {
    product = await Product.start();
    writeFileSync(join(product.workspace, 'input.txt'), 'What every execution reads.\n');
    await product.ask('POST', '/workflows', LEDGER);
  }, 120_000);
  afterAll(() => product?.stop());

  /** Starts one execution for each number, each asked for twice, and again until it is accepted. */
  const startAll = async (batch: string): Promise<string[]> => {
    const start = async (number: number): Promise<string> => {
      const body = { variables: { batch, number }, idempotencyKey: `${batch} ${number}` };
      const ask = () => product.insist<{ executionId: string }>('POST', '/workflows/ledger/execute', body);
      const [first, second] = await Promise.all([ask(), ask()]);
      expect(second).toEqual(first);
      return first.executionId;
    };
    const ids: string[] = [];
    for (let number = 0; number < EXECUTIONS; number += 4)
      ids.push(...(await Promise.all([0, 1, 2, 3].map((more) => start(number + more)))));
    return ids;
  };

  /** Waits until a batch is done and checks that each of it ran once; answers the outputs in order. */
  const outputsOf = async (batch: string, accepted: string[], before: number): Promise<Json[]> => {
    const all = await product.closed('ledger', before + EXECUTIONS, 120_000);
    expect(new Set(accepted).size).toBe(EXECUTIONS);
    const ours = all.filter(({ executionId }) => accepted.includes(executionId));
    expect(ours.map(({ executionId }) => executionId).sort()).toEqual([...accepted].sort());
    expect(all).toHaveLength(before + EXECUTIONS);
    const lines = readFileSync(join(product.workspace, `${batch}.log`), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(EXECUTIONS * LINES.length);
    for (let number = 0; number < EXECUTIONS; number++) {
      const own = lines.filter((text) => text.startsWith(`${number} `));
      expect(own).toEqual(LINES.map((step) => `${number} ${step}`));
    }
    const views = await Promise.all(accepted.map((id) => product.execution(id)));
    for (const { executionId, status, error } of views)
      expect({ executionId, status, error }).toEqual({ executionId, status: 'success', error: null });
    return views.map(({ output }) => output);
  };

  /** Runs a batch while something happens to the processes. */
  const batchDuring = async (batch: string, disturb: () => Promise<void>): Promise<Json[]> => {
    const before = (await product.executions('ledger')).length;
    const [accepted] = await Promise.all([startAll(batch), disturb()]);
    return outputsOf(batch, accepted, before);
  };

  /** A kill is not a moment anybody waits for: it comes after a time drawn at random. */
  const someTime = (most: number): Promise<void> => sleep(100 + random() * most);

  it('end as they must with nobody killed', async () => {
    undisturbed = await batchDuring('undisturbed', async () => undefined);
    expect(undisturbed[3]).toEqual({ total: 31, enough: true });
    expect(new Set(undisturbed.map((output) => JSON.stringify(output))).size).toBe(EXECUTIONS);
  });

  it('run once with the worker killed three times', async () => {
    const outputs = await batchDuring('worker', async () => {
      for (let kill = 0; kill < 3; kill++) {
        await someTime(1_500);
        await product.kill('worker');
      }
    });
    expect(outputs).toEqual(undisturbed);
  });

  it('start once with the api killed while they are asked for', async () => {
    const outputs = await batchDuring('api', async () => {
      for (let kill = 0; kill < 3; kill++) {
        await someTime(300);
        await product.kill('api');
      }
    });
    expect(outputs).toEqual(undisturbed);
  });

  it('run once with Temporal killed twice', async () => {
    const outputs = await batchDuring('temporal', async () => {
      for (let kill = 0; kill < 2; kill++) {
        await someTime(1_500);
        await product.kill('temporal');
      }
    });
    expect(outputs).toEqual(undisturbed);
  });

  it('run once with every process killed at once', async () => {
    const outputs = await batchDuring('everything', async () => {
      await someTime(2_500);
      await product.killAll();
      await product.restart();
    });
    expect(outputs).toEqual(undisturbed);
  });

  it('are started once for each event of a plugin, with the worker killed between events', async () => {
    const text = join(product.workspace, 'novel.txt');
    const list = join(product.home, 'plugins.yaml');
    writeFileSync(join(product.home, 'again.mjs'), TOLD_AGAIN);
    const words = (count: number) => writeFileSync(text, 'word '.repeat(count));
    const entry = {
      id: 'word-tools',
      kind: 'module',
      path: join(WORD_TOOLS, 'index.ts'),
      folder: WORD_TOOLS,
    };
    const pinned = { ...entry, sha256: await fingerprint(WORD_TOOLS) };
    const stateOf = async () => {
      const { items } = await product.ask<{ items: { workflowId: string; state: string }[] }>(
        'GET',
        '/triggers',
      );
      return items.find(({ workflowId }) => workflowId === 'novel')?.state ?? 'none';
    };
    const isState = (wanted: RegExp) =>
      eventually(
        async () => wanted.test(await stateOf().catch(() => '')) || undefined,
        `the trigger is ${wanted}`,
        120_000,
      );
    const reached = async (count: number) =>
      (await product.closed('novel', count, 90_000))
        .map(({ triggeredBy }) => triggeredBy.reached)
        .sort((a, b) => Number(a) - Number(b));
    const config = { pluginId: 'word-tools', trigger: 'word_count', config: { path: text, every: 10 } };
    writeFileSync(list, JSON.stringify({ plugins: [pinned] }));
    // Refused until a worker has told of the plugin, where one has told of its plugins before.
    await product.insist('POST', '/workflows', {
      id: 'novel',
      name: 'Novel',
      triggers: [{ id: 'grown', type: 'plugin', config }],
      steps: [{ id: 'say', type: 'set', config: { values: { words: '{{ trigger.words }}' } } }],
    });
    words(12);
    expect(await reached(1)).toEqual([10]);
    await product.kill('worker');
    words(24);
    expect(await reached(2)).toEqual([10, 20]);
    await isState(/^active$/);
    const again = await moduleEntry('again', join(product.home, 'again.mjs'));
    writeFileSync(list, JSON.stringify({ plugins: [pinned, again] }));
    await product.insist('POST', '/workflows', {
      id: 'twice',
      name: 'Twice',
      triggers: [{ id: 'told', type: 'plugin', config: { pluginId: 'again', trigger: 'told' } }],
      steps: [{ id: 'say', type: 'set', config: { values: { n: '{{ trigger.n }}' } } }],
    });
    const told = (await product.closed('twice', 2, 90_000)).map(({ triggeredBy }) => triggeredBy.n);
    expect(told.sort()).toEqual([1, 3]);
    await product.ask('POST', '/workflows/novel/disable');
    await isState(/^disabled$/);
    words(36);
    words(48);
    await product.ask('POST', '/workflows/novel/enable');
    expect(await reached(3)).toEqual([10, 20, 40]);
    writeFileSync(list, JSON.stringify({ plugins: [{ ...pinned, enabled: false }] }));
    await isState(/^failing: The plugin "word-tools" is disabled/);
    const draft = { name: 'Novel', steps: [{ id: 'say', type: 'set', config: { values: {} } }] };
    await product.ask('PUT', '/workflows/novel', draft);
    await isState(/^none$/);
  });
});

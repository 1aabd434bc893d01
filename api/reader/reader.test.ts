import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PluginView } from '#shared/catalog/plugin.ts';
import { type ApiClient, act, flow, startApi, type TestApi } from '../../test/support/api.ts';
import { DefinitionReader } from './reader.ts';

/** Text of a given length, most of it one line again and again. */
const long = (length: number, line: (n: number) => string, head = ''): string => {
  let text = head;
  for (let n = 0; text.length < length; n++) text += line(n);
  return text;
};

const step = (n: number): string => `  - ${act(`s${n}`, { output: '{{ execution.id }}' })}\n`;
const good = (length: number, id = 'large'): string => long(length, step, `name: Large\nid: ${id}\nsteps:\n`);

/** Nearly the longest definition there may be, and one that is just too long to be read in place. */
const LARGEST = 1_000_000;
const LONG = 10_000;

describe('in the API', () => {
  let test: TestApi;
  let api: ApiClient;

  beforeAll(async () => {
    test = await startApi({ worker: false });
    api = test.api;
    await api.create(flow('Small', [act('one')], { id: 'small' }));
  });

  afterAll(() => test.stop());

  const validate = (yaml: string) => api.post<{ valid: boolean }>('/api/workflows/validate', { yaml });

  it.each([
    ['good', true, good(LARGEST)],
    ['broken', false, long(LARGEST, () => 'name: x\n')],
  ])('others are answered while a %s definition of nearly a megabyte is read', async (_, valid, yaml) => {
    const order: string[] = [];
    const noted = async <T>(what: string, asked: Promise<T>): Promise<T> => {
      const reply = await asked;
      order.push(what);
      return reply;
    };
    const large = noted('large', validate(yaml));
    await Promise.all([
      noted('list', api.get('/api/workflows')),
      noted('view', api.get('/api/workflows/small')),
      noted('check', validate(flow('Other', [act('two')]))),
    ]);
    expect((await large).body).toMatchObject({ valid });
    expect(order.at(-1)).toBe('large');
  });

  it('a long workflow is published, seen, copied, exported, tried and executed as a short one is', async () => {
    const id = await api.create(good(LONG));
    expect(await api.workflow(id)).toMatchObject({ publishedVersion: 1, problems: [] });
    const copy = await api.post(`/api/workflows/${id}/duplicate`, { json: { name: 'Second' } });
    expect(copy.body).toMatchObject({ name: 'Second', source: expect.stringContaining('id: second') });
    const json = JSON.parse((await api.get(`/api/workflows/${id}/export?format=json`)).text);
    const fromJson = await api.ask('PUT', `/api/workflows/${id}`, { json });
    expect(fromJson.body).toMatchObject({ format: 'json', publishedVersion: 2 });
    expect((await api.get(`/api/workflows/${id}/export?format=yaml`)).text).toMatch(/^name: Large$/m);
    expect((await api.post(`/api/workflows/${id}/test`, { json: {} })).body).toMatchObject({
      status: 'success',
    });
    const executionId = await api.execute(id);
    expect((await api.post(`/api/executions/${executionId}/cancel`)).status).toBeLessThan(300);
  });
});

describe('the thread', () => {
  const parts = { catalog: { actions: [] }, plugins: { list: async () => ({ items: [] }), known: () => [] } };

  it('does what it is asked in that order', async () => {
    const reader = new DefinitionReader(parts);
    const order: string[] = [];
    const ids = ['first', 'second', 'third'];
    const lengths = [3 * LONG, 2 * LONG, LONG];
    await Promise.all(
      ids.map(async (id, n) => {
        const { workflow } = await reader.checkPublished(good(lengths[n] ?? 0, id));
        order.push(workflow?.id ?? 'none');
      }),
    );
    expect(order).toEqual(ids);
    await reader.close();
  });

  it('is not asked again what it has answered', async () => {
    const reader = new DefinitionReader(parts);
    const [first, again, other] = await Promise.all(
      [good(LONG), good(LONG), good(LONG, 'other')].map((text) => reader.check(text)),
    );
    expect(again).toBe(first);
    expect(other).not.toBe(first);
    await reader.close();
  });

  it('is ended when a definition takes too long, and the next one is read by another', async () => {
    const limits = { time: 1, memory: 512 };
    const reader = new DefinitionReader({ ...parts, limits });
    const asked = reader.check(good(LONG));
    await expect(asked).rejects.toMatchObject({
      code: 'workflow.too_costly',
      message: expect.stringContaining('0.001 seconds'),
    });
    limits.time = 60_000;
    expect((await reader.checkPublished(good(LONG))).workflow?.id).toBe('large');
    await reader.close();
  });

  it('dies when a definition takes too much memory, and the next one is read by another', async () => {
    const reader = new DefinitionReader({ ...parts, limits: { time: 60_000, memory: 100 } });
    const bomb = `a: &a 1\nb: [${long(400_000, () => '*a,')}]`;
    const next = good(LONG);
    const [first, second] = await Promise.allSettled([reader.check(bomb), reader.checkPublished(next)]);
    expect(first).toMatchObject({
      reason: { code: 'workflow.too_costly', message: expect.stringContaining('100 MB') },
    });
    expect(second).toMatchObject({ value: { workflow: { id: 'large' } } });
    await reader.close();
  });

  const use = { pluginId: 'words', command: 'count' };
  const steps = [{ id: 'use', type: 'action', action: { type: 'plugin.execute', parameters: use } }];
  const withPlugin = { name: 'N', description: 'x'.repeat(LONG), steps };

  it.each([
    ['data', withPlugin],
    ['text', JSON.stringify(withPlugin)],
  ])('knows of plugins what the API knows, of a definition as %s', async (_, definition) => {
    let items: PluginView[] = [];
    const reader = new DefinitionReader({ ...parts, plugins: { ...parts.plugins, known: () => items } });
    const codes = async () => (await reader.check(definition)).problems.map(({ code }) => code);
    expect(await codes()).toContain('plugin.unknown');
    const offer = { commands: [], triggers: [], templates: [] };
    items = [{ id: 'words', kind: 'module', status: 'starting', ...offer }];
    expect(await codes()).not.toContain('plugin.unknown');
    expect((await reader.checkPublished(definition)).problems).not.toContainEqual(
      expect.objectContaining({ code: 'plugin.unknown' }),
    );
    await reader.close();
  });

  it('that is closed says so to those who wait', async () => {
    const reader = new DefinitionReader(parts);
    const asked = Promise.allSettled([reader.check(good(LONG)), reader.check(good(LONG))]);
    await reader.close();
    expect(await asked).toMatchObject(
      Array(2).fill({ reason: { code: 'workflow.reader_died', fix: expect.any(String) } }),
    );
  });
});

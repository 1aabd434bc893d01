import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { PluginView } from '#shared/catalog/plugin.ts';
import type { Problem } from '#shared/definition/problem.ts';
import { noPlugins } from '#workers/plugins/plugins.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { createDirectory } from './directory.ts';

jest.setTimeout(60_000);

const plugin = (id: string, more: Partial<PluginView> = {}): PluginView => ({
  id,
  kind: 'mcp',
  status: 'running',
  commands: [
    { name: 'echo', title: 'Echo', description: '', inputSchema: { type: 'object' }, readOnly: true },
  ],
  triggers: [],
  templates: [],
  ...more,
});

/** What the worker says it has. */
let items: PluginView[] = [];
let test: TestApi;

beforeAll(async () => {
  test = await startApi({ plugins: { ...noPlugins, all: () => ({ items }) } });
});
afterAll(() => test.stop());

const list = async () =>
  (await test.api.get<{ items: PluginView[]; error?: { code: string } }>('/api/plugins')).body;

/** Problems of a step with these parameters, as far as they are about plugins. */
async function problemsOf(parameters: object): Promise<Problem[]> {
  const action = JSON.stringify({ type: 'plugin.execute', parameters });
  const yaml = `name: P\nsteps:\n  - { id: a, name: A, type: action, action: ${action} }\n`;
  const { body } = await test.api.post<{ problems: Problem[] }>('/api/workflows/validate', { yaml });
  return body.problems.filter(({ code }) => code.startsWith('plugin.'));
}

describe('the plugins of the workers', () => {
  it('are listed by the API, and stand beside the actions of the library', async () => {
    items = [
      plugin('echo'),
      plugin('broken', { status: 'failed', error: { code: 'plugin.died', message: 'It died.' } }),
    ];
    expect(await list()).toEqual({ items });
    const { body } = await test.api.get<{ plugins: PluginView[] }>('/api/workflows/actions');
    expect(body.plugins).toEqual(items);
  });

  it('may be more than travels in a history', async () => {
    const inputSchema = { type: 'object', description: 'x'.repeat(20_000) };
    const [command] = plugin('x').commands;
    const commands = Array.from({ length: 150 }, (_, index) => ({
      name: `c${index}`,
      title: '',
      description: '',
      inputSchema,
      readOnly: false,
    }));
    items = [plugin('large', { commands: command ? [command, ...commands] : commands })];
    expect((await list()).items[0]?.commands).toHaveLength(151);
  });

  it('are known to the check of a definition, with line and column', async () => {
    items = [plugin('echo'), plugin('asleep', { status: 'failed' })];
    await list();
    expect(await problemsOf({ pluginId: 'echo', command: 'echo' })).toEqual([]);
    expect(await problemsOf({ pluginId: 'ech', command: 'echo' })).toMatchObject([
      {
        code: 'plugin.unknown',
        path: 'steps[0].action.parameters.pluginId',
        line: 3,
        fix: 'did you mean "echo"?',
      },
    ]);
    expect(await problemsOf({ pluginId: 'echo', command: 'eco' })).toMatchObject([
      {
        code: 'plugin.unknown_command',
        path: 'steps[0].action.parameters.command',
        line: 3,
        fix: 'did you mean "echo"?',
      },
    ]);
  });

  it('are not judged where nobody can know: templates, and plugins that are down', async () => {
    expect(await problemsOf({ pluginId: '{{ variables.p }}', command: 'x' })).toEqual([]);
    expect(await problemsOf({ pluginId: 'echo', command: '{{ variables.c }}' })).toEqual([]);
    expect(await problemsOf({ pluginId: 'asleep', command: 'anything' })).toEqual([]);
  });

  it('stay known, with an error, when no worker answers', async () => {
    const { client, blobs } = test.runner;
    const { log, taskQueue } = test.deps;
    const parts = { client, blobs, log, taskQueue, freshFor: 0 };
    items = [plugin('echo')];
    const directory = createDirectory(parts);
    expect(directory.known()).toBeUndefined();
    expect(await directory.list()).toEqual({ items });
    parts.taskQueue = `${taskQueue}-nobody`;
    expect(await directory.list()).toMatchObject({ items, error: { code: 'plugin.no_worker' } });
    expect(directory.known()).toEqual(items);
    await directory.list();
  });
});

import { describe, expect, it } from '@jest/globals';
import type { PluginView } from '../../catalog/plugin.ts';
import { loadText } from '../load.ts';

const words: PluginView = {
  id: 'word-tools',
  kind: 'module',
  status: 'running',
  commands: [],
  triggers: [
    {
      type: 'word_count',
      title: 'Words',
      description: 'Words.',
      configSchema: {
        type: 'object',
        properties: { every: { type: 'integer' } },
        additionalProperties: false,
      },
    },
  ],
  templates: [],
};

const problemsOf = (config: string, plugins: PluginView[] | undefined = [words]) =>
  loadText(
    `name: N\ntriggers:\n  - type: plugin\n    config: ${config}\nsteps:\n  - { type: set, config: { values: {} } }\n`,
    { actions: [], plugins },
  ).problems;

describe('a trigger of a plugin', () => {
  it.each([
    ['{ pluginId: word-tool, trigger: word_count }', 'plugin.unknown', 'word-tools'],
    ['{ pluginId: word-tools, trigger: word_cont }', 'plugin.unknown_trigger', 'word_count'],
    ['{ pluginId: word-tools, trigger: word_count, config: { every: much } }', 'plugin.trigger_config', ''],
    ['{ pluginId: word-tools, trigger: word_count, config: { evry: 5 } }', 'plugin.trigger_config', ''],
  ])('is refused where it stands: %s', (config, code, fix) => {
    expect(problemsOf(config)).toMatchObject([{ code, line: 4, fix: expect.stringContaining(fix) }]);
  });

  it('is good as the plugin declares it', () => {
    const config = '{ pluginId: word-tools, trigger: word_count, config: { every: 5 } }';
    expect(problemsOf(config)).toEqual([]);
  });

  it('is not held against a plugin that does not run at the moment', () => {
    const config = '{ pluginId: word-tools, trigger: other }';
    expect(problemsOf(config, [{ ...words, status: 'starting', triggers: [] }])).toEqual([]);
  });
});

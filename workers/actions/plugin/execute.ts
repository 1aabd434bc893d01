import { z } from 'zod';
import { defineAction } from '../../action.ts';

const input = z.strictObject({
  pluginId: z.string().min(1).max(100).describe('Id of the plugin, as plugins.yaml lists it'),
  command: z.string().min(1).max(200).describe('Name of the command'),
  arguments: z
    .union([z.array(z.string()), z.record(z.string(), z.json())])
    .default({})
    .describe('By name; or a list of texts, in the order of the parameters of the command'),
});

const output = z.object({
  content: z.string().describe('All text of the answer'),
  structured: z
    .record(z.string(), z.json())
    .optional()
    .describe('The answer as data, where the plugin gives it'),
});

export default defineAction({
  type: 'plugin.execute',
  title: 'Run a plugin command',
  description:
    'Runs a command of a plugin: a tool of an MCP server, or a command of a local module. Plugins are listed in plugins.yaml in the data directory.',
  icon: 'plug',
  input,
  output,
  effect: 'write',
  // A plugin may say otherwise of a command, but only once it runs; its word is not enough to do a thing twice.
  idempotent: false,
  defaults: { timeout: 300_000, retry: { maximumAttempts: 1 } },
  examples: [
    {
      title: 'Make a slug of a title',
      input: { pluginId: 'word-tools', command: 'slugify', arguments: { text: 'Hello, World' } },
      output: { content: 'hello-world' },
      needsNetwork: true,
    },
    {
      title: 'Give the arguments as a list',
      input: { pluginId: 'files', command: 'list_directory', arguments: ['/home/me/notes'] },
      needsNetwork: true,
    },
  ],
  dryRun: ({ pluginId, command }) => `Run "${command}" of the plugin "${pluginId}".`,
  run: ({ input, plugins, signal, report, idempotencyKey }) =>
    plugins.call({ ...input, signal, onProgress: report, idempotencyKey }),
});

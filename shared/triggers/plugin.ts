import { z } from 'zod';
import type { TriggerType } from './trigger-type.ts';

const name = z.string().min(1).max(64);

/** Which of a plugin's triggers is listened to, and with what. */
export const pluginTriggerConfig = z.strictObject({
  pluginId: name.meta({ description: 'The id of the plugin in plugins.yaml.' }),
  trigger: name.meta({ description: 'One of the triggers that the plugin declares.' }),
  config: z.record(z.string(), z.json()).default({}).meta({
    description: 'What this trigger of the plugin is to be told; GET /api/plugins shows what it takes.',
  }),
});

export type PluginTriggerConfig = z.infer<typeof pluginTriggerConfig>;

export const plugin: TriggerType = {
  type: 'plugin',
  title: 'Plugin event',
  description: 'A plugin says that something happened. What it tells of it stands beside these two.',
  icon: 'plug',
  config: pluginTriggerConfig,
  sample: { pluginId: 'word-tools', event: 'word_count' },
};

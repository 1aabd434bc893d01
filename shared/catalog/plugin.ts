import { z } from 'zod';

const schema = z.record(z.string(), z.json());

/** A command of a plugin: what `plugin.execute` runs with this `pluginId` and `command`. */
export const pluginCommand = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  /** JSON Schema of the arguments, in the order in which a list of arguments is read. */
  inputSchema: schema,
  /** JSON Schema of `structured` in the output, where the plugin declares one. */
  outputSchema: schema.optional(),
  /** Whether the plugin says that it changes nothing. */
  readOnly: z.boolean(),
});

/** An event a plugin can send: what a trigger of type `plugin` listens to. */
export const pluginTrigger = z.object({
  type: z.string(),
  title: z.string(),
  description: z.string(),
  /** JSON Schema of the trigger's `config`. */
  configSchema: schema,
  /** The fields of its events, with a sample of each. */
  sample: schema.optional(),
});

/** A workflow a plugin brings along, to begin from. */
export const pluginTemplate = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  definition: schema,
});

/**
 * - `starting`: its process or server has not answered yet
 * - `running`: its commands can be run
 * - `failed`: it ended or could not be started; it is tried again
 * - `changed`: not loaded, for its files are not the ones that were accepted
 * - `disabled`: the list says `enabled: false`
 */
export const pluginStatus = z.enum(['starting', 'running', 'failed', 'changed', 'disabled']);

/** A plugin of the list and what it offers. */
export const pluginView = z.object({
  id: z.string(),
  kind: z.enum(['mcp', 'module']),
  status: pluginStatus,
  error: z.object({ code: z.string(), message: z.string(), fix: z.string().optional() }).optional(),
  commands: z.array(pluginCommand),
  triggers: z.array(pluginTrigger),
  templates: z.array(pluginTemplate),
});

/** What a worker knows of its plugins. */
export const pluginsView = z.object({
  items: z.array(pluginView),
  /** What is wrong with the list itself, so that none of it could be read. */
  error: pluginView.shape.error,
});

export type PluginCommand = z.infer<typeof pluginCommand>;
export type PluginStatus = z.infer<typeof pluginStatus>;
export type PluginView = z.infer<typeof pluginView>;
export type PluginsView = z.infer<typeof pluginsView>;

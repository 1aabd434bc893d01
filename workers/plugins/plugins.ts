import type { PluginsView } from '#shared/catalog/plugin.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { Terminal } from '../action.ts';

/** One call of a plugin's command. */
export interface PluginCall {
  pluginId: string;
  command: string;
  /** By name, or a list of texts in the order of the command's parameters. */
  arguments: JsonObject | readonly string[];
  signal: AbortSignal;
  /** Given what the plugin reports while it works. */
  onProgress?: (progress: Json) => void;
  /** Passed on to the plugin, so that it may recognise a repetition. */
  idempotencyKey?: string;
}

/** What a command answered. */
export interface PluginOutput {
  /** All text of the answer; other parts are named in it, such as `[image/png, 1234 bytes]`. */
  content: string;
  /** The answer as data, where the plugin gives it. */
  structured?: JsonObject;
}

/** Something that a plugin says has happened. */
export interface PluginEvent {
  /** Tells it from every other event of the trigger: the same key is the same event. */
  key: string;
  fields: JsonObject;
}

/** One trigger of a plugin, listened to. */
export interface PluginListening {
  pluginId: string;
  trigger: string;
  config: JsonObject;
  signal: AbortSignal;
  /** Takes an event in. The plugin is told how that went: until it resolves, the event may be lost. */
  onEvent(event: PluginEvent): Promise<void>;
}

/** What is known of a command before it is run. */
export interface PluginCommandFacts {
  description: string;
  /** JSON Schema of its arguments. */
  inputSchema: JsonObject;
}

/** The plugins of a worker. */
export interface Plugins {
  /**
   * Runs a command; a plugin that is down is started first.
   * @throws Terminal `plugin.unknown`, `plugin.unknown_command`, `plugin.disabled`, `plugin.changed`, `plugin.not_pinned`,
   * `plugin.bad_arguments`, `plugin.command_failed`, `plugin.list_invalid`, `http.address_refused`
   * @throws Retryable `plugin.died`, `plugin.not_started`, `plugin.output_too_large`
   */
  call(call: PluginCall): Promise<PluginOutput>;
  /**
   * Starts a trigger, in a plugin that is down too, and listens until `signal` aborts.
   * @throws Terminal `plugin.unknown`, `plugin.unknown_trigger`, `plugin.disabled`, `plugin.changed`,
   * `plugin.not_pinned`, `plugin.trigger_config`, `plugin.trigger_failed`, `plugin.list_invalid`
   * @throws Retryable `plugin.died`, `plugin.not_started`, `plugin.output_too_large`
   */
  listen(listening: PluginListening): Promise<void>;
  /** What a command is for and takes. Throws as {@link Plugins.call} does where there is no such command. */
  describe(pluginId: string, command: string): Promise<PluginCommandFacts>;
  /** Every plugin of the list as it is now; starts nothing. */
  all(): PluginsView;
}

export const unknownPlugin = (pluginId: string, known: readonly string[]): Terminal =>
  new Terminal('plugin.unknown', `There is no plugin "${pluginId}".`, {
    fix:
      known.length > 0
        ? `plugins.yaml lists ${known.join(', ')}.`
        : 'List it in plugins.yaml in the data directory; docs/plugins.md shows how.',
    details: { pluginId },
  });

/** Where there are no plugins. */
export const noPlugins: Plugins = {
  call: async ({ pluginId }) => {
    throw unknownPlugin(pluginId, []);
  },
  listen: async ({ pluginId }) => {
    throw unknownPlugin(pluginId, []);
  },
  describe: async (pluginId) => {
    throw unknownPlugin(pluginId, []);
  },
  all: () => ({ items: [] }),
};

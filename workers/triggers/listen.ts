import { Context } from '@temporalio/activity';
import type { PluginTrigger } from '#shared/execution/kept-trigger.ts';
import { reservedKeyIn } from '#shared/execution/reserved.ts';
import type { JsonObject } from '#shared/json.ts';
import { Terminal } from '../action.ts';
import type { PluginEvent, Plugins } from '../plugins/plugins.ts';
import { type KeepParts, keepWatch, starterOf } from './keep-watch.ts';

export interface ListenParts extends KeepParts {
  plugins: Plugins;
}

/** A plugin's event as the run sees it. */
function eventOf({ id, config: { pluginId, trigger } }: PluginTrigger, { fields }: PluginEvent): JsonObject {
  const reserved = reservedKeyIn(fields);
  if (reserved)
    throw new Terminal(
      'plugin.bad_event',
      `An event of the plugin "${pluginId}" has the key "${reserved.at(-1)}".`,
      {
        fix: 'Let the plugin name it otherwise; it has a meaning of its own in a run.',
      },
    );
  return { ...fields, id, type: 'plugin', pluginId, event: trigger };
}

/**
 * Listens until it is cancelled. A plugin that ends makes it fail and be tried again, which starts the plugin and its
 * trigger anew.
 */
export async function listen({ trigger }: { trigger: PluginTrigger }, parts: ListenParts): Promise<void> {
  const { heartbeat, cancellationSignal: signal } = Context.current();
  const { pluginId, trigger: type, config } = trigger.config;
  const log = parts.log.child({ trigger: trigger.id, plugin: pluginId });
  await keepWatch(log, heartbeat, async () => {
    const start = await starterOf(trigger, parts);
    const onEvent = (event: PluginEvent): Promise<void> =>
      start([pluginId, type, event.key], eventOf(trigger, event));
    await parts.plugins.listen({ pluginId, trigger: type, config, signal, onEvent });
  });
}

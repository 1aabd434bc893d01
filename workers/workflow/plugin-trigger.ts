import { makeContinueAsNewFunc, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { PluginTriggerConfig } from '#shared/triggers/plugin.ts';
import type { PluginTriggerInput, TriggerActivities } from '../triggers/protocol.ts';
import { KeptTriggerRun, keep, watching } from './kept-trigger.ts';

const { 'trigger.listen': listen } = proxyActivities<TriggerActivities>(watching);

/** One trigger of a plugin: a single listener is alive whichever worker dies. */
class PluginTriggerRun extends KeptTriggerRun<PluginTriggerConfig> {
  async run(): Promise<void> {
    while (!this.isStopping) {
      this.trigger = this.next ?? this.trigger;
      this.next = undefined;
      if (this.isLong) return this.#continue();
      await this.inScope(
        () => this.#listen(),
        () => undefined,
      );
    }
  }

  protected isConfig(config: PluginTriggerConfig | undefined): boolean {
    return Boolean(config?.pluginId && config.trigger);
  }

  #listen(): Promise<void> {
    const { pluginId, trigger } = this.trigger.config;
    const summary = `listening to ${trigger} of ${pluginId}`;
    return listen.executeWithOptions({ summary }, [{ trigger: this.trigger }]);
  }

  #continue(): Promise<never> {
    const { memo } = workflowInfo();
    const goOn = makeContinueAsNewFunc<typeof plugin_trigger>({ ...(memo && { memo }) });
    return goOn({ trigger: this.trigger, ...this.limit });
  }
}

/** The Temporal workflow that keeps listening to one trigger of a plugin. Cancelling it stops the trigger. */
export const plugin_trigger = ({ trigger, historyLimit }: PluginTriggerInput): Promise<void> =>
  keep(new PluginTriggerRun(trigger, historyLimit));

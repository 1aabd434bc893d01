import { isDeepStrictEqual } from 'node:util';
import type { PluginsView } from '#shared/catalog/plugin.ts';
import { AppError } from '#shared/errors.ts';
import { Terminal } from '../action.ts';
import { entriesOf, type PluginEntry, readListText } from './list.ts';
import { Plugin } from './plugin.ts';
import {
  type PluginCall,
  type PluginCommandFacts,
  type PluginListening,
  type PluginOutput,
  type Plugins,
  unknownPlugin,
} from './plugins.ts';
import { Reaper } from './reaper.ts';
import type { Surroundings } from './transport-to.ts';

/** How often the list is looked at for changes, in milliseconds. */
const LOOK_EVERY = 2_000;

export interface ManagerOptions extends Omit<Surroundings, 'reaper'> {
  /** The list, `plugins.yaml`. */
  file: string;
}

/** Keeps the plugins of the list running, and no others. */
export class Manager implements Plugins {
  readonly #file: string;
  readonly #around: Surroundings;
  readonly #plugins = new Map<string, Plugin>();
  readonly #closing = new Set<Promise<void>>();
  readonly #timer: NodeJS.Timeout;
  #text: string | undefined;
  #error: AppError | undefined;

  private constructor({ file, ...around }: ManagerOptions) {
    this.#file = file;
    this.#around = { ...around, reaper: new Reaper() };
    this.#timer = setInterval(() => this.#follow(), LOOK_EVERY).unref();
  }

  /** Starts the plugins of the list in the background, and follows its changes. Never throws: a bad list is shown. */
  static open(options: ManagerOptions): Manager {
    const manager = new Manager(options);
    manager.#follow();
    return manager;
  }

  async call(call: PluginCall): Promise<PluginOutput> {
    return this.#find(call.pluginId).call(call);
  }

  async listen(listening: PluginListening): Promise<void> {
    return this.#find(listening.pluginId).listen(listening);
  }

  async describe(pluginId: string, name: string): Promise<PluginCommandFacts> {
    const signal = AbortSignal.timeout(60_000);
    const { command } = await this.#find(pluginId).command(name, signal);
    return { description: command.description, inputSchema: command.inputSchema };
  }

  all(): PluginsView {
    this.#follow();
    const items = [...this.#plugins.values()].map((plugin) => plugin.view());
    const error = this.#error;
    if (!error) return { items };
    return {
      items,
      error: { code: error.code, message: error.message, ...(error.fix !== undefined && { fix: error.fix }) },
    };
  }

  /** Ends every plugin and its process. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    for (const plugin of this.#plugins.values()) this.#end(plugin);
    await Promise.all(this.#closing);
    this.#around.reaper.close();
  }

  #find(pluginId: string): Plugin {
    this.#follow();
    const plugin = this.#plugins.get(pluginId);
    if (plugin) return plugin;
    if (this.#error) throw new Terminal(this.#error.code, this.#error.message, this.#error);
    throw unknownPlugin(pluginId, [...this.#plugins.keys()]);
  }

  /** Makes the plugins those of the list; a list that cannot be read changes nothing. */
  #follow(): void {
    try {
      const text = readListText(this.#file);
      if (text === this.#text && this.#error === undefined) return;
      if (text === this.#text && this.#error?.code === 'plugin.list_invalid') return;
      this.#text = text;
      this.#error = undefined;
      this.#become(entriesOf(text, this.#file));
    } catch (thrown) {
      this.#error = AppError.is(thrown)
        ? thrown
        : new Terminal(
            'plugin.list_unreadable',
            `${this.#file} cannot be read: ${(thrown as Error).message}.`,
            {
              fix: 'Let it be a file that the user of the worker may read.',
            },
          );
      this.#around.log.error({ error: this.#error.message }, 'the list of plugins is not usable');
    }
  }

  #become(entries: readonly PluginEntry[]): void {
    for (const [id, plugin] of this.#plugins) {
      if (entries.some((entry) => isDeepStrictEqual(entry, plugin.entry))) continue;
      this.#plugins.delete(id);
      this.#end(plugin);
    }
    for (const entry of entries) {
      if (this.#plugins.has(entry.id)) continue;
      const plugin = new Plugin(entry, this.#around);
      this.#plugins.set(entry.id, plugin);
      plugin.start();
    }
  }

  #end(plugin: Plugin): void {
    const closing = plugin.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

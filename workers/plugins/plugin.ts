import type { PluginCommand, PluginStatus, PluginView } from '#shared/catalog/plugin.ts';
import type { AppError } from '#shared/errors.ts';
import { didYouMean } from '#shared/suggest.ts';
import { Terminal } from '../action.ts';
import { namedArguments } from './arguments.ts';
import {
  callError,
  causeOf,
  commandFailed,
  died,
  type Failing,
  isLost,
  notStarted,
  triggerError,
} from './failures.ts';
import { Link } from './link.ts';
import type { PluginEntry } from './list.ts';
import type { PluginCall, PluginListening, PluginOutput } from './plugins.ts';
import { outputOf } from './result.ts';
import type { PluginTransport } from './transport.ts';
import { type Surroundings, transportTo } from './transport-to.ts';

/** The pause before a plugin that ended is started again; it doubles up to the longest. In milliseconds. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/** A plugin that ran this long has not failed at its start. In milliseconds. */
const STABLE = 30_000;

/** The codes of errors that say that a plugin's files are not the accepted ones. */
const REFUSED = new Set(['plugin.changed', 'plugin.not_pinned']);

/** A promise, or the signal's reason where that comes first. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** One plugin of the list: kept running as long as it stands there. */
export class Plugin {
  readonly entry: PluginEntry;
  readonly #around: Surroundings;
  #link: Link | undefined;
  #opening: Promise<Link> | undefined;
  #transport: PluginTransport | undefined;
  /** Of the last link: what it offers is still known while it is down. */
  #offer: Pick<PluginView, 'commands' | 'triggers' | 'templates'> = {
    commands: [],
    triggers: [],
    templates: [],
  };
  #error: AppError | undefined;
  #failures = 0;
  #openedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(entry: PluginEntry, around: Surroundings) {
    this.entry = entry;
    this.#around = around;
  }

  /** Starts it in the background. */
  start(): void {
    if (!this.entry.enabled || this.#isClosed) return;
    // The failure is kept, shown and tried to mend; nobody waits for it here.
    this.#opened().catch(() => undefined);
  }

  view(): PluginView {
    const { id, kind } = this.entry;
    if (this.#link?.isOpen) this.#learn(this.#link);
    const error = this.#error;
    return {
      id,
      kind,
      status: this.#status(),
      ...(error && {
        error: {
          code: error.code,
          message: error.message,
          ...(error.fix !== undefined && { fix: error.fix }),
        },
      }),
      ...this.#offer,
    };
  }

  /** A command as it is offered; a plugin that is down is started for it. */
  async command(name: string, signal: AbortSignal): Promise<{ link: Link; command: PluginCommand }> {
    const { id } = this.entry;
    const link = await this.#running(signal);
    const command = link.commands.find((candidate) => candidate.name === name);
    if (command) return { link, command };
    const names = link.commands.map((known) => known.name);
    throw new Terminal('plugin.unknown_command', `The plugin "${id}" has no command "${name}".`, {
      fix: didYouMean(name, names) ?? `It has ${names.slice(0, 30).join(', ') || 'none'}.`,
      details: { pluginId: id, command: name },
    });
  }

  /** Listens to a trigger until the signal aborts; a plugin that is down is started for it. */
  async listen({ trigger, config, signal, onEvent }: PluginListening): Promise<void> {
    const { id } = this.entry;
    const link = await this.#running(signal);
    const types = link.manifest.triggers.map(({ type }) => type);
    if (!types.includes(trigger))
      throw new Terminal('plugin.unknown_trigger', `The plugin "${id}" has no trigger "${trigger}".`, {
        fix: didYouMean(trigger, types) ?? `It has ${types.slice(0, 30).join(', ') || 'none'}.`,
      });
    const transport = this.#transport;
    try {
      await link.listen({ trigger, config, signal, onEvent });
    } catch (thrown) {
      if (!signal.aborted) throw triggerError(this.#failing(thrown, link, transport), trigger, thrown);
    }
  }

  async call(call: PluginCall): Promise<PluginOutput> {
    const { signal, onProgress, idempotencyKey } = call;
    const { link, command } = await this.command(call.command, signal);
    const given = namedArguments(call.arguments, command.inputSchema);
    const transport = this.#transport;
    const answer = await link
      .call({ command: command.name, arguments: given, signal, onProgress, idempotencyKey })
      .catch((thrown) => {
        signal.throwIfAborted();
        throw callError(this.#failing(thrown, link, transport), command.name, thrown);
      });
    const output = outputOf(answer);
    if (!answer.isError) return output;
    throw commandFailed(this.entry.id, command.name, output.content);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    const opening = this.#opening;
    const transport = this.#transport;
    await this.#link?.close();
    await transport?.close();
    await opening?.catch(() => undefined);
  }

  async #running(signal: AbortSignal): Promise<Link> {
    const { id, enabled } = this.entry;
    if (enabled) return orAborted(this.#opened(), signal);
    throw new Terminal('plugin.disabled', `The plugin "${id}" is disabled.`, {
      fix: 'Remove enabled: false from its entry in plugins.yaml.',
    });
  }

  #status(): PluginStatus {
    if (!this.entry.enabled) return 'disabled';
    if (this.#link?.isOpen) return 'running';
    if (this.#error === undefined) return 'starting';
    return REFUSED.has(this.#error.code) ? 'changed' : 'failed';
  }

  #opened(): Promise<Link> {
    if (this.#link?.isOpen) return Promise.resolve(this.#link);
    clearTimeout(this.#timer);
    this.#opening ??= this.#open().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #open(): Promise<Link> {
    const { id, kind } = this.entry;
    try {
      const link = await this.#connect(kind === 'module');
      this.#link = link;
      this.#error = undefined;
      this.#openedAt = Date.now();
      this.#learn(link);
      this.#around.log.info({ plugin: id, commands: link.commands.length }, 'plugin runs');
      // It may have ended before its link was known here.
      if (!link.isOpen || this.#isClosed) await this.#lost(link);
      return link;
    } catch (thrown) {
      throw this.#failed(thrown);
    }
  }

  async #connect(hasManifest: boolean): Promise<Link> {
    const { entry } = this;
    if (this.#isClosed) throw new Terminal('plugin.unknown', `The plugin "${entry.id}" is no longer listed.`);
    const onClose = () => {
      const link = this.#link;
      if (link && !link.isOpen) void this.#lost(link);
    };
    const transport = await transportTo(entry, this.#around);
    transport.onerror = (error) =>
      this.#around.log.debug({ plugin: entry.id, error: error.message }, 'plugin');
    this.#transport = transport;
    return Link.open(transport, { kill: () => transport.kill(), onClose, hasManifest });
  }

  #learn({ commands, manifest: { triggers, templates } }: Link): void {
    this.#offer = { commands: [...commands], triggers, templates };
  }

  /** The connection is gone: the plugin is started again, later each time it does not stay. */
  async #lost(link: Link): Promise<void> {
    if (this.#link === link) this.#link = undefined;
    if (this.#isClosed) return link.close();
    if (Date.now() - this.#openedAt > STABLE) this.#failures = 0;
    const { id } = this.entry;
    const error = died({ id, isOpen: false, transport: this.#transport });
    this.#error = error;
    this.#around.log.warn({ plugin: id, error: error.message }, 'plugin ended; it is started again');
    this.#later();
  }

  #failed(thrown: unknown): AppError {
    const { id } = this.entry;
    const error = causeOf(thrown) ?? notStarted({ id, isOpen: false, transport: this.#transport }, thrown);
    const isNews = this.#error?.message !== error.message;
    this.#error = error;
    if (isNews && !this.#isClosed)
      this.#around.log.warn({ plugin: id, error: error.message }, 'plugin does not run');
    this.#later();
    return error;
  }

  #later(): void {
    if (this.#isClosed) return;
    clearTimeout(this.#timer);
    const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#failures);
    this.#failures += 1;
    this.#timer = setTimeout(() => this.start(), pause).unref();
  }

  /** It as it is when something goes wrong; a connection that is of no more use is given up. */
  #failing(thrown: unknown, link: Link, transport: PluginTransport | undefined): Failing {
    const failing = { id: this.entry.id, isOpen: link.isOpen, transport };
    if (link.isOpen && isLost(thrown, failing)) void link.close();
    return failing;
  }
}

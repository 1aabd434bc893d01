import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { Logger } from 'pino';
import type { PluginCommand, PluginStatus, PluginView } from '#shared/catalog/plugin.ts';
import { AppError, messageOf } from '#shared/errors.ts';
import { didYouMean } from '#shared/suggest.ts';
import { type Network, Retryable, Terminal } from '../action.ts';
import { namedArguments } from './arguments.ts';
import { checkPin } from './fingerprint.ts';
import { Link } from './link.ts';
import type { PluginEntry, ProgramEntry } from './list.ts';
import type { PluginCall, PluginListening, PluginOutput } from './plugins.ts';
import { type Program, ProgramTransport } from './program.ts';
import type { Reaper } from './reaper.ts';
import { RemoteTransport } from './remote.ts';
import { outputOf } from './result.ts';
import { MOST_OUTPUT, type PluginTransport } from './transport.ts';

const HOST = fileURLToPath(new URL('./host.ts', import.meta.url));

/** Lets Node read TypeScript: the host's, and the module's where it is written in it. */
const LOADER = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

/** The pause before a plugin that ended is started again; it doubles up to the longest. In milliseconds. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

/** A plugin that ran this long has not failed at its start. In milliseconds. */
const STABLE = 30_000;

/** Characters of a plugin's error output that an error quotes. */
const QUOTED = 500;

/** What plugins run with. */
export interface Surroundings {
  /** Holds a folder for each plugin, where its process runs. */
  folder: string;
  /** What every plugin's process inherits. */
  environment: Readonly<Record<string, string>>;
  network: Network;
  reaper: Reaper;
  log: Logger;
}

/** The codes of errors that say that a plugin's files are not the accepted ones. */
const REFUSED = new Set(['plugin.changed', 'plugin.not_pinned']);

function programOf({ id, kind, command, args, env, pin }: ProgramEntry, around: Surroundings): Program {
  const cwd = join(around.folder, id);
  mkdirSync(cwd, { recursive: true, mode: 0o700 });
  const common = { cwd, env: { ...around.environment, ...env } };
  const path = pin === undefined ? [] : [pin.path];
  if (kind === 'module')
    return { ...common, command: process.execPath, args: ['--import', LOADER, HOST, ...path] };
  const [program = '', ...rest] = command === undefined ? path : [command, ...path];
  return { ...common, command: program, args: [...rest, ...args] };
}

/** The error of the kinds that actions throw, if there is one in a chain of causes. */
function causeOf(thrown: unknown): AppError | undefined {
  for (let cause = thrown; cause instanceof Error; cause = cause.cause) if (AppError.is(cause)) return cause;
  return undefined;
}

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
      if (!signal.aborted) throw this.#triggerError(thrown, trigger, link, transport);
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
        throw this.#callError(thrown, command.name, link, transport);
      });
    const output = outputOf(answer);
    if (!answer.isError) return output;
    throw this.#commandFailed(command.name, output.content);
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
    const transport = await this.#transportTo(entry);
    transport.onerror = (error) =>
      this.#around.log.debug({ plugin: entry.id, error: error.message }, 'plugin');
    this.#transport = transport;
    return Link.open(transport, { kill: () => transport.kill(), onClose, hasManifest });
  }

  async #transportTo(entry: PluginEntry): Promise<PluginTransport> {
    if (entry.transport === 'http') return new RemoteTransport(entry, this.#around.network);
    if (entry.pin) await checkPin(entry.id, entry.pin);
    return new ProgramTransport(programOf(entry, this.#around), this.#around.reaper);
  }

  #learn({ commands, manifest: { triggers, templates } }: Link): void {
    this.#offer = { commands: [...commands], triggers, templates };
  }

  /** The connection is gone: the plugin is started again, later each time it does not stay. */
  async #lost(link: Link): Promise<void> {
    if (this.#link === link) this.#link = undefined;
    if (this.#isClosed) return link.close();
    if (Date.now() - this.#openedAt > STABLE) this.#failures = 0;
    const died = this.#died(this.#transport);
    this.#error = died;
    this.#around.log.warn(
      { plugin: this.entry.id, error: died.message },
      'plugin ended; it is started again',
    );
    this.#later();
  }

  #failed(thrown: unknown): AppError {
    const error = causeOf(thrown) ?? this.#notStarted(thrown);
    const isNews = this.#error?.message !== error.message;
    this.#error = error;
    if (isNews && !this.#isClosed)
      this.#around.log.warn({ plugin: this.entry.id, error: error.message }, 'plugin does not run');
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

  #quoted(transport: PluginTransport | undefined): string {
    const errors = transport?.errors.slice(-QUOTED);
    return errors ? ` It wrote: ${errors}` : '';
  }

  #notStarted(thrown: unknown): Retryable {
    const transport = this.#transport;
    const isGone = thrown instanceof McpError && thrown.code === ErrorCode.ConnectionClosed;
    const end = (isGone && transport?.end) || messageOf(thrown);
    return new Retryable(
      'plugin.not_started',
      `The plugin "${this.entry.id}" does not start: ${end}.${this.#quoted(transport)}`,
      {
        fix: 'Check its entry in plugins.yaml, and whether what it names runs by itself.',
        details: { pluginId: this.entry.id },
        cause: thrown,
      },
    );
  }

  #died(transport: PluginTransport | undefined, thrown?: unknown): Retryable {
    const { id } = this.entry;
    if (transport?.wroteTooMuch)
      return new Retryable(
        'plugin.output_too_large',
        `The plugin "${id}" was ended, for it wrote more than ${MOST_OUTPUT} bytes without an answer.`,
        { fix: 'Ask the command for less.', details: { pluginId: id } },
      );
    const end = transport?.end ?? (thrown === undefined ? 'its connection is lost' : messageOf(thrown));
    return new Retryable('plugin.died', `The plugin "${id}" died: ${end}.${this.#quoted(transport)}`, {
      fix: 'Look at what it wrote. Where the command may be run twice, let the step retry it.',
      details: { pluginId: id },
    });
  }

  #commandFailed(command: string, text: string): Terminal {
    return new Terminal(
      'plugin.command_failed',
      `"${command}" of the plugin "${this.entry.id}" failed: ${text.slice(0, 3_000) || 'it did not say why'}`,
      {
        fix: 'Correct the arguments, or what the message names.',
        details: { pluginId: this.entry.id, command },
      },
    );
  }

  #triggerError(
    thrown: unknown,
    trigger: string,
    link: Link,
    transport: PluginTransport | undefined,
  ): AppError {
    const gone = this.#connectionError(thrown, link, transport);
    if (gone) return gone;
    const isConfig = thrown instanceof McpError && thrown.code === ErrorCode.InvalidParams;
    return new Terminal(
      isConfig ? 'plugin.trigger_config' : 'plugin.trigger_failed',
      `The trigger "${trigger}" of the plugin "${this.entry.id}": ${messageOf(thrown)}`,
      { fix: isConfig ? 'GET /api/plugins shows what it takes.' : 'Correct what the message names.' },
    );
  }

  #callError(thrown: unknown, command: string, link: Link, transport: PluginTransport | undefined): AppError {
    const gone = this.#connectionError(thrown, link, transport);
    if (gone) return gone;
    if (thrown instanceof McpError && thrown.code === ErrorCode.InvalidParams)
      return new Terminal(
        'plugin.bad_arguments',
        `"${command}" of the plugin "${this.entry.id}": ${thrown.message}`,
        {
          fix: 'Correct the arguments; GET /api/plugins shows what the command takes.',
        },
      );
    return this.#commandFailed(command, messageOf(thrown));
  }

  /** What went wrong with the connection, where that is what went wrong. */
  #connectionError(
    thrown: unknown,
    link: Link,
    transport: PluginTransport | undefined,
  ): AppError | undefined {
    const known = causeOf(thrown);
    if (known) return known;
    if (!link.isOpen || !(thrown instanceof McpError) || thrown.code === ErrorCode.ConnectionClosed) {
      // A server that answers outside the protocol has forgotten the session, or is not there.
      if (link.isOpen) void link.close();
      return this.#died(transport, transport?.end === undefined ? thrown : undefined);
    }
    return undefined;
  }
}

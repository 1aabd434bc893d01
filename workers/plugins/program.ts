import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { deserializeMessage, serializeMessage } from '@modelcontextprotocol/sdk/shared/stdio.js';
import { ErrorCode, type JSONRPCMessage, McpError } from '@modelcontextprotocol/sdk/types.js';
import { messageOf } from '#shared/errors.ts';
import { Lines } from './lines.ts';
import type { Reaper } from './reaper.ts';
import { MOST_OUTPUT, type PluginTransport } from './transport.ts';

/** Characters of its error output that are kept. */
const KEPT_ERRORS = 2_000;

/** How long a plugin may take to end by itself once its input has, and then once it is told to; in milliseconds. */
const EOF_GRACE = 1_000;
const TERM_GRACE = 1_000;

/** How long outputs may stay open after the plugin has ended, in milliseconds. */
const DRAIN = 500;

/** A program to start as a plugin. */
export interface Program {
  command: string;
  args: readonly string[];
  /** Its whole environment. */
  env: Readonly<Record<string, string>>;
  cwd: string;
}

/**
 * A plugin's process and the messages to and from it, one in a line of its standard input and output. Differs from the
 * SDK's own transport in what the process inherits (nothing that is not given), and in that it and all it started end
 * together. Lines that are no messages are skipped.
 */
export class ProgramTransport implements PluginTransport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #program: Program;
  readonly #reaper: Reaper;
  readonly #lines = new Lines();
  #child: ChildProcess | undefined;
  #errors = '';
  #sinceAnswer = 0;
  #end: string | undefined;

  constructor(program: Program, reaper: Reaper) {
    this.#program = program;
    this.#reaper = reaper;
  }

  /** How the process ended, in words; undefined while it runs. */
  get end(): string | undefined {
    return this.#end;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The end of what it wrote to its standard error. */
  get errors(): string {
    return this.#errors.trim();
  }

  /** Whether it was killed for what it wrote. */
  get wroteTooMuch(): boolean {
    return this.#sinceAnswer > MOST_OUTPUT;
  }

  async start(): Promise<void> {
    const { command, args, env, cwd } = this.#program;
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      shell: false,
      stdio: 'pipe',
      windowsHide: true,
    });
    this.#child = child;
    const spawned = once(child, 'spawn');
    child.stdin?.on('error', (error) => this.onerror?.(error));
    child.stdout?.on('data', (chunk: Buffer) => this.#read(chunk));
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors = (this.#errors + chunk.toString('utf8')).slice(-KEPT_ERRORS);
    });
    child.once('exit', (code, signal) => void this.#ended(code, signal));
    if (child.pid !== undefined) this.#reaper.watch(child.pid);
    await spawned;
  }

  async send(message: JSONRPCMessage): Promise<void> {
    const stdin = this.#child?.stdin;
    if (!stdin?.writable) throw new McpError(ErrorCode.ConnectionClosed, 'The plugin has ended.');
    // A request opens a new account of what is written.
    if ('id' in message) this.#sinceAnswer = 0;
    stdin.write(serializeMessage(message));
  }

  /** Ends the process: its input first, so that it may tidy up, then whatever is left of it. */
  async close(): Promise<void> {
    const child = this.#child;
    if (!child || this.#end !== undefined) return;
    child.stdin?.end();
    if (await this.#gone(EOF_GRACE)) return;
    this.#signal('SIGTERM');
    if (await this.#gone(TERM_GRACE)) return;
    await this.kill();
  }

  /** Ends the process and all it started at once. */
  async kill(): Promise<void> {
    this.#signal('SIGKILL');
    await this.#gone(DRAIN);
  }

  async #gone(patience: number): Promise<boolean> {
    const deadline = Date.now() + patience;
    while (this.#end === undefined && Date.now() < deadline) await sleep(10);
    return this.#end !== undefined;
  }

  #signal(signal: NodeJS.Signals): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') this.onerror?.(thrown as Error);
    }
  }

  #read(chunk: Buffer): void {
    if (this.wroteTooMuch) return;
    this.#sinceAnswer += chunk.length;
    if (this.wroteTooMuch) {
      this.#lines.clear();
      this.#signal('SIGKILL');
      return;
    }
    for (const line of this.#lines.push(chunk)) this.#receive(line);
  }

  #receive(line: string): void {
    let message: JSONRPCMessage;
    try {
      message = deserializeMessage(line);
    } catch (thrown) {
      this.onerror?.(new Error(`A line that is no message was skipped: ${messageOf(thrown).slice(0, 200)}`));
      return;
    }
    if ('result' in message || 'error' in message) this.#sinceAnswer = 0;
    this.onmessage?.(message);
  }

  async #ended(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const child = this.#child;
    // What it started must not go on without it; and would hold its outputs open.
    this.#signal('SIGKILL');
    const closed = child && once(child, 'close');
    await Promise.race([closed, sleep(DRAIN, undefined, { ref: false })]);
    child?.stdout?.destroy();
    child?.stderr?.destroy();
    this.#lines.clear();
    if (child?.pid !== undefined) this.#reaper.forget(child.pid);
    this.#end = signal === null ? `it ended with exit code ${code}` : `it was ended by ${signal}`;
    this.onclose?.();
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { choosePort } from '#scripts/ports.ts';
import { readProcesses } from '#scripts/supervisor/process-record.ts';
import type { ExecutionSummary, ExecutionView } from '#shared/contract/execution.ts';
import type { JsonObject } from '#shared/json.ts';
import { isAlive, type ProcessIdentity } from '#shared/node/process-identity.ts';
import { eventually } from './eventually.ts';
import { testBinary } from './temporal.ts';

const PROGRAM = fileURLToPath(new URL('../../scripts/start.mjs', import.meta.url));

/** Lines of a tree's log that a failure shows. */
const SHOWN = 40;

/** How long a start may take, in milliseconds: much longer than it takes, for loaded machines. */
const READY = 180_000;

export type Part = 'temporal' | 'api' | 'worker';

/** One process tree, started as `npm start` does. */
class Tree {
  readonly child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #log = '';

  constructor(env: Record<string, string | undefined>) {
    this.child = spawn(process.execPath, [PROGRAM], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#log += chunk;
      });
    this.#ended = once(this.child, 'close');
  }

  get log(): string {
    return this.#log.split('\n').slice(-SHOWN).join('\n');
  }

  ready(): Promise<unknown> {
    return eventually(
      () => {
        if (this.child.exitCode !== null) throw new Error(`It ended instead of starting:\n${this.log}`);
        return this.#log.includes('ACAS Runner is ready') || undefined;
      },
      'the product is ready',
      READY,
    ).catch((thrown) => {
      throw new Error(`${thrown}\n${this.log}`);
    });
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      // A test that failed may have left it halted, and then it would hear of nothing.
      this.child.kill('SIGCONT');
    }
    await this.#ended;
  }
}

/** The whole product on a data directory and a workspace of its own, to be used as people do and to be killed. */
export class Product {
  readonly home: string;
  readonly workspace: string;
  readonly url: string;
  readonly #folder: string;
  readonly #env: Record<string, string | undefined>;
  #tree: Tree;

  private constructor(folder: string, port: number, env: Record<string, string | undefined>) {
    this.#folder = folder;
    this.home = join(folder, 'home');
    this.workspace = join(folder, 'workspace');
    this.url = `http://127.0.0.1:${port}`;
    this.#env = {
      ...env,
      PORT: String(port),
      ACAS_HOME: this.home,
      ACAS_WORKSPACE: this.workspace,
      ACAS_TEMPORAL_PORT: '0',
      ACAS_TEMPORAL_UI_PORT: '0',
      LOG_FORMAT: 'json',
    };
    this.#tree = new Tree(this.#env);
  }

  /** Starts it; `more` is set in its environment. */
  static async start(more: Record<string, string> = {}): Promise<Product> {
    const folder = await mkdtemp(join(tmpdir(), 'acas-product-'));
    await mkdir(join(folder, 'workspace'));
    const { NODE_OPTIONS, DATABASE_URL, TEMPORAL_ADDRESS, ...env } = process.env;
    const port = await choosePort([], new Set());
    const product = new Product(folder, port, {
      ...env,
      TEMPORAL_CLI_PATH: await testBinary(),
      ...more,
    });
    try {
      await product.#tree.ready();
    } catch (thrown) {
      await product.stop();
      throw thrown;
    }
    return product;
  }

  get log(): string {
    return this.#tree.log;
  }

  /** Kills one process with SIGKILL and waits until its supervisor has another one in its place. */
  async kill(part: Part): Promise<void> {
    const victim = await this.#written(part);
    if (isAlive(victim)) process.kill(victim.pid, 'SIGKILL');
    await this.#replaced(part, victim);
  }

  /**
   * Kills one process and keeps anything from taking its place, until the answer is called: then another one runs.
   * @returns what brings it back
   */
  async takeAway(part: Part): Promise<() => Promise<void>> {
    const supervisor = await this.#written('supervisor');
    const victim = await this.#written(part);
    process.kill(supervisor.pid, 'SIGSTOP');
    process.kill(victim.pid, 'SIGKILL');
    return async () => {
      process.kill(supervisor.pid, 'SIGCONT');
      await this.#replaced(part, victim);
    };
  }

  /** Halts one process, which takes requests then and answers none; the answer lets it go on. */
  async halt(part: Part): Promise<() => void> {
    const { pid } = await this.#written(part);
    process.kill(pid, 'SIGSTOP');
    return () => void process.kill(pid, 'SIGCONT');
  }

  #written(name: Part | 'supervisor'): Promise<ProcessIdentity> {
    return eventually(() => readProcesses(this.home)[name], `${name} is written down`);
  }

  #replaced(part: Part, victim: ProcessIdentity): Promise<true> {
    return eventually(() => {
      const now = readProcesses(this.home)[part];
      return now && now.started !== victim.started && isAlive(now) ? true : undefined;
    }, `${part} runs again`);
  }

  /** Kills every process at once, as a power cut would. */
  async killAll(): Promise<void> {
    const { supervisor, ...children } = readProcesses(this.home);
    const all = [...(supervisor ? [supervisor] : []), ...Object.values(children)];
    for (const one of all) if (isAlive(one)) process.kill(one.pid, 'SIGKILL');
    await this.#tree.end('SIGKILL');
    await eventually(() => (all.some(isAlive) ? undefined : true), 'all processes are gone');
  }

  /** Starts it again with the same command. */
  async restart(): Promise<void> {
    this.#tree = new Tree(this.#env);
    await this.#tree.ready();
  }

  /** Ends everything and removes its files. */
  async stop(): Promise<void> {
    await this.#tree.end('SIGTERM');
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Sends a request; a body goes as JSON, or as YAML where it is text. Throws unless it is answered with success. */
  async ask<T>(method: string, path: string, body?: string | JsonObject): Promise<T> {
    const isText = typeof body === 'string';
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      signal: AbortSignal.timeout(15_000),
      ...(body !== undefined && {
        headers: { 'Content-Type': isText ? 'application/yaml' : 'application/json' },
        body: isText ? body : JSON.stringify(body),
      }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }

  /** Sends a request again and again until it is answered with success. */
  insist<T>(method: string, path: string, body?: string | JsonObject, milliseconds = 90_000): Promise<T> {
    return eventually(
      () => this.ask<T>(method, path, body).catch(() => undefined),
      `${method} ${path} is answered`,
      milliseconds,
    );
  }

  /** Every execution of a workflow, over all pages. */
  async executions(workflowId: string): Promise<ExecutionSummary[]> {
    const items: ExecutionSummary[] = [];
    let cursor: string | null = null;
    do {
      const query = new URLSearchParams({ workflowId, limit: '200', ...(cursor !== null && { cursor }) });
      const page: { items: ExecutionSummary[]; nextCursor: string | null } = await this.ask(
        'GET',
        `/executions?${query}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  }

  /** The executions of a workflow once there are so many and all have ended. */
  closed(workflowId: string, count: number, milliseconds: number): Promise<ExecutionSummary[]> {
    let last = '';
    return eventually(
      async () => {
        const all = await this.executions(workflowId).catch(() => undefined);
        const open = all?.filter(({ endTime }) => endTime === null).length;
        last = `${all?.length} executions, ${open} of them open`;
        return all && all.length >= count && open === 0 ? all : undefined;
      },
      `${count} executions of "${workflowId}" have ended`,
      milliseconds,
    ).catch((thrown) => {
      throw new Error(`${thrown}: ${last}\n${this.log}`);
    });
  }

  execution(id: string): Promise<ExecutionView> {
    return this.ask('GET', `/executions/${encodeURIComponent(id)}`);
  }
}

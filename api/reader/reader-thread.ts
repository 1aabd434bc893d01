import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import type { Catalog } from '#shared/catalog/catalog.ts';
import { AppError } from '#shared/errors.ts';
import type { Order, Outcome, Task } from './tasks.ts';

/** What reading one definition may use. */
export interface ThreadLimits {
  /** Milliseconds. */
  time: number;
  /** Megabytes. */
  memory: number;
}

/** The largest definition takes a few seconds and 300 MB; the rest is for slow machines. */
const LIMITS: ThreadLimits = { time: 60_000, memory: 768 };

const MODULE = new URL('./thread.mjs', import.meta.url);

const SPLIT = { fix: 'Split it into several workflows.' };

const tooSlow = ({ time }: ThreadLimits): AppError =>
  new AppError(
    'workflow.too_costly',
    `Reading the definition takes more than ${time / 1_000} seconds.`,
    SPLIT,
  );

function died(cause: Error & { code?: string }, { memory }: ThreadLimits): AppError {
  if (cause.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return new AppError('workflow.too_costly', `Reading the definition takes more than ${memory} MB.`, {
      ...SPLIT,
      cause,
    });
  const message = `What reads definitions ended in the middle: ${cause.message}.`;
  return new AppError('workflow.reader_died', message, { fix: 'Try again.', cause });
}

/** One thread that runs tasks in the order they come. It is started anew when it has ended. */
export class ReaderThread {
  readonly #catalog: Catalog;
  readonly #limits: ThreadLimits;
  #worker: Worker | undefined;
  #plugins: Catalog['plugins'];
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(catalog: Catalog, limits: ThreadLimits = LIMITS) {
    this.#catalog = catalog;
    this.#limits = limits;
  }

  /** The thread, started where there is none. */
  start(): Worker {
    if (this.#worker) return this.#worker;
    if (this.#isClosed) throw died(new Error('the API is shutting down'), this.#limits);
    const { memory } = this.#limits;
    const worker = new Worker(MODULE, {
      workerData: this.#catalog,
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: memory, maxYoungGenerationSizeMb: 64 },
    });
    const gone = () => {
      if (this.#worker === worker) this.#worker = undefined;
    };
    // Whoever waits for it hears of the error as well; between tasks nobody does, and the next starts another.
    worker.on('error', gone).on('exit', gone).unref();
    this.#worker = worker;
    this.#send({ plugins: this.#plugins });
    return worker;
  }

  /** What later tasks know of plugins. */
  setPlugins(plugins: Catalog['plugins']): void {
    this.#plugins = plugins;
    if (this.#worker) this.#send({ plugins });
  }

  /** Throws `workflow.too_costly`, `workflow.reader_died`. */
  run(task: Task): Promise<unknown> {
    const mine = this.#last.then(() => this.#answer(task));
    // The next one's turn comes whatever became of this one, which its own caller hears.
    this.#last = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  /** What the thread answers; it may end instead. */
  async #heard(worker: Worker, until: { signal: AbortSignal }): Promise<Outcome> {
    const ended = once(worker, 'exit', until).then(([code]) => {
      throw new Error(`exit code ${code}`);
    });
    try {
      const [outcome] = await Promise.race([once(worker, 'message', until), ended]);
      return outcome;
    } catch (thrown) {
      throw died(thrown as Error, this.#limits);
    }
  }

  /** Ends a thread in the middle of a task; the next task has another. */
  #end(worker: Worker): never {
    this.#worker = undefined;
    void worker.terminate();
    throw tooSlow(this.#limits);
  }

  #send(order: Order): void {
    this.#worker?.postMessage(order);
  }

  async #answer(task: Task): Promise<unknown> {
    const worker = this.start();
    const waiting = new AbortController();
    const until = { signal: waiting.signal };
    this.#send(task);
    try {
      const outcome = await Promise.race([
        this.#heard(worker, until),
        setTimeout(this.#limits.time, undefined, until).then(() => this.#end(worker)),
      ]);
      if ('output' in outcome) return outcome.output;
      throw new Error(outcome.error);
    } finally {
      waiting.abort();
    }
  }
}

import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { Turns } from './_turns.ts';

/** What a computation in a thread of its own may use. */
export interface ThreadLimits {
  /** Milliseconds. */
  time: number;
  /** Megabytes. */
  memory: number;
}

/** How the limits and the death of the thread become errors. */
export interface ThreadErrors {
  tooSlow(): Error;
  tooLarge(cause: Error): Error;
  failed(cause: Error): Error;
}

/**
 * Threads at once. A worker takes up a hundred actions together, and a hundred threads on two processors begin so slowly
 * that what takes half a second alone would reach a limit of ten.
 */
const turns = new Turns(2 * availableParallelism());

/**
 * Runs a module in a thread of its own, without environment, and resolves to the first message it sends. The thread
 * is ended in any case, also in the middle of an endless loop. Rejects with the signal's reason, or by `errors`. It may
 * wait for its turn; its time counts from then on.
 */
export async function runThread(module: URL, data: unknown, task: ThreadTask): Promise<unknown> {
  await turns.take(task.signal);
  try {
    return await threaded(module, data, task);
  } finally {
    turns.give();
  }
}

interface ThreadTask {
  limits: ThreadLimits;
  errors: ThreadErrors;
  signal: AbortSignal;
}

async function threaded(
  module: URL,
  data: unknown,
  { limits, errors, signal }: ThreadTask,
): Promise<unknown> {
  const worker = new Worker(module, {
    workerData: data,
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: limits.memory, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  const failure = (thrown: Error & { code?: string }): Error =>
    thrown.code === 'ERR_WORKER_OUT_OF_MEMORY' ? errors.tooLarge(thrown) : errors.failed(thrown);
  try {
    return await new Promise((resolve, reject) => {
      abort = () => reject(signal.reason);
      timer = setTimeout(() => reject(errors.tooSlow()), limits.time);
      signal.addEventListener('abort', abort);
      worker.once('message', resolve);
      worker.once('error', (thrown: Error) => reject(failure(thrown)));
      worker.once('exit', (code) => reject(failure(new Error(`its thread ended with ${code}`))));
    });
  } finally {
    clearTimeout(timer);
    if (abort) signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

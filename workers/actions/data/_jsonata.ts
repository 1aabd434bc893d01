import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { Terminal } from '../../action.ts';

/** Longest time one expression may compute, in milliseconds. */
const TIME_LIMIT = 10_000;

/** Megabytes of memory one expression may use. */
const MEMORY_LIMIT = 256;

/** An expression, as the data actions take it. */
export const expressionInput = (what: string) =>
  z.string().min(1).max(20_000).describe(`${what}, in JSONata (https://docs.jsonata.org)`);

const answerSchema = z.object({
  result: z.string().optional(),
  error: z.object({ message: z.string(), code: z.string(), position: z.number().optional() }).optional(),
});

export interface Job {
  mode: 'transform' | 'filter';
  expression: string;
  /** Without it, TIME_LIMIT. Milliseconds. */
  timeLimit?: number;
}

const libraryText = (): string => readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8');

const startWorker = ({ mode, expression }: Job, input: Json): Worker =>
  new Worker(new URL('./_sandbox.mjs', import.meta.url), {
    workerData: {
      library: libraryText(),
      job: JSON.stringify({ mode, expression, input: JSON.stringify(input) }),
    },
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_LIMIT, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  });

const tooSlow = (limit: number): Terminal =>
  new Terminal('data.too_slow', `The expression computed for longer than ${limit} ms.`, {
    fix: 'Simplify it, or give it less data.',
  });

const failed = (thrown: Error & { code?: string }): Terminal =>
  thrown.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? new Terminal('data.too_large', `The expression needed more than ${MEMORY_LIMIT} MB.`, {
        fix: 'Give it less data.',
        cause: thrown,
      })
    : new Terminal('data.bad_expression', `The expression could not be computed: ${thrown.message}`, {
        cause: thrown,
      });

/** What a worker answers; the worker is ended in any case. */
async function answerOf(worker: Worker, limit: number, signal: AbortSignal): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  let abort: (() => void) | undefined;
  try {
    return await new Promise((resolve, reject) => {
      abort = () => reject(signal.reason);
      timer = setTimeout(() => reject(tooSlow(limit)), limit);
      signal.addEventListener('abort', abort);
      worker.once('message', resolve);
      worker.once('error', (thrown: Error) => reject(failed(thrown)));
      worker.once('exit', (code) => reject(failed(new Error(`its thread ended with ${code}`))));
    });
  } finally {
    clearTimeout(timer);
    if (abort) signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

/**
 * Computes a JSONata expression over `input`, apart from everything else: no file, network or environment, and a
 * limit to time and memory. `transform` gives the value (null for none), `filter` the indexes of the items kept.
 * @throws Terminal `data.bad_expression` with the position, `data.too_slow`, `data.too_large`
 */
export async function compute(job: Job, input: Json, signal: AbortSignal): Promise<Json> {
  signal.throwIfAborted();
  const { timeLimit = TIME_LIMIT } = job;
  const answer = await answerOf(startWorker(job, input), timeLimit, signal);
  const { result, error } = answerSchema.parse(JSON.parse(String(answer)));
  if (!error) return result === undefined ? null : (JSON.parse(result) as Json);
  const at = error.position === undefined ? '' : ` at character ${error.position}`;
  throw new Terminal('data.bad_expression', `The expression is wrong${at}: ${error.message}.`, {
    fix: `Correct it near ${JSON.stringify(job.expression.slice(Math.max(0, (error.position ?? 0) - 20), (error.position ?? 0) + 10))}.`,
    details: { code: error.code, ...(error.position !== undefined && { position: error.position }) },
  });
}

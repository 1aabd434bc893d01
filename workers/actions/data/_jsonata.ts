import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { Terminal } from '../../action.ts';
import { runThread, type ThreadErrors } from '../_thread.ts';

const SANDBOX = new URL('./_sandbox.mjs', import.meta.url);

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

const tooSlow = (limit: number): Terminal =>
  new Terminal('data.too_slow', `The expression computed for longer than ${limit} ms.`, {
    fix: 'Simplify it, or give it less data.',
  });

const errors = (limit: number): ThreadErrors => ({
  tooSlow: () => tooSlow(limit),
  tooLarge: (cause) =>
    new Terminal('data.too_large', `The expression needed more than ${MEMORY_LIMIT} MB.`, {
      fix: 'Give it less data.',
      cause,
    }),
  failed: (cause) =>
    new Terminal('data.bad_expression', `The expression could not be computed: ${cause.message}`, { cause }),
});

/**
 * Computes a JSONata expression over `input`, apart from everything else: no file, network or environment, and a
 * limit to time and memory. `transform` gives the value (null for none), `filter` the indexes of the items kept.
 * @throws Terminal `data.bad_expression` with the position, `data.too_slow`, `data.too_large`
 */
export async function compute(job: Job, input: Json, signal: AbortSignal): Promise<Json> {
  const { mode, expression, timeLimit = TIME_LIMIT } = job;
  const data = {
    library: libraryText(),
    job: JSON.stringify({ mode, expression, input: JSON.stringify(input) }),
  };
  const limits = { time: timeLimit, memory: MEMORY_LIMIT };
  const answer = await runThread(SANDBOX, data, { limits, errors: errors(timeLimit), signal });
  const { result, error } = answerSchema.parse(JSON.parse(String(answer)));
  if (!error) return result === undefined ? null : (JSON.parse(result) as Json);
  const at = error.position === undefined ? '' : ` at character ${error.position}`;
  throw new Terminal('data.bad_expression', `The expression is wrong${at}: ${error.message}.`, {
    fix: `Correct it near ${JSON.stringify(job.expression.slice(Math.max(0, (error.position ?? 0) - 20), (error.position ?? 0) + 10))}.`,
    details: { code: error.code, ...(error.position !== undefined && { position: error.position }) },
  });
}

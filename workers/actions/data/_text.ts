import { z } from 'zod';
import { tooDeepAt } from '#shared/definition/depth.ts';
import type { Json } from '#shared/json.ts';
import { type Attempt, Terminal } from '../../action.ts';
import { runThread, type ThreadErrors } from '../_thread.ts';
import { openFile } from '../file/_files.ts';

const THREAD = new URL('./_formats.mjs', import.meta.url);

/** Longest time a text may take, in milliseconds. */
const TIME_LIMIT = 20_000;

/** Megabytes of memory a text may take. */
const MEMORY_LIMIT = 512;

/** Largest text that is read, in bytes. */
const LARGEST_TEXT = 20_000_000;

/** Of YAML, which takes far more time to read than other texts. */
const LARGEST_YAML = 1024 * 1024;

/** Levels that the text of a YAML may have. */
const DEEPEST_YAML = 250;

export const formatInput = z.enum(['json', 'jsonl', 'yaml', 'csv', 'xml', 'front_matter']);

export type Format = z.infer<typeof formatInput>;

/** How CSV stands in a text. */
export const csvInput = {
  header: z.boolean().default(true).describe('csv: whether the first line holds the names of the columns'),
  delimiter: z.string().min(1).max(4).default(',').describe('csv: what stands between two fields'),
};

const answer = z.object({
  result: z.string().optional(),
  error: z
    .object({ message: z.string(), line: z.number().optional(), column: z.number().optional() })
    .optional(),
});

const tooLarge = (message: string, cause?: unknown): Terminal =>
  new Terminal('data.too_large', message, { fix: 'Give it less data, or split it.', cause });

const errors: ThreadErrors = {
  tooSlow: () =>
    new Terminal('data.too_slow', `The data took longer than ${TIME_LIMIT} ms.`, {
      fix: 'Give it less data, or simplify the schema.',
    }),
  tooLarge: (cause) => tooLarge(`The data needed more than ${MEMORY_LIMIT} MB.`, cause),
  failed: (cause) =>
    new Terminal('data.bad_input', `The data could not be worked on: ${cause.message}`, { cause }),
};

export interface TextJob {
  job: 'parse' | 'format' | 'validate';
  format?: Format;
  options: Json;
  /** The text to parse, or JSON. */
  payload: string;
}

/**
 * Parses, formats or validates, apart from everything else.
 * @throws Terminal `data.bad_input` with line and column where they are known, `data.too_slow`, `data.too_large`
 */
export async function work(data: TextJob, signal: AbortSignal): Promise<Json> {
  const limits = { time: TIME_LIMIT, memory: MEMORY_LIMIT };
  const { result, error } = answer.parse(await runThread(THREAD, data, { limits, errors, signal }));
  if (!error) return JSON.parse(result ?? 'null') as Json;
  const { message, line, column } = error;
  const at = line === undefined ? '' : ` in line ${line}${column === undefined ? '' : `, column ${column}`}`;
  throw new Terminal('data.bad_input', `The data is wrong${at}: ${message}.`, {
    fix: 'Correct it at this place, or check that the format is the right one.',
    ...(line !== undefined && { details: { line, ...(column !== undefined && { column }) } }),
  });
}

/** Throws where a text could take the parser down or is too long for it. */
export function checkText(text: string, format: Format): void {
  const most = format === 'yaml' || format === 'front_matter' ? LARGEST_YAML : LARGEST_TEXT;
  // Only the head of a document is YAML, and what follows may be long.
  const yaml = format === 'front_matter' ? text.slice(0, text.indexOf('\n---', 3) + 1) : text;
  if ((most === LARGEST_YAML ? yaml : text).length > most)
    throw tooLarge(`The text has more than ${most} characters, the most for ${format}.`);
  if (most === LARGEST_YAML && tooDeepAt(yaml, DEEPEST_YAML) !== undefined)
    throw new Terminal('data.bad_input', `The text is nested more than ${DEEPEST_YAML} levels deep.`, {
      fix: 'Flatten it.',
    });
}

/** The text of a file of the workspace. Throws what reading it throws, and `data.too_large`. */
export const textAt = (
  { workspace, signal }: Attempt<unknown>,
  path: string,
  most = LARGEST_TEXT,
): Promise<string> =>
  workspace.at(path, 'read', async (place) => {
    const file = await openFile(place);
    try {
      const { size } = await file.stat();
      if (size > most) throw tooLarge(`"${place.path}" has more than ${most} bytes.`);
      return await file.readFile({ encoding: 'utf8', signal });
    } finally {
      await file.close();
    }
  });

import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { defineAction, Terminal } from '../../action.ts';
import { runThread, type ThreadErrors } from '../_thread.ts';

const SANDBOX = new URL('./_sandbox.mjs', import.meta.url);

/** Milliseconds that starting and ending the thread may take besides. */
const OVERHEAD = 3_000;

/** Megabytes of the thread around the interpreter, whose own memory is limited by itself. */
const THREAD_MEMORY = 128;

/** Longest result, in characters of JSON. */
const LONGEST_RESULT = 10_000_000;

/** Characters of the console that are kept. */
const LONGEST_LOG = 64_000;

const input = z.strictObject({
  code: z
    .string()
    .min(1)
    .max(200_000)
    .describe(
      'JavaScript, the body of an async function: return gives the result. No {{ }}: values go in by input',
    ),
  input: z.json().default(null).describe('What the code sees as input'),
  timeLimit: z.int().min(10).max(60_000).default(5_000).describe('Milliseconds it may compute'),
  memoryLimit: z.int().min(1).max(256).default(64).describe('Megabytes it may use'),
});

const output = z.object({
  result: z.json().describe('What the code returned, as JSON; null for nothing'),
  logs: z
    .array(z.string())
    .describe('What it wrote to the console; the first 1,000 lines or 64,000 characters'),
  logsTruncated: z.boolean().describe('Whether it wrote more'),
});

const answer = z.object({
  kind: z.enum(['result', 'error', 'unsettled', 'late', 'large', 'broken']),
  texts: z.array(z.string()),
  logs: z.array(z.string()),
  logsTruncated: z.boolean(),
});

type Limits = Pick<z.infer<typeof input>, 'timeLimit' | 'memoryLimit'>;

const tooSlow = ({ timeLimit }: Limits): Terminal =>
  new Terminal('code.too_slow', `The code computed for longer than ${timeLimit} ms.`, {
    fix: 'Look for a loop that does not end, give it less data, or raise timeLimit.',
  });

const tooLarge = ({ memoryLimit }: Limits, cause?: unknown): Terminal =>
  new Terminal('code.too_large', `The code needed more than ${memoryLimit} MB.`, {
    fix: 'Give it less data, or raise memoryLimit.',
    cause,
  });

const failed = (message: string): Terminal =>
  new Terminal('code.failed', message, { fix: 'Mend the code, or give it other input.' });

const errors = (limits: Limits): ThreadErrors => ({
  tooSlow: () => tooSlow(limits),
  tooLarge: (cause) => tooLarge(limits, cause),
  failed: (cause) => failed(`The code could not be run: ${cause.message}.`),
});

/** Where in the code an error was thrown: a line stands before the code. */
function placeOf(stack: string): { line?: number; column?: number } {
  const [, line, column] = /code\.js:(\d+)(?::(\d+))?/.exec(stack) ?? [];
  if (line === undefined) return {};
  return { line: Math.max(1, Number(line) - 1), ...(column !== undefined && { column: Number(column) }) };
}

function hintFor(name: string, message: string): string {
  if (name === 'ReferenceError' && /\b(require|process|fetch|setTimeout|Buffer|fs)\b/.test(message))
    return 'The code runs by itself, without Node, files, network and timers; use the file, http and shell actions.';
  if (/circular/i.test(message)) return 'Return plain data, without references in a circle.';
  if (/BigInt/i.test(message)) return 'Return numbers or texts; JSON has no BigInt.';
  if (/stack/i.test(message)) return 'Look for a function that calls itself without end.';
  return 'Mend the code at this line, or give it other input.';
}

function errorOf([name = 'Error', message = '', stack = '']: string[], limits: Limits): Terminal {
  if (/out of memory/.test(message)) return tooLarge(limits);
  const place = placeOf(stack);
  const at = place.line === undefined ? '' : ` in line ${place.line}`;
  const said = `${name}${at}: ${message.slice(0, 1_000)}`;
  if (name === 'SyntaxError' && !stack.includes('at <anonymous>') && !/JSON/.test(message))
    return new Terminal('code.syntax', said, { fix: 'Correct the JavaScript at this line.', details: place });
  return new Terminal('code.failed', said, { fix: hintFor(name, message), details: place });
}

function resultOf({ kind, texts }: z.infer<typeof answer>, limits: Limits): Json {
  if (kind === 'result') return JSON.parse(texts[0] ?? 'null') as Json;
  if (kind === 'error') throw errorOf(texts, limits);
  if (kind === 'late') throw tooSlow(limits);
  if (kind === 'broken') throw tooLarge(limits, new Error(texts[0]));
  if (kind === 'large')
    throw new Terminal('code.too_large', `The result has more than ${LONGEST_RESULT} characters of JSON.`, {
      fix: 'Return less.',
    });
  throw failed('The code waits for a promise that nothing settles.');
}

export default defineAction({
  type: 'code.run',
  title: 'Run JavaScript',
  description:
    'Computes with JavaScript, apart from everything else: it reaches no file, network or secret, only what is given to it as input.',
  icon: 'braces',
  input,
  output,
  effect: 'read',
  idempotent: true,
  literal: ['code'],
  examples: [
    {
      title: 'Turn orders into totals',
      input: {
        input: {
          orders: [
            { customer: 'a', total: 2 },
            { customer: 'a', total: 3 },
          ],
        },
        code: 'const totals = {};\nfor (const { customer, total } of input.orders)\n  totals[customer] = (totals[customer] ?? 0) + total;\nreturn totals;',
      },
      output: { result: { a: 5 }, logs: [] },
    },
  ],
  dryRun: ({ code }) => `Run ${code.split('\n').length} lines of JavaScript.`,
  async run({ input: { code, input, timeLimit, memoryLimit }, signal }) {
    const limits = { timeLimit, memoryLimit };
    const data = {
      code,
      input: JSON.stringify(input),
      time: timeLimit,
      memory: memoryLimit,
      maxResult: LONGEST_RESULT,
      maxLog: LONGEST_LOG,
    };
    const answered = answer.parse(
      await runThread(SANDBOX, data, {
        limits: { time: timeLimit + OVERHEAD, memory: THREAD_MEMORY },
        errors: errors(limits),
        signal,
      }),
    );
    const { logs, logsTruncated } = answered;
    return { result: resultOf(answered, limits), logs, logsTruncated };
  },
});

import type { Step } from '../definition/workflow.ts';
import { AppError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { framePath } from '../machine/paths.ts';
import type { StepRun } from '../machine/step-run.ts';
import type { FrameResult, StepType } from '../machine/step-type.ts';

/** Iterations a loop may make when its `maxIterations` does not say otherwise. */
const MAX_ITERATIONS = 10_000;

/** What a loop remembers: `items` only where it has some, `results` by iteration. */
interface Memo extends JsonObject {
  items: Json[] | null;
  total: number | null;
  next: number;
  results: Json[];
  failed: number;
}

/** Names that a loop's item cannot have: they mean something else in every expression. */
const isTaken = (name: string): boolean =>
  name in {} || ['trigger', 'variables', 'workflow', 'execution', 'steps', 'secrets', 'index'].includes(name);

const memoOf = (run: StepRun): Memo => run.memo as Memo;

function items(run: StepRun): Json[] {
  const value = run.render(run.step.config.items ?? []);
  if (Array.isArray(value)) return value;
  if (isObject(value) && !('$blob' in value))
    return Object.entries(value).map(([key, item]) => ({ key, value: item }));
  throw new AppError(
    'loop.not_a_list',
    `Step "${run.path}" loops over ${JSON.stringify(value)?.slice(0, 80)}, which is no list.`,
    {
      fix: 'Let `items` be a list or an object, for example "{{ steps.list.output.files }}".',
    },
  );
}

function times(run: StepRun): number {
  const value = run.render(run.step.config.times ?? 0);
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) return value;
  throw new AppError('loop.not_a_count', `Step "${run.path}" repeats ${JSON.stringify(value)} times.`, {
    fix: 'Let `times` be a whole number of at least 0.',
  });
}

/** Throws `loop.exhausted` when the loop is about to make more iterations than it may. */
function checkLimit(run: StepRun, iterations: number): void {
  const limit = Number(run.step.config.maxIterations ?? MAX_ITERATIONS);
  if (iterations <= limit) return;
  throw new AppError('loop.exhausted', `Step "${run.path}" has reached its limit of ${limit} iterations.`, {
    fix: 'Raise `maxIterations`, or check why the loop does not end.',
  });
}

/** Whether one more iteration is due. `while` is asked before each, and sees the steps of the last. */
function another(run: StepRun, memo: Memo): boolean {
  if (memo.total !== null) return memo.next < memo.total;
  const last = memo.next === 0 ? undefined : framePath(run.path, String(memo.next - 1));
  const locals = { index: memo.next, output: memo.results.at(-1) ?? null };
  return Boolean(
    run.evaluate(String(run.step.config.while), { locals, within: last ?? framePath(run.path, '0') }),
  );
}

function advance(run: StepRun): void {
  const { config } = run.step;
  const memo = memoOf(run);
  const concurrency = memo.total === null ? 1 : Number(config.concurrency ?? 1);
  while (run.openFrames < concurrency && another(run, memo)) {
    checkLimit(run, memo.next + 1);
    const index = memo.next++;
    const item = memo.items?.[index] ?? index;
    const name = String(config.itemVariable ?? 'item');
    memo.results[index] = null;
    run.openFrame(String(index), { [name]: item, index });
  }
  if (run.openFrames === 0) run.succeed({ items: memo.results, count: memo.next, failed: memo.failed });
}

export const loop: StepType = {
  type: 'loop',
  title: 'Loop',
  description: 'Runs its steps for each item of a list, a number of times, or while an expression holds.',
  icon: 'repeat',
  config: ({ z, value, expression, steps }) =>
    z
      .strictObject({
        items: value.optional(),
        times: z.union([z.int().min(0), z.string()]).optional(),
        while: expression.optional(),
        steps,
        concurrency: z.int().min(1).max(100).optional(),
        maxIterations: z.int().min(1).max(1_000_000).optional(),
        onItemError: z.enum(['fail', 'continue']).optional(),
        itemVariable: z
          .string()
          .regex(
            /^[A-Za-z][A-Za-z0-9_]*$/,
            'An item variable starts with a letter and holds letters, digits and _ only.',
          )
          .refine((name) => !isTaken(name), 'This name has a meaning of its own; choose another.')
          .optional(),
      })
      .refine(
        (config) =>
          [config.items, config.times, config.while].filter((kind) => kind !== undefined).length === 1,
        {
          message: 'A loop takes exactly one of items, times and while.',
        },
      ),
  expressions: ['while'],
  examples: [
    `
- id: each
  type: loop
  config:
    items: [1, 2, 3]
    concurrency: 2
    steps:
      - { id: double, type: set, config: { values: { value: "{{ item * 2 }}" } } }`,
  ],
  nested: {
    map: (config, change) => ({ ...config, steps: change(config.steps as never, 'steps') as never }),
    list: (config, key) => (/^\d+$/.test(key) ? (config.steps as unknown as Step[]) : undefined),
    locals: (config) => [String(config.itemVariable ?? 'item'), 'index'],
  },
  start(run) {
    const { config } = run.step;
    const list = config.items === undefined ? null : items(run);
    const total = list ? list.length : config.times === undefined ? null : times(run);
    if (total !== null) checkLimit(run, total);
    run.memo = { items: list, total, next: 0, results: [], failed: 0 };
    advance(run);
  },
  frameClosed(run: StepRun, key: string, result: FrameResult) {
    const memo = memoOf(run);
    memo.results[Number(key)] = result.output;
    if (result.outcome === 'failure') {
      if (run.step.config.onItemError !== 'continue') {
        run.fail(result.error ?? { code: 'loop.item_failed', message: `Iteration ${key} failed.` });
        return;
      }
      memo.failed++;
    }
    advance(run);
  },
};

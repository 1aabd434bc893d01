import { z } from 'zod';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { type Attempt, defineAction, Terminal } from '../../action.ts';
import { makePace } from './_pace.ts';
import {
  allRows,
  fieldInput,
  hasOneSource,
  keyText,
  MOST_ROWS,
  ONE_SOURCE,
  rowsInput,
  sourceText,
  tooMany,
  valueAt,
} from './_rows.ts';

const side = z.strictObject(rowsInput).refine(hasOneSource, ONE_SOURCE);

const input = z.strictObject({
  left: side.describe('One list of objects'),
  right: side.describe('The other'),
  on: z
    .array(
      z.strictObject({
        left: fieldInput.describe('Path in the items of the left list, with dots'),
        right: fieldInput.optional().describe('Path in those of the right list; as on the left unless given'),
      }),
    )
    .min(1)
    .max(10)
    .describe('Values that must be equal'),
  type: z
    .enum(['inner', 'left', 'right', 'full'])
    .default('inner')
    .describe('inner: only pairs. left, right, full: also what has no partner on that side, or on either'),
  rightPrefix: z
    .string()
    .max(50)
    .default('right_')
    .describe('Put before names of the right side that the left side has too, but for those joined on'),
});

type Input = z.infer<typeof input>;

function objects(rows: Json[], name: string): JsonObject[] {
  const wrong = rows.findIndex((row) => !isObject(row));
  if (wrong < 0) return rows as JsonObject[];
  throw new Terminal(
    'data.bad_input',
    `Item ${wrong} of ${name} is no object, and only objects can be joined.`,
    {
      fix: 'Give lists of objects; a CSV with a header is one.',
    },
  );
}

/** What a row is joined by; undefined where a value is missing: nothing equals what is not there. */
function keyOf(row: JsonObject, fields: string[]): string | undefined {
  const values = fields.map((field) => valueAt(row, field));
  return values.includes(null) ? undefined : keyText(values);
}

class Joining {
  readonly rows: JsonObject[] = [];
  readonly #input: Input;
  readonly #leftNames: Set<string>;

  constructor(input: Input, left: JsonObject[]) {
    this.#input = input;
    this.#leftNames = new Set(left.flatMap((row) => Object.keys(row)));
  }

  add(left: JsonObject | undefined, right: JsonObject | undefined): void {
    const { on, rightPrefix } = this.#input;
    const entries = Object.entries(left ?? {});
    for (const [name, value] of Object.entries(right ?? {})) {
      const joined = on.find((pair) => (pair.right ?? pair.left) === name);
      if (joined) {
        // Without a partner on the left, the value is told under the name it would have there.
        if (!left) entries.push([joined.left, value]);
      } else entries.push([this.#leftNames.has(name) ? rightPrefix + name : name, value]);
    }
    this.rows.push(Object.fromEntries(entries));
    if (this.rows.length > MOST_ROWS) throw tooMany('The lists give');
  }
}

async function join(
  input: Input,
  left: JsonObject[],
  right: JsonObject[],
  signal: AbortSignal,
): Promise<JsonObject[]> {
  const pace = makePace(signal);
  const { on, type } = input;
  const rightFields = on.map((pair) => pair.right ?? pair.left);
  const byKey = new Map<string, JsonObject[]>();
  for (const row of right) {
    if (pace.isDue()) await pace.rest();
    const key = keyOf(row, rightFields);
    if (key === undefined) continue;
    const known = byKey.get(key);
    if (known) known.push(row);
    else byKey.set(key, [row]);
  }
  const joining = new Joining(input, left);
  const met = new Set<JsonObject>();
  for (const row of left) {
    if (pace.isDue()) await pace.rest();
    const key = keyOf(
      row,
      on.map((pair) => pair.left),
    );
    const partners = (key !== undefined && byKey.get(key)) || [];
    for (const partner of partners) {
      if (pace.isDue()) await pace.rest();
      met.add(partner);
      joining.add(row, partner);
    }
    if (partners.length === 0 && (type === 'left' || type === 'full')) joining.add(row, undefined);
  }
  if (type === 'right' || type === 'full')
    for (const row of right) {
      if (pace.isDue()) await pace.rest();
      if (!met.has(row)) joining.add(undefined, row);
    }
  return joining.rows;
}

export default defineAction({
  type: 'data.join',
  title: 'Join two lists',
  description: 'Puts together the objects of two lists that have values in common, as a join in SQL does.',
  icon: 'combine',
  input,
  output: z.object({
    items: z
      .array(z.record(z.string(), z.json()))
      .describe('The objects put together, in the order of the left list'),
    count: z.number().describe('How many there are'),
  }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Orders with their customers',
      input: {
        left: {
          items: [
            { order: 1, customer: 'a' },
            { order: 2, customer: 'z' },
          ],
        },
        right: { items: [{ id: 'a', name: 'Ada' }] },
        on: [{ left: 'customer', right: 'id' }],
        type: 'left',
      },
      output: {
        items: [
          { order: 1, customer: 'a', name: 'Ada' },
          { order: 2, customer: 'z' },
        ],
        count: 2,
      },
    },
  ],
  dryRun: ({ left, right, on }) =>
    `Join ${sourceText(left)} with ${sourceText(right)} on ${on.map((pair) => pair.left).join(', ')}.`,
  async run(attempt: Attempt<Input>) {
    const left = objects(await allRows(attempt, attempt.input.left), 'the left list');
    const right = objects(await allRows(attempt, attempt.input.right), 'the right list');
    const items = await join(attempt.input, left, right, attempt.signal);
    return { items, count: items.length };
  },
});

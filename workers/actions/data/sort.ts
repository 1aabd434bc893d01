import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { defineAction } from '../../action.ts';
import { makePace, sortedAtPace } from './_pace.ts';
import { allRows, fieldInput, hasOneSource, ONE_SOURCE, rowsInput, sourceText, valueAt } from './_rows.ts';

const key = z.strictObject({
  field: fieldInput
    .optional()
    .describe('Path of the value in each item, with dots; the item itself when absent'),
  descending: z.boolean().default(false).describe('Largest first'),
  numeric: z.boolean().default(false).describe('Compare texts that are numbers as numbers: 9 before 10'),
});

type Key = z.infer<typeof key>;

const input = z
  .strictObject({
    ...rowsInput,
    by: z
      .array(key)
      .min(1)
      .max(10)
      .default([{ descending: false, numeric: false }])
      .describe('What to sort by; later keys decide among equals'),
    limit: z.int().min(1).optional().describe('Give only so many, from the first on'),
  })
  .refine(hasOneSource, ONE_SOURCE);

/** Values of different types have an order too: numbers, texts, false and true, lists and objects. */
const RANKS: Record<string, number> = { number: 0, string: 1, boolean: 2, object: 3 };

const isNumber = (value: string): boolean => value.trim() !== '' && Number.isFinite(Number(value));

function comparable(item: Json, { field, numeric }: Key): Json {
  const value = valueAt(item, field);
  if (numeric && typeof value === 'string' && isNumber(value)) return Number(value);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : value;
}

/** By code units, which is the same on every machine. */
const order = <T extends number | string | boolean>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

function compare(a: Json, b: Json, { descending }: Key): number {
  // What is missing comes last, in whichever direction.
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const [rankA = 9, rankB = 9] = [RANKS[typeof a], RANKS[typeof b]];
  const found = rankA === rankB ? order(a as string, b as string) : rankA - rankB;
  return descending ? -found : found;
}

interface Prepared {
  item: Json;
  values: ReturnType<typeof comparable>[];
}

async function sorted(items: Json[], keys: Key[], signal: AbortSignal): Promise<Json[]> {
  const pace = makePace(signal);
  const prepared: Prepared[] = [];
  for (const item of items) {
    if (pace.isDue()) await pace.rest();
    prepared.push({ item, values: keys.map((by) => comparable(item, by)) });
  }
  const order = (a: Prepared, b: Prepared): number => {
    for (const [index, by] of keys.entries()) {
      const found = compare(a.values[index] ?? null, b.values[index] ?? null, by);
      if (found !== 0) return found;
    }
    return 0;
  };
  return (await sortedAtPace(prepared, order, pace)).map(({ item }) => item);
}

export default defineAction({
  type: 'data.sort',
  title: 'Sort a list',
  description:
    'Sorts a list, by one value or several. Texts are compared letter by letter, the same on every machine; missing values come last.',
  icon: 'arrow-down-a-z',
  input,
  output: z.object({
    items: z.array(z.json()).describe('The list, sorted'),
    count: z.number().describe('How many there are'),
  }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'The best two',
      input: {
        items: [{ n: 'a', points: 1 }, { n: 'b', points: 3 }, { n: 'c' }, { n: 'd', points: 2 }],
        by: [{ field: 'points', descending: true }],
        limit: 2,
      },
      output: {
        items: [
          { n: 'b', points: 3 },
          { n: 'd', points: 2 },
        ],
        count: 2,
      },
    },
  ],
  dryRun: (input) =>
    `Sort ${sourceText(input)} by ${input.by.map(({ field }) => field ?? 'the items').join(', ')}.`,
  async run(attempt) {
    const all = await allRows(attempt, attempt.input);
    const items = await sorted(all, attempt.input.by, attempt.signal);
    const kept = items.slice(0, attempt.input.limit);
    return { items: kept, count: kept.length };
  },
});

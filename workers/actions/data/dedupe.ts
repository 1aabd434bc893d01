import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { defineAction } from '../../action.ts';
import { makePace } from './_pace.ts';
import {
  allRows,
  fieldInput,
  hasOneSource,
  keyText,
  ONE_SOURCE,
  rowsInput,
  sourceText,
  valueAt,
} from './_rows.ts';

const input = z
  .strictObject({
    ...rowsInput,
    by: z
      .array(fieldInput)
      .max(10)
      .default([])
      .describe('Paths, with dots, of the values that make two items the same; the whole item unless given'),
    keep: z.enum(['first', 'last']).default('first').describe('Which of them stays'),
  })
  .refine(hasOneSource, ONE_SOURCE);

async function unique(items: Json[], by: string[], signal: AbortSignal): Promise<Json[]> {
  const pace = makePace(signal);
  const kept = new Map<string, Json>();
  for (const item of items) {
    if (pace.isDue()) await pace.rest();
    const key = keyText(by.length === 0 ? item : by.map((field) => valueAt(item, field)));
    if (!kept.has(key)) kept.set(key, item);
  }
  return [...kept.values()];
}

export default defineAction({
  type: 'data.dedupe',
  title: 'Remove duplicates',
  description: 'Leaves one of all items of a list that are the same, wholly or in some values.',
  icon: 'copy-minus',
  input,
  output: z.object({
    items: z.array(z.json()).describe('The items that stay, in order'),
    count: z.number().describe('How many stay'),
    removed: z.number().describe('How many do not'),
  }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'The newest of each',
      input: {
        items: [
          { id: 1, v: 'a' },
          { id: 2, v: 'b' },
          { id: 1, v: 'c' },
        ],
        by: ['id'],
        keep: 'last',
      },
      output: {
        items: [
          { id: 2, v: 'b' },
          { id: 1, v: 'c' },
        ],
        count: 2,
        removed: 1,
      },
    },
  ],
  dryRun: (input) => `Remove the duplicates of ${sourceText(input)}.`,
  async run(attempt) {
    const { by, keep } = attempt.input;
    const all = await allRows(attempt, attempt.input);
    const kept = await unique(keep === 'first' ? all : all.toReversed(), by, attempt.signal);
    const items = keep === 'first' ? kept : kept.reverse();
    return { items, count: items.length, removed: all.length - items.length };
  },
});

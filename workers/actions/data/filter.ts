import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { compute, expressionInput } from './_jsonata.ts';

export default defineAction({
  type: 'data.filter',
  title: 'Filter a list',
  description: 'Keeps the items of a list for which a JSONata expression is true.',
  icon: 'filter',
  input: z.strictObject({
    items: z.array(z.json()).describe('The list'),
    expression: expressionInput('True for the items to keep; $ is the item and $index its place from 0'),
  }),
  output: z.object({
    items: z.array(z.json()).describe('The items kept, in order'),
    count: z.number().describe('How many were kept'),
    dropped: z.number().describe('How many were not'),
  }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Keep what is urgent',
      input: {
        items: [
          { id: 1, urgent: true },
          { id: 2, urgent: false },
        ],
        expression: 'urgent',
      },
      output: { items: [{ id: 1, urgent: true }], count: 1, dropped: 1 },
    },
  ],
  dryRun: ({ items, expression }) => `Keep those of ${items.length} items for which ${expression}.`,
  async run({ input: { items, expression }, signal }) {
    const kept = z.array(z.number()).parse(await compute({ mode: 'filter', expression }, items, signal));
    const chosen = kept.flatMap((index) => items.slice(index, index + 1));
    return { items: chosen, count: chosen.length, dropped: items.length - chosen.length };
  },
});

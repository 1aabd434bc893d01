import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { compute, expressionInput } from './_jsonata.ts';

export default defineAction({
  type: 'data.transform',
  title: 'Transform data',
  description: 'Makes new data out of data with a JSONata expression.',
  icon: 'shuffle',
  input: z.strictObject({
    input: z.json().describe('The data; $ in the expression'),
    expression: expressionInput('What to make of it'),
  }),
  output: z.object({ result: z.json().describe('What the expression gives; null for nothing') }),
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Sum up orders',
      input: {
        input: {
          orders: [
            { price: 2, count: 3 },
            { price: 5, count: 1 },
          ],
        },
        expression: '{ "total": $sum(orders.(price * count)) }',
      },
      output: { result: { total: 11 } },
    },
  ],
  dryRun: ({ expression }) => `Compute ${expression}.`,
  run: async ({ input: { input, expression }, signal }) => ({
    result: await compute({ mode: 'transform', expression }, input, signal),
  }),
});

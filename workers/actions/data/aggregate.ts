import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { type Attempt, defineAction, Terminal } from '../../action.ts';
import { MOST_KEPT, makeMeasure, metricInput } from './_measures.ts';
import { fieldInput, hasOneSource, ONE_SOURCE, rowsInput, rowsOf, sourceText, valueAt } from './_rows.ts';

/** Most groups, each of which takes memory. */
const MOST_GROUPS = 100_000;

const input = z
  .strictObject({
    ...rowsInput,
    groupBy: z
      .union([fieldInput, z.array(fieldInput).min(1).max(10)])
      .optional()
      .describe(
        'Path or paths, with dots, of the values that items of one group have in common; one group when absent',
      ),
    metrics: z.array(metricInput).min(1).max(50).describe('What to compute for each group'),
  })
  .refine(hasOneSource, ONE_SOURCE);

const group = z.object({
  key: z.record(z.string(), z.json()).describe('What the items of the group have in common, by path'),
  count: z.number().describe('Items in the group'),
  metrics: z.record(z.string(), z.json()).describe('Results by name; null where there was no value'),
});

const output = z.object({
  groups: z.array(group).describe('The groups, in the order their first items came'),
  count: z.number().describe('How many groups there are'),
});

type Input = z.infer<typeof input>;

interface Group {
  key: Json[];
  count: number;
  measures: ReturnType<typeof makeMeasure>[];
}

/** Groups the rows as they come; of a group only what its metrics need is kept. */
class Groups {
  readonly #groups = new Map<string, Group>();
  readonly #paths: string[];
  readonly #metrics: Input['metrics'];
  readonly #room = { left: MOST_KEPT };

  constructor(paths: string[], metrics: Input['metrics']) {
    this.#paths = paths;
    this.#metrics = metrics;
    if (paths.length === 0) this.#at([]);
  }

  add(item: Json): void {
    const group = this.#at(this.#paths.map((field) => valueAt(item, field)));
    group.count += 1;
    for (const measure of group.measures) measure.add(item);
  }

  result(): z.infer<typeof output> {
    const groups = [...this.#groups.values()].map(({ key, count, measures }) => ({
      key: Object.fromEntries(this.#paths.map((field, index) => [field, key[index] ?? null])),
      count,
      metrics: Object.fromEntries(
        this.#metrics.map(({ name }, index) => [name, measures[index]?.result() ?? null]),
      ),
    }));
    return { groups, count: groups.length };
  }

  #at(key: Json[]): Group {
    const name = JSON.stringify(key);
    const known = this.#groups.get(name);
    if (known) return known;
    if (this.#groups.size === MOST_GROUPS)
      throw new Terminal('data.too_large', `There are more than ${MOST_GROUPS} groups.`, {
        fix: 'Group by values that fewer items have for themselves.',
      });
    const measures = this.#metrics.map((wanted) => makeMeasure(wanted, this.#room));
    const group = { key, count: 0, measures };
    this.#groups.set(name, group);
    return group;
  }
}

export default defineAction({
  type: 'data.aggregate',
  title: 'Aggregate a list',
  description:
    'Groups the items of a list, or the rows of a file of any length, and computes counts, sums, averages, percentiles and the like for each group.',
  icon: 'sigma',
  input,
  output,
  effect: 'read',
  idempotent: true,
  examples: [
    {
      title: 'Totals by customer',
      input: {
        items: [
          { customer: 'a', total: 2 },
          { customer: 'b', total: 5 },
          { customer: 'a', total: 4 },
        ],
        groupBy: 'customer',
        metrics: [
          { name: 'spent', operation: 'sum', field: 'total' },
          { name: 'mean', operation: 'avg', field: 'total' },
        ],
      },
      output: {
        groups: [
          { key: { customer: 'a' }, count: 2, metrics: { spent: 6, mean: 3 } },
          { key: { customer: 'b' }, count: 1 },
        ],
        count: 2,
      },
    },
    {
      title: 'How long requests took',
      input: {
        path: 'requests.csv',
        metrics: [
          { name: 'typical', operation: 'median', field: 'ms' },
          { name: 'p95', operation: 'percentile', percent: 95, field: 'ms' },
        ],
      },
      files: { 'requests.csv': 'ms,url\n10,/a\n30,/b\n20,/c\n' },
      output: { groups: [{ count: 3, metrics: { typical: 20, p95: 29 } }] },
    },
  ],
  dryRun: (input) => `Compute ${input.metrics.map(({ name }) => name).join(', ')} over ${sourceText(input)}.`,
  async run(attempt: Attempt<Input>) {
    const { groupBy = [], metrics } = attempt.input;
    const groups = new Groups([groupBy].flat(), metrics);
    for await (const row of rowsOf(attempt, attempt.input)) groups.add(row);
    return groups.result();
  },
});

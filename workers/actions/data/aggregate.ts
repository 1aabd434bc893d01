import { z } from 'zod';
import { isObject, type Json } from '#shared/json.ts';
import { defineAction, Terminal } from '../../action.ts';

const path = z.string().min(1).max(200);

const metric = z.strictObject({
  name: z.string().min(1).describe('What the result is called'),
  operation: z
    .enum(['count', 'sum', 'avg', 'min', 'max', 'first', 'last', 'list'])
    .describe('How values become one'),
  field: path.optional().describe('Path of the value in each item, with dots; the item itself when absent'),
});

type Metric = z.infer<typeof metric>;

const input = z.strictObject({
  items: z.array(z.json()).describe('The list'),
  groupBy: z
    .union([path, z.array(path).min(1).max(10)])
    .optional()
    .describe(
      'Path or paths, with dots, of the values that items of one group have in common; one group when absent',
    ),
  metrics: z.array(metric).min(1).max(50).describe('What to compute for each group'),
});

const group = z.object({
  key: z.record(z.string(), z.json()).describe('What the items of the group have in common, by path'),
  count: z.number().describe('Items in the group'),
  metrics: z.record(z.string(), z.json()).describe('Results by name; null where there was no value'),
});

const output = z.object({
  groups: z.array(group).describe('The groups, in the order their first items came'),
  count: z.number().describe('How many groups there are'),
});

/** The value at a path of own properties, or null. */
function valueAt(item: Json, field: string | undefined): Json {
  let value: Json = item;
  for (const name of field?.split('.') ?? []) {
    if (Array.isArray(value)) value = value[Number(name)] ?? null;
    else value = isObject(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null;
  }
  return value;
}

const described = ({ operation, field }: Metric): string => `${operation} of ${field ?? 'the items'}`;

function numbers(values: Json[], wanted: Metric): number[] {
  return values.map((value) => {
    if (typeof value === 'number') return value;
    throw new Terminal(
      'data.not_a_number',
      `${described(wanted)} needs numbers, and there is ${JSON.stringify(value).slice(0, 80)}.`,
      {
        fix: 'Turn the values into numbers with data.transform, or leave those items out with data.filter.',
      },
    );
  });
}

/** The smallest or largest of numbers, or of texts. */
function extreme(
  values: Json[],
  wanted: Metric,
  isBetter: (a: number | string, b: number | string) => boolean,
): Json {
  const first = values[0];
  const comparable =
    typeof first === 'string' ? values.filter((value) => typeof value === 'string') : numbers(values, wanted);
  if (comparable.length < values.length)
    throw new Terminal(
      'data.not_comparable',
      `${described(wanted)} cannot compare texts with other values.`,
      {
        fix: 'Use values of one type.',
      },
    );
  let best = comparable[0];
  for (const value of comparable) if (best !== undefined && isBetter(value, best)) best = value;
  return best ?? null;
}

const total = (values: number[]): number => values.reduce((sum, value) => sum + value, 0);

/** Missing values and nulls count for nothing, as in SQL, except in first, last and list. */
const operations: Record<Metric['operation'], (all: Json[], present: Json[], wanted: Metric) => Json> = {
  count: (all, present, { field }) => (field === undefined ? all : present).length,
  sum: (_all, present, wanted) => total(numbers(present, wanted)),
  avg: (_all, present, wanted) =>
    present.length === 0 ? null : total(numbers(present, wanted)) / present.length,
  min: (_all, present, wanted) => extreme(present, wanted, (a, b) => a < b),
  max: (_all, present, wanted) => extreme(present, wanted, (a, b) => a > b),
  first: (all) => all[0] ?? null,
  last: (all) => all.at(-1) ?? null,
  list: (all) => all,
};

function measure(items: Json[], wanted: Metric): Json {
  const all = items.map((item) => valueAt(item, wanted.field));
  const present = all.filter((value) => value !== null);
  return operations[wanted.operation](all, present, wanted);
}

function groupsOf(items: Json[], paths: string[]): { key: Json[]; items: Json[] }[] {
  const groups = new Map<string, { key: Json[]; items: Json[] }>();
  if (paths.length === 0) groups.set('[]', { key: [], items: [] });
  for (const item of items) {
    const key = paths.map((field) => valueAt(item, field));
    const name = JSON.stringify(key);
    const known = groups.get(name) ?? { key, items: [] };
    known.items.push(item);
    groups.set(name, known);
  }
  return [...groups.values()];
}

export default defineAction({
  type: 'data.aggregate',
  title: 'Aggregate a list',
  description: 'Groups the items of a list and computes counts, sums, averages and the like for each group.',
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
  ],
  dryRun: ({ items, metrics }) =>
    `Compute ${metrics.map(({ name }) => name).join(', ')} over ${items.length} items.`,
  async run({ input: { items, groupBy = [], metrics } }) {
    const paths = [groupBy].flat();
    const groups = groupsOf(items, paths).map((found) => ({
      key: Object.fromEntries(paths.map((field, index) => [field, found.key[index] ?? null])),
      count: found.items.length,
      metrics: Object.fromEntries(metrics.map((wanted) => [wanted.name, measure(found.items, wanted)])),
    }));
    return { groups, count: groups.length };
  },
});

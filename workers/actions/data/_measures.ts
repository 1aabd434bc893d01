import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { Terminal } from '../../action.ts';
import { fieldInput, keyText, valueAt } from './_rows.ts';

/** Most values that lists, medians, percentiles and distinct values keep, all together. */
export const MOST_KEPT = 2_000_000;

const OPERATIONS = [
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'median',
  'percentile',
  'distinct',
  'count_distinct',
  'first',
  'last',
  'list',
] as const;

export const metricInput = z
  .strictObject({
    name: z.string().min(1).describe('What the result is called'),
    operation: z
      .enum(OPERATIONS)
      .describe(
        'How values become one; distinct lists each value once, percentile needs percent and lies between two values where it must',
      ),
    field: fieldInput
      .optional()
      .describe('Path of the value in each item, with dots; the item itself when absent'),
    percent: z.number().min(0).max(100).optional().describe('percentile: which; 50 is the median'),
  })
  .refine(
    ({ operation, percent }) => (operation === 'percentile') === (percent !== undefined),
    'percent belongs to percentile, which needs it',
  );

export type Metric = z.infer<typeof metricInput>;

/** A result under way. */
interface Measure {
  add(item: Json): void;
  result(): Json;
}

/** How many more values may be kept. */
interface Room {
  left: number;
}

const described = ({ operation, field }: Metric): string => `${operation} of ${field ?? 'the items'}`;

function number(value: Json, wanted: Metric): number {
  if (typeof value === 'number') return value;
  throw new Terminal(
    'data.not_a_number',
    `${described(wanted)} needs numbers, and there is ${JSON.stringify(value).slice(0, 80)}.`,
    { fix: 'Turn the values into numbers with data.transform, or leave those items out with data.filter.' },
  );
}

function take(room: Room, wanted: Metric): void {
  room.left -= 1;
  if (room.left >= 0) return;
  throw new Terminal('data.too_large', `${described(wanted)} would keep more than ${MOST_KEPT} values.`, {
    fix: 'Compute it over fewer items; count, sum, avg, min, max, first and last keep none.',
  });
}

/** The smallest or largest of numbers, or of texts. */
function extreme(wanted: Metric): Measure {
  let best: string | number | undefined;
  const isBetter = (value: string | number): boolean =>
    best === undefined || (wanted.operation === 'min' ? value < best : value > best);
  return {
    add(value) {
      const one = typeof value === 'string' ? value : number(value, wanted);
      if (best !== undefined && typeof one !== typeof best)
        throw new Terminal(
          'data.not_comparable',
          `${described(wanted)} cannot compare texts with other values.`,
          { fix: 'Use values of one type.' },
        );
      if (isBetter(one)) best = one;
    },
    result: () => best ?? null,
  };
}

function mean(wanted: Metric): Measure {
  let sum = 0;
  let count = 0;
  return {
    add(value) {
      sum += number(value, wanted);
      count += 1;
    },
    result: () => (wanted.operation === 'sum' ? sum : count === 0 ? null : sum / count),
  };
}

/** The value below which so many percent lie; between two values, in proportion. */
function percentile(wanted: Metric, room: Room): Measure {
  const values: number[] = [];
  return {
    add(value) {
      take(room, wanted);
      values.push(number(value, wanted));
    },
    result() {
      const sorted = Float64Array.from(values).sort();
      const place = ((wanted.percent ?? 50) / 100) * (sorted.length - 1);
      const [low, high] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
      if (low === undefined || high === undefined) return null;
      return low === high ? low : low + (high - low) * (place - Math.floor(place));
    },
  };
}

function distinct(wanted: Metric, room: Room): Measure {
  const values = new Map<string, Json>();
  return {
    add(value) {
      const key = keyText(value);
      if (values.has(key)) return;
      take(room, wanted);
      values.set(key, value);
    },
    result: () => (wanted.operation === 'distinct' ? [...values.values()] : values.size),
  };
}

function counter(): Measure {
  let count = 0;
  return { add: () => void count++, result: () => count };
}

function list(wanted: Metric, room: Room): Measure {
  const values: Json[] = [];
  return {
    add(value) {
      take(room, wanted);
      values.push(value);
    },
    result: () => values,
  };
}

function edge(isFirst: boolean): Measure {
  let found: Json | undefined;
  return {
    add(value) {
      if (!isFirst || found === undefined) found = value;
    },
    result: () => found ?? null,
  };
}

const MEASURES: Record<Metric['operation'], (wanted: Metric, room: Room) => Measure> = {
  count: counter,
  sum: mean,
  avg: mean,
  min: extreme,
  max: extreme,
  median: percentile,
  percentile,
  distinct,
  count_distinct: distinct,
  first: () => edge(true),
  last: () => edge(false),
  list,
};

/** Operations in which nulls and missing values count too. */
const TAKES_NULLS = new Set<Metric['operation']>(['first', 'last', 'list']);

/** Begins one metric of one group. Missing values and nulls count for nothing, as in SQL, except in first, last and list. */
export function makeMeasure(wanted: Metric, room: Room): Measure {
  const measure = MEASURES[wanted.operation](wanted, room);
  const takesAll =
    TAKES_NULLS.has(wanted.operation) || (wanted.operation === 'count' && wanted.field === undefined);
  return {
    add(item) {
      const value = valueAt(item, wanted.field);
      if (value !== null || takesAll) measure.add(value);
    },
    result: () => measure.result(),
  };
}

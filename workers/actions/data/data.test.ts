import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Json } from '#shared/json.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import { compute } from './_jsonata.ts';
import aggregate from './aggregate.ts';
import filter from './filter.ts';
import transform from './transform.ts';

let bench: Bench;
beforeAll(() => {
  bench = makeBench();
});
afterAll(() => bench.clear());

const eternal = '($f := function($n) { $f($n + 1) }; $f(0))';
const { signal } = new AbortController();

describe('data.transform', () => {
  const resultOf = async (expression: string, input: Json = null): Promise<Json> =>
    (await bench.run(transform, { input, expression })).result;

  it.each<[string, Json, Json]>([
    ['$sum(a)', { a: [1, 2] }, 3],
    ['nothing', { a: 1 }, null],
    ['$base64encode("hello wörld") & "|" & $base64decode("aGVsbG8=")', null, 'aGVsbG8gd/ZybGQ=|hello'],
    ['$count($)', [1, 2, 3], 3],
    ['$uppercase("a") & $string(true)', null, 'Atrue'],
  ])('computes %s', async (expression, input, expected) => {
    expect(await resultOf(expression, input)).toEqual(expected);
  });

  it('says where a wrong expression is wrong', async () => {
    await expect(resultOf('a + (b')).rejects.toMatchObject({
      code: 'data.bad_expression',
      message: expect.stringMatching(/at character 6/),
      details: { position: 6 },
    });
    await expect(resultOf('1 + "a"')).rejects.toMatchObject({ code: 'data.bad_expression' });
  });

  it.each([
    '{}.constructor.constructor("return process")()',
    '$.constructor',
    '"a".constructor.constructor',
    '$sum.constructor("return 1")()',
    '(function($x){1}).constructor',
    '$.__proto__.constructor',
    'process.env',
    'globalThis',
    '$lookup($, "constructor")',
    '$lookup({}, "__proto__")',
    '$eval("process")',
    '$string($sum.constructor)',
  ])('reaches nothing with %s', async (expression) => {
    const result = await resultOf(expression, { a: 1 }).catch((thrown) => {
      expect(thrown.code).toBe('data.bad_expression');
      return null;
    });
    expect([null, '', {}]).toContainEqual(result);
  });

  it('treats keys with a meaning of their own as data', async () => {
    const input = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 2}') as Json;
    await resultOf('$merge([{}, $])', input).catch((thrown) =>
      expect(thrown.code).toBe('data.bad_expression'),
    );
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('ends an expression that computes for ever', async () => {
    await expect(
      compute({ mode: 'transform', expression: eternal, timeLimit: 300 }, null, signal),
    ).rejects.toMatchObject({ code: 'data.too_slow' });
  });

  it('gives each of many at once the time it may take, whatever the others take', async () => {
    const job = { mode: 'transform', expression: '$count([1..10000].($ % 7))', timeLimit: 6_000 } as const;
    const results = await Promise.all(Array.from({ length: 120 }, () => compute(job, null, signal)));
    expect(results).toEqual(Array(120).fill(10_000));
  }, 240_000);

  it('ends a pattern that backtracks for ever', async () => {
    const job = {
      mode: 'transform',
      expression: `$match("${'a'.repeat(40)}b", /^(a+)+$/)`,
      timeLimit: 300,
    } as const;
    await expect(compute(job, null, signal)).rejects.toMatchObject({ code: 'data.too_slow' });
  });

  it('ends an expression that needs too much memory, and nothing else', async () => {
    const greedy = '($f := function($list) { $f($append($list, [1..1000000].{"a": $, "b": [$]})) }; $f([]))';
    await expect(bench.run(transform, { input: null, expression: greedy })).rejects.toMatchObject({
      code: expect.stringMatching(/^data\.too_(large|slow)$/),
    });
  }, 30_000);

  it('stops when it is called off', async () => {
    const controller = new AbortController();
    const running = bench.run(transform, { input: null, expression: eternal }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('called off')), 100);
    await expect(running).rejects.toThrow('called off');
  });
});

describe('data.filter', () => {
  it.each<[string, Json[]]>([
    ['$ > 1', [2, 3]],
    ['$index = 0', [1]],
    ['nothing', []],
    ['$ = 2 ? "yes" : ""', [2]],
  ])('keeps the items for which %s', async (expression, kept) => {
    await expect(bench.run(filter, { items: [1, 2, 3], expression })).resolves.toEqual({
      items: kept,
      count: kept.length,
      dropped: 3 - kept.length,
    });
  });

  it('gives items back as they were', async () => {
    const items = [[1], [], { a: [{}] }, null];
    await expect(bench.run(filter, { items, expression: 'true' })).resolves.toMatchObject({ items });
  });
});

describe('data.aggregate', () => {
  const items = [
    { a: 'x', n: 3 },
    { a: 'y', n: 1 },
    { a: 'x', n: null },
    { a: 'x', n: 5 },
  ];
  const all = ['count', 'sum', 'avg', 'min', 'max', 'first', 'last', 'list'] as const;
  const metrics = all.map((operation) => ({ name: operation, operation, field: 'n' }));

  it('computes every operation for each group; nulls count for nothing', async () => {
    const { groups } = await bench.run(aggregate, { items, groupBy: 'a', metrics });
    expect(groups).toEqual([
      {
        key: { a: 'x' },
        count: 3,
        metrics: { count: 2, sum: 8, avg: 4, min: 3, max: 5, first: 3, last: 5, list: [3, null, 5] },
      },
      {
        key: { a: 'y' },
        count: 1,
        metrics: { count: 1, sum: 1, avg: 1, min: 1, max: 1, first: 1, last: 1, list: [1] },
      },
    ]);
  });

  it('makes one group of everything, also of nothing, without groupBy', async () => {
    const { groups } = await bench.run(aggregate, { items: [], metrics });
    expect(groups).toEqual([
      {
        key: {},
        count: 0,
        metrics: { count: 0, sum: 0, avg: null, min: null, max: null, first: null, last: null, list: [] },
      },
    ]);
  });

  it('tells apart keys of different types and reads own properties only', async () => {
    const { groups } = await bench.run(aggregate, {
      items: [{ k: 1 }, { k: '1' }, { k: null }, {}],
      groupBy: ['k', 'constructor.name'],
      metrics: [{ name: '__proto__', operation: 'count' }],
    });
    expect(groups.map(({ key, count }) => [key.k, key['constructor.name'], count])).toEqual([
      [1, null, 1],
      ['1', null, 1],
      [null, null, 2],
    ]);
  });

  it('names the value that is not a number', async () => {
    await expect(
      bench.run(aggregate, { items: [{ n: '3' }], metrics: [{ name: 's', operation: 'sum', field: 'n' }] }),
    ).rejects.toMatchObject({
      code: 'data.not_a_number',
      message: expect.stringContaining('sum of n needs numbers, and there is "3"'),
    });
  });
});

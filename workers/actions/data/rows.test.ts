import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '#shared/json.ts';
import { growthOf } from '../../../test/support/growth.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import aggregate from './aggregate.ts';
import dedupe from './dedupe.ts';
import joinAction from './join.ts';
import sort from './sort.ts';

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => bench.clear());

/** A CSV of many rows, written in pieces. */
function writeRows(path: string, count: number): void {
  bench.write(path, 'id,group,value\n');
  for (let at = 0; at < count; at += 10_000) {
    const lines = Array.from(
      { length: Math.min(10_000, count - at) },
      (_, index) => `${at + index},g${(at + index) % 10},${(at + index) % 100}`,
    );
    appendFileSync(join(bench.root, path), `${lines.join('\n')}\n`);
  }
}

describe('data.aggregate', () => {
  it('reads a CSV of 100,000 rows, in no more time than their number says', async () => {
    for (const count of [25_000, 100_000]) writeRows(`${count}.csv`, count);
    const groupsOf = async (count: number) => {
      const metrics: Json[] = [
        { name: 'sum', operation: 'sum', field: 'value' },
        { name: 'p95', operation: 'percentile', percent: 95, field: 'value' },
        { name: 'kinds', operation: 'count_distinct', field: 'value' },
      ];
      return (await bench.run(aggregate, { path: `${count}.csv`, groupBy: 'group', metrics })).groups;
    };
    expect(await growthOf(groupsOf, 100_000, 1.5)).toBeLessThan(1.5);
    const groups = await groupsOf(100_000);
    expect(groups).toHaveLength(10);
    expect(groups[3]).toEqual({
      key: { group: 'g3' },
      count: 10_000,
      metrics: { sum: 480_000, p95: 93, kinds: 10 },
    });
  }, 60_000);

  it('gives the same by a file as by a list', async () => {
    const rows = fc.array(fc.record({ g: fc.constantFrom('a', 'b'), n: fc.integer({ min: -99, max: 99 }) }), {
      minLength: 1,
      maxLength: 20,
    });
    const metrics = ['count', 'sum', 'avg', 'min', 'max', 'median', 'distinct', 'first', 'last', 'list'].map(
      (operation) => ({ name: operation, operation, field: 'n' }),
    );
    await fc.assert(
      fc.asyncProperty(rows, async (items) => {
        bench.write('r.csv', `g,n\n${items.map(({ g, n }) => `${g},${n}`).join('\n')}\n`);
        bench.write('r.jsonl', items.map((item) => JSON.stringify(item)).join('\n'));
        const inline = await bench.run(aggregate, { items, groupBy: 'g', metrics });
        for (const path of ['r.csv', 'r.jsonl'])
          expect(await bench.run(aggregate, { path, groupBy: 'g', metrics })).toEqual(inline);
      }),
      { numRuns: 30 },
    );
  });

  it('computes medians, percentiles and distinct values', async () => {
    const items = [5, 1, 4, 2].map((n) => ({ n, t: { a: n % 2 } }));
    const { groups } = await bench.run(aggregate, {
      items,
      metrics: [
        { name: 'median', operation: 'median', field: 'n' },
        { name: 'p0', operation: 'percentile', percent: 0, field: 'n' },
        { name: 'p100', operation: 'percentile', percent: 100, field: 'n' },
        { name: 'p25', operation: 'percentile', percent: 25, field: 'n' },
        { name: 'kinds', operation: 'distinct', field: 't' },
        { name: 'none', operation: 'median', field: 'x' },
        { name: 'zero', operation: 'count_distinct', field: 'x' },
      ],
    });
    expect(groups[0]?.metrics).toEqual({
      median: 3,
      p0: 1,
      p100: 5,
      p25: 1.75,
      kinds: [{ a: 1 }, { a: 0 }],
      none: null,
      zero: 0,
    });
  });

  it('asks for one source and for a percent only where it belongs', () => {
    const metrics = [{ name: 'n', operation: 'count' }];
    expect(() => aggregate.input.parse({ metrics })).toThrow(/either items or path/);
    expect(() => aggregate.input.parse({ items: [], path: 'a.csv', metrics })).toThrow(
      /either items or path/,
    );
    expect(() =>
      aggregate.input.parse({ items: [], metrics: [{ name: 'n', operation: 'percentile' }] }),
    ).toThrow(/percent/);
  });

  it.each([
    ['bad.csv', 'a,b\n1,2\n3\n', /line 3/],
    ['bad.csv', 'a,a\n1,2\n', /two columns/],
    ['bad.csv', `a\n"${'x'.repeat(1_100_000)}"\n`, /cannot be read/],
    ['bad.jsonl', '{"a":1}\n{"a"\n', /line 2/],
    ['bad.dat', 'a\n1\n', /whether it is CSV/],
  ])('says what is wrong in %s', async (path, text, message) => {
    bench.write(path, text);
    await expect(
      bench.run(aggregate, { path, metrics: [{ name: 'n', operation: 'count' }] }),
    ).rejects.toMatchObject({
      code: 'data.bad_input',
      message: expect.stringMatching(message),
    });
  });

  it('refuses a file outside the workspace, and groups without end', async () => {
    for (const path of ['../x.csv', '/etc/x.csv'])
      await expect(
        bench.run(aggregate, { path, metrics: [{ name: 'n', operation: 'count' }] }),
      ).rejects.toMatchObject({ code: 'file.outside_workspace' });
    const items = Array.from({ length: 100_001 }, (_, index) => index);
    bench.write('g.jsonl', items.map((n) => `{"n":${n}}`).join('\n'));
    await expect(
      bench.run(aggregate, { path: 'g.jsonl', groupBy: 'n', metrics: [{ name: 'n', operation: 'count' }] }),
    ).rejects.toMatchObject({ code: 'data.too_large' });
  });

  it('stops when it is called off, and closes the file', async () => {
    writeRows('big.csv', 300_000);
    const controller = new AbortController();
    const running = bench.run(
      aggregate,
      { path: 'big.csv', metrics: [{ name: 'n', operation: 'count' }] },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(new Error('called off')), 50);
    await expect(running).rejects.toThrow();
  });
});

describe('data.sort', () => {
  const sorted = async (items: Json[], by?: Json[]): Promise<Json[]> =>
    (await bench.run(sort, { items, ...(by && { by }) })).items;

  it('orders values of one type, then types, with what is missing last', async () => {
    expect(await sorted([true, 'b', null, 10, 'B', 9, 'é', false, 'a'])).toEqual([
      9,
      10,
      'B',
      'a',
      'b',
      'é',
      false,
      true,
      null,
    ]);
    expect(await sorted([{ n: 1 }, {}, { n: null }, { n: 2 }], [{ field: 'n', descending: true }])).toEqual([
      { n: 2 },
      { n: 1 },
      {},
      { n: null },
    ]);
    expect(await sorted(['10', '9', 'x', '-1'], [{ numeric: true }])).toEqual(['-1', '9', '10', 'x']);
    expect(await sorted(['10', '9'])).toEqual(['10', '9']);
  });

  it('keeps the order of equals, and goes by the next key', async () => {
    const items = [
      { a: 1, b: 'y', i: 0 },
      { a: 1, b: 'x', i: 1 },
      { a: 0, b: 'y', i: 2 },
      { a: 1, b: 'x', i: 3 },
    ];
    const order = (await sorted(items, [{ field: 'a' }, { field: 'b' }])) as { i: number }[];
    expect(order.map(({ i }) => i)).toEqual([2, 1, 3, 0]);
  });

  it('is a permutation in order, for any numbers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer()), async (items) => {
        expect(await sorted(items)).toEqual([...items].sort((a, b) => a - b));
      }),
    );
  });

  it('reads a file, and gives only so many', async () => {
    bench.write('a.csv', 'n\n3\n1\n2\n');
    await expect(bench.run(sort, { path: 'a.csv', by: [{ field: 'n' }], limit: 2 })).resolves.toEqual({
      items: [{ n: 1 }, { n: 2 }],
      count: 2,
    });
  });
});

describe('data.dedupe', () => {
  it('takes items for the same whatever the order of their keys', async () => {
    const items = [{ a: 1, b: 2 }, { b: 2, a: 1 }, { a: '1', b: 2 }, 1, '1', 1];
    await expect(bench.run(dedupe, { items })).resolves.toEqual({
      items: [{ a: 1, b: 2 }, { a: '1', b: 2 }, 1, '1'],
      count: 4,
      removed: 2,
    });
  });

  it('keeps the first or the last, in the order they came', async () => {
    const items = [{ k: 1, v: 'a' }, { k: 2, v: 'b' }, { k: 1, v: 'c' }, { v: 'd' }, { v: 'e' }];
    const kept = async (keep: string) =>
      (await bench.run(dedupe, { items: items as Json[], by: ['k'], keep })).items.map(
        (item) => (item as { v: string }).v,
      );
    expect(await kept('first')).toEqual(['a', 'b', 'd']);
    expect(await kept('last')).toEqual(['b', 'c', 'e']);
  });
});

describe('data.join', () => {
  const left = [
    { id: 1, n: 'a' },
    { id: 2, n: 'b' },
    { id: null, n: 'c' },
  ];
  const right = [
    { key: 1, n: 'x' },
    { key: 1, n: 'y' },
    { key: 3, n: 'z' },
    { key: null, n: 'w' },
  ];
  const joined = async (type: string): Promise<Json[]> =>
    (
      await bench.run(joinAction, {
        left: { items: left },
        right: { items: right },
        on: [{ left: 'id', right: 'key' }],
        type,
      })
    ).items;

  const pairs = [
    { id: 1, n: 'a', right_n: 'x' },
    { id: 1, n: 'a', right_n: 'y' },
  ];
  const onlyLeft = [
    { id: 2, n: 'b' },
    { id: null, n: 'c' },
  ];
  const onlyRight = [
    { id: 3, right_n: 'z' },
    { id: null, right_n: 'w' },
  ];

  it('joins as SQL does: nothing equals what is missing', async () => {
    expect(await joined('inner')).toEqual(pairs);
    expect(await joined('left')).toEqual([...pairs, ...onlyLeft]);
    expect(await joined('right')).toEqual([...pairs, ...onlyRight]);
    expect(await joined('full')).toEqual([...pairs, ...onlyLeft, ...onlyRight]);
  });

  it('joins files with lists, on several values', async () => {
    bench.write('l.csv', 'a,b,x\n1,1,p\n1,2,q\n');
    const input = {
      left: { path: 'l.csv' },
      right: { items: [{ a: 1, b: 2, y: 'r' }] },
      on: [{ left: 'a' }, { left: 'b' }],
    };
    await expect(bench.run(joinAction, input)).resolves.toEqual({
      items: [{ a: 1, b: 2, x: 'q', y: 'r' }],
      count: 1,
    });
  });

  it('stops before it becomes too large, and says what it cannot join', async () => {
    const many = Array.from({ length: 1000 }, () => ({ k: 1 }));
    await expect(
      bench.run(joinAction, { left: { items: many }, right: { items: many }, on: [{ left: 'k' }] }),
    ).rejects.toMatchObject({ code: 'data.too_large' });
    await expect(
      bench.run(joinAction, { left: { items: [1] }, right: { items: [] }, on: [{ left: 'k' }] }),
    ).rejects.toMatchObject({ code: 'data.bad_input' });
  });
});

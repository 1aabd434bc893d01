import { describe, expect, it } from '@jest/globals';
import { act, fan, loop, play, set, to } from '../simulator/fixture.ts';

const echo = set('x', { item: '{{ item }}', index: '{{ index }}' });

describe('a loop', () => {
  it('runs its steps for each item of a list, in order', () => {
    const { output } = play([
      set('list', { of: ['a', 'b'] }),
      loop('each', { items: '{{ steps.list.output.of }}', steps: [echo] }),
    ]);
    expect(output).toEqual({
      items: [
        { item: 'a', index: 0 },
        { item: 'b', index: 1 },
      ],
      count: 2,
      failed: 0,
    });
  });

  it('runs its steps for each entry of an object', () => {
    const { output } = play([
      loop('each', { items: { a: 1, b: 2 }, steps: [set('x', { t: '{{ item.key }}={{ item.value }}' })] }),
    ]);
    expect(output).toMatchObject({ items: [{ t: 'a=1' }, { t: 'b=2' }] });
  });

  it.each([
    [3, 3],
    ['{{ 1 + 1 }}', 2],
    [0, 0],
  ])('runs its steps %s times', (times, count) => {
    const { output } = play([loop('each', { times, steps: [echo] })]);
    expect(output).toMatchObject({ count });
  });

  it('of an empty list is done at once', () => {
    const { output, outcome, order } = play([
      loop('each', { items: [], steps: [act('x')] }),
      act('y', { output: '{{ steps.each.output.count }}' }),
    ]);
    expect({ outcome, output, order }).toEqual({ outcome: 'success', output: 0, order: ['y'] });
  });

  it('repeats while an expression holds, which sees the last iteration', () => {
    const { output } = play([
      loop('each', {
        while: 'index == 0 || steps.x.output.n < 3',
        steps: [set('x', { n: '{{ index + 1 }}' })],
      }),
    ]);
    expect(output).toMatchObject({ count: 3, items: [{ n: 1 }, { n: 2 }, { n: 3 }] });
  });

  it('may never run where its expression does not hold', () => {
    expect(play([loop('each', { while: 'output != null', steps: [echo] })]).output).toMatchObject({
      count: 0,
    });
  });

  it('sees the output of the last iteration as output', () => {
    expect(
      play([loop('each', { while: '(output?.n ?? 0) < 2', steps: [set('x', { n: '{{ index + 1 }}' })] })])
        .output,
    ).toMatchObject({ count: 2 });
  });

  it('runs as many iterations side by side as it may, and no more', () => {
    const played = play([
      loop('each', { times: 7, concurrency: 3, steps: [act('x', { after: 10 }), act('y', { after: 5 })] }),
    ]);
    const spans = Array.from(
      { length: 7 },
      (_, index) => [played.span(`each[${index}].x`)[0], played.span(`each[${index}].y`)[1]] as const,
    );
    const instants = spans.flat();
    const most = Math.max(
      ...instants.map((at) => spans.filter(([start, end]) => start <= at && at < end).length),
    );
    expect(most).toBe(3);
    expect(played.span('each')[1]).toBe(45);
  });

  it('keeps its results in the order of the items, whichever ends first', () => {
    const { output } = play([
      loop('each', {
        items: [30, 10, 20],
        concurrency: 3,
        steps: [act('x', { after: '{{ item }}' as never, output: '{{ item }}' })],
      }),
    ]);
    expect(output).toMatchObject({ items: [30, 10, 20] });
  });

  it.each([
    ['times', { times: 5, maxIterations: 4 }],
    ['items', { items: [1, 2, 3, 4, 5], maxIterations: 4 }],
    ['while', { while: '1 == 1', maxIterations: 4 }],
    ['while, by default', { while: '1 == 1' }],
  ])('that makes more iterations than it may fails: %s', (_, config) => {
    const { outcome, error } = play([loop('each', { ...config, steps: [set('x')] })]);
    expect({ outcome, code: error?.code, step: error?.step }).toEqual({
      outcome: 'failure',
      code: 'loop.exhausted',
      step: 'each',
    });
    expect(error?.fix).toContain('maxIterations');
  });

  it.each([
    ['loop.not_a_list', { items: '{{ 5 }}' }],
    ['loop.not_a_list', { items: '{{ null }}' }],
    ['loop.not_a_count', { times: "{{ 'x' }}" }],
    ['loop.not_a_count', { times: '{{ 1.5 }}' }],
    ['loop.not_a_count', { times: '{{ -1 }}' }],
  ])('that cannot tell what to do fails with %s', (code, config) => {
    expect(play([loop('each', { ...config, steps: [set('x')] })]).error).toMatchObject({
      code,
      step: 'each',
    });
  });

  it('fails with its item, and stops the others', () => {
    const { outcome, error, statuses } = play(
      [
        loop('each', {
          items: [900, 10, 900, 5],
          concurrency: 3,
          steps: [
            act('x', {
              after: '{{ item }}' as never,
              error: "{{ item == 10 ? 'ten' : null }}",
              retryable: false,
            }),
          ],
        }),
      ],
      {
        act: ({ parameters }) =>
          parameters.error === 'ten'
            ? { error: { code: 'ten', message: '' }, after: 10 }
            : { output: 1, after: 900 },
      },
    );
    expect({ outcome, code: error?.code, step: error?.step }).toEqual({
      outcome: 'failure',
      code: 'ten',
      step: 'each[1].x',
    });
    expect(statuses).toEqual({
      each: 'failure',
      'each[0].x': 'cancelled',
      'each[1].x': 'failure',
      'each[2].x': 'cancelled',
    });
  });

  it('goes on after a failed item with onItemError continue, and counts it', () => {
    const { outcome, output } = play(
      [loop('each', { items: [1, 2, 3], onItemError: 'continue', steps: [act('x')] })],
      {
        act: ({ path }) => (path === 'each[1].x' ? { error: { code: 'e', message: '' } } : { output: path }),
      },
    );
    expect(outcome).toBe('success');
    expect(output).toEqual({ items: ['each[0].x', null, 'each[2].x'], count: 3, failed: 1 });
  });

  it('goes on after an item whose expression cannot be evaluated', () => {
    const { output } = play([
      loop('each', {
        items: [{ n: 1 }, null],
        onItemError: 'continue',
        steps: [set('x', { n: '{{ item.n }}' })],
      }),
    ]);
    expect(output).toEqual({ items: [{ n: 1 }, null], count: 2, failed: 1 });
  });

  it('names its item as it is told', () => {
    expect(
      play([loop('each', { items: [1], itemVariable: 'file', steps: [set('x', { f: '{{ file }}' })] })])
        .output,
    ).toMatchObject({ items: [{ f: 1 }] });
  });

  it('in a loop sees the items of both, and the steps around it', () => {
    const { output } = play([
      set('base', { n: 100 }),
      loop('outer', {
        items: [1, 2],
        itemVariable: 'row',
        steps: [
          set('before', { n: '{{ row * 10 }}' }),
          loop('inner', {
            items: [3, 4],
            steps: [
              set('x', {
                sum: '{{ steps.base.output.n + steps.before.output.n + item }}',
                at: '{{ index }}',
              }),
            ],
          }),
        ],
      }),
    ]);
    expect((output as { items: { items: unknown }[] }).items.map(({ items }) => items)).toEqual([
      [
        { sum: 113, at: 0 },
        { sum: 114, at: 1 },
      ],
      [
        { sum: 123, at: 0 },
        { sum: 124, at: 1 },
      ],
    ]);
  });

  it('lets its siblings of the same iteration be seen, and those only', () => {
    const { output } = play([
      loop('each', {
        times: 2,
        steps: [set('a', { i: '{{ index }}' }), set('b', { a: '{{ steps.a.output.i }}' })],
      }),
    ]);
    expect(output).toMatchObject({ items: [{ a: 0 }, { a: 1 }] });
  });

  it('has edges inside as outside', () => {
    const { statuses } = play([
      loop('each', { times: 2, steps: [set('a', {}, to('expression:b:index == 1')), set('b', {}, to())] }),
    ]);
    expect(statuses).toMatchObject({ 'each[0].b': 'skipped', 'each[1].b': 'success' });
  });

  it('of thousands of iterations ends', () => {
    const { output } = play([loop('each', { times: 5_000, steps: [set('x', { i: '{{ index }}' })] })]);
    expect(output).toMatchObject({ count: 5_000, failed: 0 });
  });

  it('stops when a parallel step around it has what it needs', () => {
    const { outcome, statuses } = play([
      fan(
        'p',
        { l: [act('quick')], r: [loop('each', { times: 3, steps: [act('x', { after: 50 })] })] },
        { waitFor: 'any' },
      ),
    ]);
    expect({ outcome, each: statuses['p[r].each'] }).toEqual({ outcome: 'success', each: 'cancelled' });
  });
});

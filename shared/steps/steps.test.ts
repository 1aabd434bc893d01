import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { loadData } from '../definition/load.ts';
import { act, fan, loop, play, START, set, to } from '../simulator/fixture.ts';
import { stepTypes } from './index.ts';

const broken = { error: 'broken', retryable: false };

describe('a parallel step', () => {
  it('runs its branches side by side and returns what each gave', () => {
    const played = play([
      fan('p', {
        l: [act('a', { after: 30, output: 1 })],
        r: [act('b', { after: 20 }), act('c', { after: 5, output: 2 })],
      }),
    ]);
    expect(played.output).toEqual({ l: 1, r: 2 });
    expect(played.span('p')).toEqual([0, 30]);
  });

  it('with waitFor any ends with the first branch and cancels the rest', () => {
    const played = play([
      fan('p', { l: [act('a', { after: 30 })], r: [act('b', { after: 20, output: 2 })] }, { waitFor: 'any' }),
    ]);
    expect(played.output).toEqual({ r: 2 });
    expect(played.statuses).toEqual({ p: 'success', 'p[l].a': 'cancelled', 'p[r].b': 'success' });
    expect(played.span('p')[1]).toBe(20);
  });

  it('with waitFor any can be decided at its very start', () => {
    const { output, ran, outcome } = play([
      fan('p', { l: [act('a')], m: [set('b', { n: 1 })], r: [act('c')] }, { waitFor: 'any' }),
    ]);
    expect({ output, outcome, ran: ran.length }).toEqual({
      output: { m: { n: 1 } },
      outcome: 'success',
      ran: 0,
    });
  });

  it('with waitFor N waits for so many, and lets others fail', () => {
    const { output, outcome } = play([
      fan(
        'p',
        {
          a: [act('a', { ...broken, after: 1 })],
          b: [act('b', { after: 20, output: 'b' })],
          c: [act('c', { after: 10, output: 'c' })],
          d: [act('d', { after: 90 })],
        },
        { waitFor: 2 },
      ),
    ]);
    expect({ output, outcome }).toEqual({ output: { a: null, b: 'b', c: 'c' }, outcome: 'success' });
  });

  it.each(['all', 2])(
    'with waitFor %s fails as soon as that cannot be had, and cancels the rest',
    (waitFor) => {
      const played = play([
        fan('p', { l: [act('a', { ...broken, after: 10 })], r: [act('b', { after: 900 })] }, { waitFor }),
      ]);
      expect({ outcome: played.outcome, step: played.error?.step, end: played.span('p')[1] }).toEqual({
        outcome: 'failure',
        step: 'p[l].a',
        end: 10,
      });
      expect(played.statuses['p[r].b']).toBe('cancelled');
    },
  );

  it('with waitFor any fails when every branch has', () => {
    const { outcome, error } = play([
      fan(
        'p',
        { l: [act('a', broken)], r: [act('b', { error: 'second', after: 50, retryable: false })] },
        { waitFor: 'any' },
      ),
    ]);
    expect({ outcome, code: error?.code }).toEqual({ outcome: 'failure', code: 'second' });
  });

  it('whose failure is handled by an edge leaves the run a success', () => {
    expect(play([fan('p', { l: [act('a', broken)] }, {}, to('failure:b')), set('b', {}, to())]).outcome).toBe(
      'success',
    );
  });

  it('lets its branches see what came before it', () => {
    const { output } = play([
      set('s', { n: 4 }),
      fan('p', { l: [set('a', { n: '{{ steps.s.output.n }}' })] }),
    ]);
    expect(output).toEqual({ l: { n: 4 } });
  });

  it('in a loop gives each iteration branches of its own', () => {
    const { statuses, output } = play([
      loop('each', { items: [1, 2], steps: [fan('p', { l: [set('a', { n: '{{ item }}' })] })] }),
    ]);
    expect(statuses['each[1].p[l].a']).toBe('success');
    expect(output).toMatchObject({ items: [{ l: { n: 1 } }, { l: { n: 2 } }] });
  });
});

describe('a set step', () => {
  it('computes values and keeps their types', () => {
    const { output } = play([
      set('a', { list: '{{ [1, 2] }}', text: 'n={{ 1 + 1 }}', deep: { on: '{{ true }}' }, plain: 5 }),
    ]);
    expect(output).toEqual({ list: [1, 2], text: 'n=2', deep: { on: true }, plain: 5 });
  });

  it('that computes with a secret fails and says where to compute with it', () => {
    const { error } = play([
      set('a', { n: '{{ 1 }}' }),
      { id: 'q', type: 'condition', config: { expression: "secrets.KEY == 'x'" } },
    ]);
    expect(error).toMatchObject({
      code: 'expression.stored_value',
      step: 'q',
      fix: expect.stringContaining('action'),
    });
  });
});

describe('a delay', () => {
  const delay = (config: object) => ({ id: 'd', type: 'delay', config: config as never });

  it.each([
    [{ for: 1_500 }, 1_500],
    [{ for: '2m' }, 120_000],
    [{ for: '{{ 20 * 2 }}' }, 40],
    [{ for: '{{ 5 }}s' }, 5_000],
    [{ until: '2027-01-31T09:00:10Z' }, 10_000],
    [{ until: START + 70 }, 70],
    [{ until: '{{ execution.startTime }}' }, 1],
    [{ until: '2020-01-01T00:00:00Z' }, 1],
  ])('of %j ends after %i ms', (config, expected) => {
    expect(play([delay(config)]).span('d')[1]).toBe(expected);
  });

  it.each([
    [{ for: "{{ 'soon' }}" }, 'duration.invalid'],
    [{ for: '{{ -5 }}' }, 'duration.invalid'],
    [{ until: 'tomorrow' }, 'step.invalid_time'],
    [{ until: '{{ null }}' }, 'step.invalid_time'],
    [{ until: 1e20 }, 'step.invalid_time'],
    [{ until: '9999-01-01' }, 'step.invalid_time'],
  ])('of %j fails with %s', (config, code) => {
    expect(play([delay(config)]).error).toMatchObject({ code, step: 'd', fix: expect.any(String) });
  });
});

describe('every step type', () => {
  it.each(stepTypes.map((type) => [type.type, type] as const))(
    '%s has examples that are valid',
    (_, type) => {
      expect(type.examples.length).toBeGreaterThan(0);
      for (const example of type.examples)
        expect(loadData({ name: 'Example', steps: parse(example) }).problems).toEqual([]);
    },
  );
});

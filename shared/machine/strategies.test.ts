import { describe, expect, it } from '@jest/globals';
import { act, ask, fan, loop, play, set, to, undoable } from '../simulator/fixture.ts';
import { executionStatus } from './status.ts';

const broken = { error: 'broken', retryable: false };
const strategy = (name: string, rest: object = {}) => ({ errorHandling: { strategy: name, ...rest } });

describe('a failed step', () => {
  it('fails the run, cancels its siblings and starts nothing more', () => {
    const { outcome, error, statuses } = play([
      set('a', {}, to('b', 'c')),
      act('b', { ...broken, after: 10 }, to()),
      act('c', { after: 1_000 }, to('d')),
      act('d', {}, to()),
    ]);
    expect({ outcome, code: error?.code, step: error?.step }).toEqual({
      outcome: 'failure',
      code: 'broken',
      step: 'b',
    });
    expect(statuses).toEqual({ a: 'success', b: 'failure', c: 'cancelled' });
  });

  it('with strategy continue stays failed, has no output, and its success edges are followed', () => {
    const { outcome, state } = play([
      act('a', broken, strategy('continue')),
      set('b', { saw: '{{ steps.a.output }}', of: '{{ steps.a.status }}' }),
    ]);
    expect(outcome).toBe('success');
    expect(state.steps.a).toMatchObject({ status: 'failure', output: null, error: { code: 'broken' } });
    expect(state.steps.b?.output).toEqual({ saw: null, of: 'failure' });
  });

  it('with strategy fallback succeeds with the given value and is marked', () => {
    const { state, output } = play([
      act('a', broken, strategy('fallback', { value: 'was {{ error.code }}' })),
      set('b', { a: '{{ steps.a.output }}' }),
    ]);
    expect(state.steps.a).toMatchObject({
      status: 'success',
      output: 'was broken',
      fallenBack: true,
      error: { code: 'broken' },
    });
    expect(output).toEqual({ a: 'was broken' });
  });

  it('fails after all where its fallback value cannot be evaluated', () => {
    const { outcome, error } = play([
      act('a', broken, strategy('fallback', { value: '{{ error.details.none.x }}' })),
    ]);
    expect({ outcome, step: error?.step }).toEqual({ outcome: 'failure', step: 'a' });
  });

  it('with an edge that handles it leaves the run a success', () => {
    const { outcome } = play([act('a', broken, to('failure:b')), set('b', {}, to())]);
    expect(outcome).toBe('success');
  });

  it('whose failure edge leads to a failure fails the run with the second error', () => {
    const { outcome, error } = play([
      act('a', broken, to('failure:b')),
      act('b', { error: 'second', retryable: false }, to()),
    ]);
    expect({ outcome, code: error?.code }).toEqual({ outcome: 'failure', code: 'second' });
  });
});

describe('a parked step', () => {
  const parked = [
    act('a'),
    act('b', { ...broken, times: 1 }, strategy('park')),
    set('c', { b: '{{ steps.b.output }}' }),
  ];

  it('keeps the run open, waiting for a person', () => {
    const played = play(parked, { horizon: 1_000_000 });
    expect(played.statuses).toEqual({ a: 'success', b: 'parked' });
    expect(executionStatus(played.state)).toBe('waiting');
    expect(played.state.steps.b?.error?.code).toBe('broken');
  });

  it('can be skipped', () => {
    const { outcome, state } = play(parked, {
      people: [{ after: 99, event: { type: 'skip_step', path: 'b' } }],
    });
    expect({ outcome, b: state.steps.b?.status, c: state.steps.c?.output }).toEqual({
      outcome: 'success',
      b: 'skipped',
      c: { b: null },
    });
  });

  it('can be completed with an output', () => {
    const { output, state } = play(parked, {
      people: [{ after: 99, event: { type: 'complete_step', path: 'b', output: [7] } }],
    });
    expect({ output, b: state.steps.b?.status, error: state.steps.b?.error }).toEqual({
      output: { b: [7] },
      b: 'success',
      error: undefined,
    });
  });

  it('can be retried', () => {
    const { outcome, ran, span } = play(
      [act('a'), act('b', { error: 'x', retryable: false }, strategy('park'))],
      {
        act: ({ path }) =>
          path === 'b' && retried++ === 0 ? { error: { code: 'x', message: '' } } : { output: 1 },
        people: [{ after: 500, event: { type: 'retry_step', path: 'b' } }],
      },
    );
    expect(outcome).toBe('success');
    expect(ran.map(({ path }) => path)).toEqual(['a', 'b', 'b']);
    expect(span('b')).toEqual([500, 501]);
  });
  let retried = 0;

  it('is left alone by people who name another step', () => {
    const events = ['a', 'c', 'none', 'constructor'].map((path, after) => ({
      after: 50 + after,
      event: { type: 'skip_step' as const, path },
    }));
    expect(play(parked, { people: events, horizon: 9_999 }).statuses).toEqual({ a: 'success', b: 'parked' });
  });

  it('is cancelled with its run', () => {
    const { outcome, statuses } = play(parked, { people: [{ after: 99, event: { type: 'cancel' } }] });
    expect({ outcome, b: statuses.b }).toEqual({ outcome: 'cancelled', b: 'cancelled' });
  });

  it('that holds steps runs all of them again when it is retried', () => {
    let calls = 0;
    const { outcome, ran, output } = play(
      [
        loop(
          'each',
          { items: [1, 2], steps: [act('x'), act('y', {}, {}), set('z', { item: '{{ item }}' })] },
          strategy('park'),
        ),
      ],
      {
        act: ({ path }) =>
          path === 'each[1].y' && calls++ === 0 ? { error: { code: 'x', message: '' } } : { output: null },
        people: [{ after: 500, event: { type: 'retry_step', path: 'each' } }],
      },
    );
    expect(outcome).toBe('success');
    expect(ran).toHaveLength(8);
    expect(output).toEqual({ items: [{ item: 1 }, { item: 2 }], count: 2, failed: 0 });
  });

  it('that was retried as a whole has each step undone once', () => {
    let calls = 0;
    const { outcome, ran } = play(
      [fan('p', { l: [act('x', {}, undoable()), act('y', {})] }, {}, strategy('park')), act('last', broken)],
      {
        act: ({ path }) =>
          path === 'last' || (path === 'p[l].y' && calls++ === 0)
            ? { error: { code: 'x', message: '' } }
            : { output: 1 },
        people: [{ after: 500, event: { type: 'retry_step', path: 'p' } }],
      },
    );
    expect(outcome).toBe('failure');
    expect(ran.map(({ path }) => path).filter((path) => path.endsWith('.undo'))).toEqual(['p[l].x.undo']);
  });
});

describe('settings.onFailure park', () => {
  const settings = { rest: { settings: { onFailure: 'park' } } };

  it('parks what nothing handles', () => {
    const { statuses } = play([act('a', broken), act('b')], { ...settings, horizon: 9_999 });
    expect(statuses).toEqual({ a: 'parked' });
  });

  it('leaves alone what an edge or a strategy handles', () => {
    const { outcome } = play(
      [
        act('a', broken, to('failure:b')),
        act('b', broken, { ...strategy('continue'), ...to('c') }),
        set('c', {}, to()),
      ],
      settings,
    );
    expect(outcome).toBe('success');
  });

  it('parks the innermost step, so that the loop around it goes on afterwards', () => {
    const { outcome, output } = play([loop('each', { times: 2, steps: [act('x', broken)] })], {
      ...settings,
      people: [
        { after: 50, event: { type: 'complete_step', path: 'each[0].x', output: 'one' } },
        { after: 90, event: { type: 'skip_step', path: 'each[1].x' } },
      ],
    });
    expect(outcome).toBe('success');
    expect(output).toEqual({ items: ['one', null], count: 2, failed: 0 });
  });

  it('fails the run where the edges of the failed step cannot be evaluated', () => {
    const { outcome, error } = play(
      [act('a', broken, to('expression:b:error.none.deep == 1')), set('b', {}, to())],
      settings,
    );
    expect(outcome).toBe('failure');
    expect(error?.code).toMatch(/^expression\./);
  });

  it('parks a condition that cannot be evaluated', () => {
    expect(play([ask('q', 'trigger.a.b')], { ...settings, horizon: 99 }).statuses).toEqual({ q: 'parked' });
  });
});

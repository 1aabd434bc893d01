import { describe, expect, it } from '@jest/globals';
import { act, ask, play, set, to } from '../simulator/fixture.ts';

const ends = ['yes', 'no', 'other', 'any'].map((id) => set(id));

describe('edges', () => {
  it('run a list without edges from top to bottom', () => {
    const { order, outcome, output } = play([act('a'), act('b'), act('c', { output: 3 })]);
    expect({ order, outcome, output }).toEqual({ order: ['a', 'b', 'c'], outcome: 'success', output: 3 });
  });

  it.each([
    ['a success', { output: 1 }, { yes: 'success', no: 'skipped', other: 'success', any: 'success' }],
    [
      'a failure',
      { error: 'e', retryable: false },
      { yes: 'skipped', no: 'success', other: 'skipped', any: 'success' },
    ],
  ])('follow their kind after %s', (_, script, expected) => {
    const { statuses, outcome } = play([
      act('a', script, to('success:yes', 'failure:no', 'otherwise:other', 'always:any')),
      ...ends.map((step) => ({ ...step, ...to() })),
    ]);
    expect(statuses).toMatchObject(expected);
    expect(outcome).toBe('success');
  });

  it('follow an expression on the output', () => {
    const { statuses } = play([
      act(
        'a',
        { output: { n: 5 } },
        to('expression:yes:output.n > 3', 'expression:no:output.n <= 3', 'otherwise:other'),
      ),
      ...ends.slice(0, 3).map((step) => ({ ...step, ...to() })),
    ]);
    expect(statuses).toMatchObject({ yes: 'success', no: 'skipped', other: 'skipped' });
  });

  it('follow otherwise where no expression holds', () => {
    const { statuses } = play([
      act('a', { output: 1 }, to('expression:yes:output > 3', 'otherwise:other')),
      set('yes', {}, to()),
      set('other', {}, to()),
    ]);
    expect(statuses).toMatchObject({ yes: 'skipped', other: 'success' });
  });

  it('follow an expression on the error, which handles the failure', () => {
    const { statuses, outcome } = play([
      act(
        'a',
        { error: 'busy', retryable: false },
        to("expression:yes:error.code == 'busy'", "expression:no:error.code == 'x'"),
      ),
      set('yes', {}, to()),
      set('no', {}, to()),
    ]);
    expect({ outcome, ...statuses }).toMatchObject({
      outcome: 'success',
      a: 'failure',
      yes: 'success',
      no: 'skipped',
    });
  });

  it('follow an expression on the status', () => {
    const { statuses } = play([
      act('a', { error: 'x', retryable: false }, to("expression:yes:status == 'failure'")),
      set('yes', {}, to()),
    ]);
    expect(statuses.yes).toBe('success');
  });

  it('do not follow an expression on the output after a failure, which then fails the run', () => {
    const { outcome, error } = play([
      act('a', { error: 'x', retryable: false }, to('expression:yes:output == null')),
      set('yes'),
    ]);
    expect({ outcome, code: error?.code }).toEqual({ outcome: 'failure', code: 'x' });
  });

  it('fail the run where an expression cannot be evaluated, at the step it belongs to', () => {
    const { outcome, error } = play([
      act('a', { output: null }, to('expression:yes:output.n.m > 3')),
      set('yes'),
    ]);
    expect(outcome).toBe('failure');
    expect(error).toMatchObject({ step: 'a', code: expect.stringMatching(/^expression\./) });
    expect(error?.fix).toBeTruthy();
  });

  it('may hold braces in a text of their expression', () => {
    const { statuses } = play([
      act('a', { output: 'x' }, to("expression:yes:output + '{{' == 'x{{'")),
      set('yes', {}, to()),
    ]);
    expect(statuses.yes).toBe('success');
  });

  it('may lead twice to the same step', () => {
    const { statuses, order } = play([act('a', {}, to('success:b', 'failure:b')), act('b', {}, to())]);
    expect(statuses.b).toBe('success');
    expect(order).toEqual(['a', 'b']);
  });
});

describe('a condition step', () => {
  it.each([
    ['1 < 2', { yes: 'success', no: 'skipped' }, true],
    ['1 > 2', { yes: 'skipped', no: 'success' }, false],
    ["{{ '' }}", { yes: 'skipped', no: 'success' }, false],
  ])('reads %s', (expression, expected, result) => {
    const { statuses, state } = play([
      ask('q', expression, to('yes', 'failure:no')),
      set('yes', {}, to()),
      set('no', {}, to()),
    ]);
    expect(statuses).toMatchObject(expected);
    expect(state.steps.q?.output).toEqual({ result });
  });

  it('that cannot be evaluated fails the run instead of reading false', () => {
    const { outcome, error, statuses } = play([
      ask('q', 'trigger.none.deep > 1', to('yes', 'failure:no')),
      set('yes', {}, to()),
      set('no', {}, to()),
    ]);
    expect({ outcome, step: error?.step, no: statuses.no }).toEqual({
      outcome: 'failure',
      step: 'q',
      no: 'skipped',
    });
  });

  it('does not fail the run when its answer is no and nothing follows', () => {
    expect(play([ask('q', 'false')]).outcome).toBe('success');
  });
});

describe('joins', () => {
  const split = (last: Record<string, string>, b: object, c: object) =>
    play([
      act('a', {}, to('b', 'c')),
      act('b', b, to('success:d', 'failure:e')),
      act('c', c, to('success:d')),
      set('d', {}, { ...to(), ...last }),
      set('e', {}, to()),
    ]);

  it('wait for every incoming edge', () => {
    expect(split({}, { after: 10 }, { after: 50 }).span('d')[0]).toBe(51);
  });

  it('start on the first edge taken with join any, and only once', () => {
    const played = split({ join: 'any' }, { after: 10 }, { after: 50 });
    expect(played.span('d')).toEqual([11, 11]);
    expect(played.outcome).toBe('success');
  });

  it('start with those that were taken once the others are decided', () => {
    const played = split({}, { after: 10, error: 'x', retryable: false }, { after: 50 });
    expect(played.statuses).toMatchObject({ d: 'success', e: 'success' });
    expect(played.span('d')[0]).toBe(51);
  });

  it('skip a step none of whose edges was taken, and all that only it leads to', () => {
    const { statuses, outcome } = play([
      ask('q', 'false', to('b', 'failure:z')),
      act('b', {}, to('c')),
      act('c', {}, to('d', 'z')),
      act('d', {}, { ...to('e'), join: 'any' }),
      act('e', {}, to()),
      act('z', {}, to()),
    ]);
    expect(statuses).toEqual({
      q: 'success',
      b: 'skipped',
      c: 'skipped',
      d: 'skipped',
      e: 'skipped',
      z: 'success',
    });
    expect(outcome).toBe('success');
  });

  it('do not follow failure and always edges of a skipped step', () => {
    const { statuses } = play([
      ask('q', 'false', to('b')),
      act('b', {}, to('failure:c', 'always:d')),
      set('c', {}, to()),
      set('d', {}, to()),
    ]);
    expect(statuses).toMatchObject({ c: 'skipped', d: 'skipped' });
  });

  it('pass a disabled step as skipped and follow its success edges', () => {
    const { statuses, order } = play([act('a'), act('b', {}, { disabled: true }), act('c')]);
    expect({ ...statuses, order }).toEqual({ a: 'success', b: 'skipped', c: 'success', order: ['a', 'c'] });
  });
});

import { describe, expect, it } from '@jest/globals';
import { act, ask, fan, loop, play, read, set, to, undoable } from '../simulator/fixture.ts';

const broken = { error: 'broken', retryable: false };
const undos = (order: string[]) => order.filter((path) => path.endsWith('.undo'));
const cancelAt = (...times: number[]) => ({
  people: times.map((after) => ({ after, event: { type: 'cancel' as const } })),
});

describe('undo', () => {
  it('takes completed steps back in the reverse order of their completion', () => {
    const { order, outcome } = play([
      act('a', {}, { ...undoable(), ...to('slow', 'quick') }),
      act('slow', { after: 50 }, { ...undoable(), ...to('last') }),
      act('quick', { after: 10 }, { ...undoable(), ...to('last') }),
      act('last', broken, { ...undoable(), ...to() }),
    ]);
    expect(outcome).toBe('failure');
    expect(undos(order)).toEqual(['slow.undo', 'quick.undo', 'a.undo']);
  });

  it('runs one after the other, each seeing the output of its step', () => {
    const played = play([
      act('a', { output: { id: 7 } }, undoable({ after: 10, output: '{{ steps.a.output.id }}' })),
      act('b', {}, undoable({ after: 10 })),
      act('c', broken),
    ]);
    expect(played.state.steps['a.undo']).toMatchObject({ status: 'success', output: 7 });
    expect(played.span('a.undo')[0]).toBe(played.span('b.undo')[1]);
  });

  it.each([
    ['cancel', cancelAt(20), 'cancelled'],
    ['timeout', { rest: { settings: { timeout: 20 } } }, 'timeout'],
  ])('runs after a %s', (_, options, expected) => {
    const { order, outcome } = play(
      [act('a', {}, undoable()), act('b', { after: 1_000 }, undoable())],
      options,
    );
    expect({ outcome, undone: undos(order) }).toEqual({ outcome: expected, undone: ['a.undo'] });
  });

  it('does not run when the run succeeds', () => {
    expect(undos(play([act('a', {}, undoable())]).order)).toEqual([]);
  });

  it('does not run for steps that failed, were skipped or were cancelled, but does for one that fell back', () => {
    const { order } = play([
      act('a', broken, { ...undoable({}, { strategy: 'continue' }), ...to('q') }),
      ask('q', 'false', to('b', 'failure:c')),
      act('b', {}, { ...undoable(), ...to() }),
      act('c', broken, { ...undoable({}, { strategy: 'fallback', value: 1 }), ...to('d', 'e') }),
      act('d', { after: 99 }, { ...undoable(), ...to() }),
      act('e', { ...broken, after: 5 }, to()),
    ]);
    expect(undos(order)).toEqual(['c.undo']);
  });

  it('goes on after one that failed, and keeps that on record', () => {
    const { order, state, error } = play([
      act('a', {}, undoable()),
      act('b', {}, undoable(broken)),
      act('c', broken),
    ]);
    expect(undos(order)).toEqual(['b.undo', 'a.undo']);
    expect(state.steps['b.undo']).toMatchObject({ status: 'failure', error: { code: 'broken' } });
    expect(error?.step).toBe('c');
  });

  it('goes on after one whose parameters cannot be filled in', () => {
    const { order, state } = play([
      act('a', {}, undoable()),
      act('b', {}, undoable({ output: '{{ steps.b.output.none.x }}' })),
      act('c', broken),
    ]);
    expect(undos(order)).toEqual(['a.undo']);
    expect(state.steps['b.undo']).toMatchObject({ status: 'failure', error: { step: 'b.undo' } });
  });

  it('sees the item of the loop its step stood in', () => {
    const { state, outcome } = play([
      loop('each', {
        items: ['x', 'y'],
        steps: [act('a', {}, undoable({ output: '{{ item }}{{ index }}' }))],
      }),
      act('c', broken),
    ]);
    expect(outcome).toBe('failure');
    expect([state.steps['each[0].a.undo']?.output, state.steps['each[1].a.undo']?.output]).toEqual([
      'x0',
      'y1',
    ]);
  });

  it('that was cut off is unknown, unless its action may run twice', () => {
    const { state } = play([act('a', {}, undoable({ cutOff: true })), act('c', broken)]);
    expect(state.steps['a.undo']?.status).toBe('unknown');
  });

  it('waits until what was cancelled has ended', () => {
    const played = play([
      fan('p', {
        l: [act('a', {}, undoable()), act('b', { ...broken, after: 9 })],
        r: [act('c', { after: 500 })],
      }),
    ]);
    expect(played.statuses).toMatchObject({ 'p[r].c': 'cancelled', 'p[l].a.undo': 'success' });
  });
});

describe('finally', () => {
  const last = {
    rest: {
      finally: [
        act('tidy', { output: '{{ execution.status }}' }),
        set('seen', { error: '{{ execution.error?.code }}', a: '{{ steps.a.status }}' }),
      ],
    },
  };

  it.each([
    ['success', {}, {}, { error: null, a: 'success' }],
    ['failure', broken, {}, { error: 'broken', a: 'failure' }],
    ['cancelled', { after: 100 }, cancelAt(20), { error: null, a: 'cancelled' }],
  ])('runs last on %s and sees how the run went', (outcome, script, people, seen) => {
    const played = play([act('a', script)], {
      rest: {
        finally: [
          ...last.rest.finally.slice(0, 1),
          set('seen', { error: '{{ execution.error?.code ?? null }}', a: '{{ steps.a.status }}' }),
        ],
      },
      ...people,
    });
    expect(played.outcome).toBe(outcome);
    expect(played.state.steps['finally.tidy']?.output).toBe(outcome);
    expect(played.state.steps['finally.seen']?.output).toEqual(seen);
  });

  it('runs after the undos', () => {
    expect(play([act('a', {}, undoable()), act('b', broken)], last).order).toEqual([
      'a',
      'b',
      'a.undo',
      'finally.tidy',
    ]);
  });

  it('that fails turns a success into a failure', () => {
    const { outcome, error } = play([act('a')], { rest: { finally: [act('tidy', broken)] } });
    expect({ outcome, step: error?.step }).toEqual({ outcome: 'failure', step: 'finally.tidy' });
  });

  it('that fails leaves the first failure in place', () => {
    const { error } = play([act('a', broken)], {
      rest: { finally: [act('tidy', { error: 'other', retryable: false })] },
    });
    expect(error?.code).toBe('broken');
  });

  it('may hold loops and edges', () => {
    const { statuses, outcome } = play([act('a')], {
      rest: {
        finally: [loop('each', { items: [1, 2], steps: [act('x')] }, to('tidy')), set('tidy', {}, to())],
      },
    });
    expect(outcome).toBe('success');
    expect(statuses).toMatchObject({ 'finally.each[1].x': 'success', 'finally.tidy': 'success' });
  });

  it('does not undo its own steps when one of them fails', () => {
    const { order } = play([act('a')], { rest: { finally: [act('x', {}, undoable()), act('y', broken)] } });
    expect(undos(order)).toEqual([]);
  });
});

describe('cancel', () => {
  it('stops what runs, wherever it is, and closes the run as cancelled', () => {
    const { outcome, statuses, output } = play(
      [
        fan('p', {
          l: [act('a', { after: 900 })],
          r: [loop('each', { times: 3, steps: [{ id: 'd', type: 'delay', config: { for: '1m' } }] })],
        }),
      ],
      cancelAt(50),
    );
    expect({ outcome, output }).toEqual({ outcome: 'cancelled', output: null });
    expect(statuses).toEqual({
      p: 'cancelled',
      'p[l].a': 'cancelled',
      'p[r].each': 'cancelled',
      'p[r].each[0].d': 'cancelled',
    });
  });

  it('runs the finally list; a second one cuts that short', () => {
    const options = { rest: { finally: [act('x', { after: 500 }), act('y')] } };
    const { outcome, statuses } = play([act('a', { after: 900 })], { ...options, ...cancelAt(10, 100) });
    expect({ outcome, ...statuses }).toEqual({
      outcome: 'cancelled',
      a: 'cancelled',
      'finally.x': 'cancelled',
    });
  });

  it('does not cut undos short', () => {
    const { statuses } = play(
      [act('a', {}, undoable({ after: 500 })), act('b', { after: 900 })],
      cancelAt(10, 100, 200),
    );
    expect(statuses['a.undo']).toBe('success');
  });

  it('of a paused run works at once', () => {
    const { outcome, span } = play([act('a', { after: 5 }), act('b')], {
      people: [
        { after: 1, event: { type: 'pause' } },
        { after: 100, event: { type: 'cancel' } },
      ],
      rest: { finally: [act('tidy')] },
    });
    expect(outcome).toBe('cancelled');
    expect(span('finally.tidy')[0]).toBe(100);
  });

  it('does not follow failure or always edges of what it cancelled', () => {
    const { statuses } = play(
      [act('a', { after: 500 }, to('failure:b', 'always:c')), set('b', {}, to()), set('c', {}, to())],
      cancelAt(10),
    );
    expect(statuses).toEqual({ a: 'cancelled' });
  });
});

describe('an action that somebody cancels from outside', () => {
  it('has failed', () => {
    const { outcome, error } = play([act('a')], {
      act: () => ({ error: { code: 'action.cancelled', message: 'x' } }),
    });
    expect({ outcome, code: error?.code }).toEqual({ outcome: 'failure', code: 'action.cancelled' });
  });
});

describe('time limits', () => {
  it('of the workflow end the run with outcome timeout and say what to raise', () => {
    const { outcome, error, state } = play([act('a', { after: 5_000 })], {
      rest: { settings: { timeout: '1s' } },
    });
    expect({ outcome, code: error?.code, took: (state.endTime ?? 0) - state.startTime }).toEqual({
      outcome: 'timeout',
      code: 'execution.timeout',
      took: 1_000,
    });
    expect(error?.fix).toContain('settings.timeout');
  });

  it('of the workflow do not run while it is paused', () => {
    const { outcome } = play([{ id: 'd', type: 'delay', config: { for: 500 } }], {
      rest: { settings: { timeout: '1s' } },
      people: [
        { after: 100, event: { type: 'pause' } },
        { after: 9_000, event: { type: 'resume' } },
      ],
    });
    expect(outcome).toBe('success');
  });

  it.each([
    ['a loop', loop('s', { times: 9, steps: [act('x', { after: 400 })] }, { timeout: '1s' })],
    [
      'a parallel step',
      fan('s', { l: [act('x', { after: 9_000 })], r: [act('y', { after: 9_000 })] }, {}, { timeout: '1s' }),
    ],
    ['a delay', { id: 's', type: 'delay', config: { for: '1h' }, timeout: '1s' }],
  ])('of %s fail it, and stop what is inside', (_, step) => {
    const { outcome, error, span, state } = play([step]);
    expect({ outcome, code: error?.code, end: span('s')[1] }).toEqual({
      outcome: 'failure',
      code: 'step.timeout',
      end: 1_000,
    });
    expect(
      Object.values(state.steps).some(({ status }) => status === 'running' || status === 'waiting'),
    ).toBe(false);
  });

  it('of a container are handled as any failure is', () => {
    const { outcome } = play([
      { id: 's', type: 'delay', config: { for: '1h' }, timeout: '1s', ...to('failure:b') },
      set('b', {}, to()),
    ]);
    expect(outcome).toBe('success');
  });
});

describe('the output of a run', () => {
  it('is that of the last step in the list', () => {
    expect(play([act('a', { output: 1 }), act('b', { output: 2 })]).output).toBe(2);
  });

  it('is null where the last step was skipped', () => {
    expect(play([ask('q', 'false', to('b')), act('b', {}, to())]).output).toBeNull();
  });

  it('is the output template filled in', () => {
    const { output } = play([read('a', { output: [1, 2] })], {
      rest: { output: { all: '{{ steps.a.output }}', first: '{{ steps.a.output[0] }}' } },
    });
    expect(output).toEqual({ all: [1, 2], first: 1 });
  });

  it('that cannot be filled in fails the run, after the finally list', () => {
    const { outcome, error, order } = play([act('a')], {
      rest: { output: '{{ steps.a.output.x.y }}', finally: [act('tidy')] },
    });
    expect({ outcome, order }).toEqual({ outcome: 'failure', order: ['a', 'finally.tidy'] });
    expect(error?.code).toMatch(/^expression\./);
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Workflow } from '../definition/workflow.ts';
import {
  act,
  ask,
  fan,
  loop,
  type Played,
  playWorkflow,
  START,
  set,
  to,
  undoable,
  workflowOf,
} from '../simulator/fixture.ts';
import { seed } from './seed.ts';

const fail = { error: 'broken', retryable: false };

/** Plays a workflow, then again from a step, with everything working. */
function retry(
  before: Workflow,
  from: string,
  after = before,
): { first: Played; again: Played; given: string[] } {
  const first = playWorkflow(before);
  const given = seed(before, first.state, after, from);
  const input = { executionId: 'again', at: START, trigger: {}, variables: {}, workflowVersion: 2, given };
  const again = playWorkflow(after, { input, act: ({ path }) => ({ output: `again ${path}` }) });
  return { first, again, given: Object.keys(given) };
}

const chain = workflowOf([act('a', { output: 1 }), act('b', { output: 2 }), act('c', fail), act('d')]);

describe('a retry', () => {
  it.each([
    ['a', [], ['a', 'b', 'c', 'd']],
    ['b', ['a'], ['b', 'c', 'd']],
    ['c', ['a', 'b'], ['c', 'd']],
  ])('from %s takes over %j and runs the rest', (from, given, order) => {
    const { again, ...rest } = retry(chain, from);
    expect({ given: rest.given, order: again.order, outcome: again.outcome }).toEqual({
      given,
      order,
      outcome: 'success',
    });
  });

  it('lets the new steps see what was taken over, with its times', () => {
    const before = workflowOf([act('a', { output: 41 }), set('b', { n: '{{ steps.a.output + 1 }}' })]);
    const { again, first } = retry(before, 'b');
    expect(again.output).toEqual({ n: 42 });
    expect(again.state.steps.a).toMatchObject({
      given: true,
      startTime: first.state.steps.a?.startTime,
      endTime: first.state.steps.a?.endTime,
    });
  });

  it('from an iteration keeps the other iterations', () => {
    const before = workflowOf([
      act('s'),
      loop('each', {
        items: [1, 2, 3],
        onItemError: 'continue',
        steps: [act('x', { error: "{{ item == 2 ? 'e' : 'e' }}", times: 0 }), act('y', fail, {})],
      }),
    ]);
    const { given, again } = retry(before, 'each[1].y');
    expect(given).toEqual(expect.arrayContaining(['s', 'each[0].x', 'each[1].x', 'each[2].x']));
    expect(given).not.toContain('each[1].y');
    expect(given).not.toContain('each');
    expect(again.outcome).toBe('success');
  });

  it('from an iteration runs what comes after the loop again', () => {
    const before = workflowOf([loop('each', { times: 2, steps: [act('x')] }), act('after')]);
    const { again, given } = retry(before, 'each[1].x');
    expect({ given, order: again.order }).toEqual({ given: ['each[0].x'], order: ['each[1].x', 'after'] });
  });

  it('from a loop runs all of it again', () => {
    const before = workflowOf([act('s'), loop('each', { times: 2, steps: [act('x')] })]);
    expect(retry(before, 'each')).toMatchObject({
      given: ['s'],
      again: { order: ['each[0].x', 'each[1].x'] },
    });
  });

  it('from a step in a branch keeps the other branch', () => {
    const before = workflowOf([fan('p', { l: [act('a'), act('b')], r: [act('c')] })]);
    expect(retry(before, 'p[l].b')).toMatchObject({
      given: expect.arrayContaining(['p[l].a', 'p[r].c']),
      again: { order: ['p[l].b'] },
    });
  });

  it('keeps parallel paths that it does not lead to', () => {
    const before = workflowOf([
      set('s', {}, to('a', 'b')),
      act('a', {}, to()),
      act('b', {}, to('c')),
      act('c', {}, to()),
    ]);
    expect(retry(before, 'b').again.order).toEqual(['b', 'c']);
  });

  it('decides edges again from what was taken over', () => {
    const before = workflowOf([
      ask('q', 'true', to('a', 'failure:b')),
      act('a', {}, to('c')),
      act('b', {}, to('c')),
      act('c', {}, to()),
    ]);
    const { again } = retry(before, 'c');
    expect({ order: again.order, b: again.statuses.b }).toEqual({ order: ['c'], b: 'skipped' });
  });

  it('takes over a failure that an edge handled', () => {
    const before = workflowOf([act('a', fail, to('failure:b')), act('b', {}, to('c')), act('c', {}, to())]);
    expect(retry(before, 'c').again).toMatchObject({
      order: ['c'],
      outcome: 'success',
      statuses: { a: 'failure' },
    });
  });

  it('also runs again what had failed the run elsewhere, else it could only fail', () => {
    const before = workflowOf([
      set('s', {}, to('a', 'b')),
      act('a', { output: 1 }, to()),
      act('b', { ...fail, after: 50 }, to('c')),
      act('c', {}, to()),
    ]);
    expect(retry(before, 'a').again).toMatchObject({ order: ['a', 'b', 'c'], outcome: 'success' });
  });

  it('does not run again a failure that its loop has counted and gone on from', () => {
    const before = workflowOf([
      loop('each', { times: 2, onItemError: 'continue', steps: [act('x', fail)] }),
      act('b'),
    ]);
    expect(retry(before, 'b').again.order).toEqual(['b']);
  });

  it('runs again what was undone, and all that comes after it', () => {
    const before = workflowOf([act('a'), act('b', {}, undoable()), act('c'), act('d', fail)]);
    expect(retry(before, 'd')).toMatchObject({ given: ['a'], again: { order: ['b', 'c', 'd'] } });
  });

  it('undoes what it took over when it fails in turn', () => {
    const before = workflowOf([act('a', {}, undoable(fail)), act('b', fail)]);
    const first = playWorkflow(before);
    const given = seed(before, first.state, before, 'b');
    const again = playWorkflow(before, {
      input: { executionId: 'x', at: START, trigger: {}, variables: {}, workflowVersion: 1, given },
    });
    expect(again.order).toEqual(['b', 'a.undo']);
  });

  it('on another definition takes over what that still has, of the same type', () => {
    const after = workflowOf([act('a'), set('b', { n: 1 }), act('new'), act('c'), act('d')]);
    expect(retry(chain, 'c', after)).toMatchObject({
      given: ['a'],
      again: { order: ['new', 'c', 'd'], outcome: 'success' },
    });
  });

  it('of the finally list takes over everything else', () => {
    const before = workflowOf([act('a')], { finally: [act('t', fail)] });
    expect(retry(before, 'finally.t').again).toMatchObject({ order: ['finally.t'], outcome: 'success' });
  });

  it.each(['nope', 'each[0].nope', 'a.undo', '', 'a[0].b', 'constructor'])('from "%s" is refused', (from) => {
    const { state } = playWorkflow(chain);
    expect(() => seed(chain, state, chain, from)).toThrow(
      expect.objectContaining({ code: 'retry.unknown_step', fix: expect.any(String) }),
    );
  });

  it('from a misspelt step is refused with the right one', () => {
    const before = workflowOf([act('read_file')]);
    expect(() => seed(before, playWorkflow(before).state, before, 'read_fil')).toThrow(
      expect.objectContaining({ fix: 'did you mean "read_file"?' }),
    );
  });

  it('keeps a fallback marked as one, with its error', () => {
    const before = workflowOf([
      act('a', fail, { errorHandling: { strategy: 'fallback', value: 1 } }),
      act('b'),
    ]);
    expect(retry(before, 'b').again.state.steps.a).toMatchObject({
      status: 'success',
      output: 1,
      fallenBack: true,
      error: { code: 'broken' },
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../json.ts';
import { act, fan, loop, play, read, START, set, to, workflowOf } from '../simulator/fixture.ts';
import { SCRIPTED_FACTS } from '../simulator/scripted.ts';
import { applyBatch, isDrained } from './batch.ts';
import { Machine } from './machine.ts';
import type { Command, Event, RunInput } from './protocol.ts';
import { executionStatus } from './status.ts';

const person = (after: number, type: 'pause' | 'resume' | 'cancel') => ({ after, event: { type } });
const delay = (id: string, time: number) => ({ id, type: 'delay', config: { for: time } });
const input: RunInput = { executionId: 'run', at: START, trigger: {}, variables: {}, workflowVersion: 1 };
const kinds = (commands: Command[]) =>
  commands.map((command) =>
    `${command.type} ${'path' in command ? command.path : 'id' in command ? command.id : ''}`.trim(),
  );

describe('pause', () => {
  it('starts nothing new, lets what runs finish, and goes on after resume', () => {
    const { outcome, span } = play([act('a', { after: 50 }), act('b')], {
      people: [person(10, 'pause'), person(1_000, 'resume')],
    });
    expect({ outcome, a: span('a'), b: span('b') }).toEqual({
      outcome: 'success',
      a: [0, 50],
      b: [1_000, 1_001],
    });
  });

  it('keeps the time that timers had left', () => {
    const { span } = play([delay('d', 100)], { people: [person(30, 'pause'), person(1_000, 'resume')] });
    expect(span('d')[1]).toBe(1_070);
  });

  it('twice is once, and so is resume', () => {
    const people = [
      person(30, 'pause'),
      person(40, 'pause'),
      person(1_000, 'resume'),
      person(1_010, 'resume'),
    ];
    expect(play([delay('d', 100)], { people }).span('d')[1]).toBe(1_070);
  });

  it('holds for ever where nobody resumes', () => {
    const { outcome, state } = play([act('a', { after: 50 }), act('b')], { people: [person(10, 'pause')] });
    expect({ outcome, status: executionStatus(state), b: state.steps.b?.status }).toEqual({
      outcome: 'timeout',
      status: 'paused',
      b: 'pending',
    });
  });

  it('is shown as pausing until what runs has finished', () => {
    const seen: string[] = [];
    play([act('a', { after: 50 }), act('b')], {
      people: [person(10, 'pause'), person(99, 'resume')],
      between: (state) => void seen.push(executionStatus(state)),
    });
    expect(seen).toEqual(['running', 'pausing', 'paused', 'running', 'success']);
  });

  it('holds back iterations of loops and timers of containers', () => {
    const { span, outcome } = play(
      [loop('l', { times: 2, steps: [act('x', { after: 50 })] }, { timeout: 200 })],
      {
        people: [person(10, 'pause'), person(5_000, 'resume')],
      },
    );
    expect({ outcome, x: span('l[1].x') }).toEqual({ outcome: 'success', x: [5_000, 5_050] });
  });
});

describe('retries', () => {
  const policy = {
    retryPolicy: { maximumAttempts: 3, initialInterval: '1s', backoffCoefficient: 3, maximumInterval: '2s' },
  };

  it('wait longer each time, up to the limit, and end with the last attempt', () => {
    const { ran, span, outcome } = play([act('a', { error: 'x', after: 10 }, policy)]);
    expect(ran.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect({ outcome, end: span('a')[1] }).toEqual({ outcome: 'failure', end: 10 + 1_000 + 10 + 2_000 + 10 });
  });

  it('decide edges only after the last', () => {
    const { statuses } = play([
      act('a', { error: 'x', times: 2 }, { ...policy, ...to('ok', 'failure:bad') }),
      set('ok', {}, to()),
      set('bad', {}, to()),
    ]);
    expect(statuses).toMatchObject({ a: 'success', ok: 'success', bad: 'skipped' });
  });

  it.each([
    ['an error that is terminal', { error: 'x', retryable: false }, {}],
    ['an error that is listed as such', { error: 'x' }, { retryPolicy: { nonRetryableErrors: ['x'] } }],
    ['one attempt allowed', { error: 'x' }, { retryPolicy: { maximumAttempts: 1 } }],
  ])('stop at once with %s', (_, script, rest) => {
    expect(play([act('a', script, rest)]).ran).toHaveLength(1);
  });

  it('come from the step, before the workflow, before the action, before the defaults', () => {
    const commands = (rest: JsonObject, settings: JsonObject) =>
      Machine.start(workflowOf([act('a', {}, rest)], { settings }), SCRIPTED_FACTS, input).commands;
    const retryOf = (rest: JsonObject, settings: JsonObject) => commands(rest, settings)[0];
    expect(retryOf({}, {})).toMatchObject({
      timeout: 60_000,
      retry: { maximumAttempts: 3, initialInterval: 1_000 },
    });
    expect(retryOf({}, { retry: { maximumAttempts: 5 } })).toMatchObject({
      retry: { maximumAttempts: 5, backoffCoefficient: 2 },
    });
    expect(
      retryOf({ timeout: '5s', retryPolicy: { maximumAttempts: 7 } }, { retry: { maximumAttempts: 5 } }),
    ).toMatchObject({ timeout: 5_000, retry: { maximumAttempts: 7 } });
  });

  it('of an action that may run twice follow when it is cut off', () => {
    const { outcome, ran } = play([read('a', { cutOff: true, times: 1, output: 4 })]);
    expect({ outcome, attempts: ran.length }).toEqual({ outcome: 'success', attempts: 2 });
  });

  it('of one that may not do not follow: it ends unknown, and its strategy decides', () => {
    const alone = play([act('a', { cutOff: true }), act('b')]);
    expect({
      outcome: alone.outcome,
      a: alone.statuses.a,
      code: alone.error?.code,
      ran: alone.ran.length,
    }).toEqual({ outcome: 'failure', a: 'unknown', code: 'action.cut_off', ran: 1 });
    expect(
      play([act('a', { cutOff: true }, { errorHandling: { strategy: 'continue' } }), act('b')]).statuses,
    ).toEqual({ a: 'unknown', b: 'success' });
    expect(play([act('a', { cutOff: true }, to('failure:b')), act('b', {}, to())]).outcome).toBe('success');
  });
});

describe('errors of a definition', () => {
  it.each([
    ['a field of nothing', '{{ trigger.user.name }}', /^expression\./],
    ['a missing value', '{{ trigger.user }}', /^expression\.missing_value$/],
    ['too much work', '{{ range(0, 90000).map(x => range(0, 1000)) }}', /^expression\./],
    ['a text too large', "{{ 'x'.padStart(2000000) }}", /^expression\./],
  ])('such as %s fail the run with code, step and fix', (_, text, code) => {
    const { outcome, error } = play([set('a', { n: 1 }), set('b', { text })]);
    expect({ outcome, step: error?.step }).toEqual({ outcome: 'failure', step: 'b' });
    expect(error?.code).toMatch(code);
    expect(error?.fix).toBeTruthy();
  });

  it('in the parameters of an action run nothing', () => {
    const { ran, error } = play([act('a', { output: '{{ trigger.none.x }}' })]);
    expect({ ran, step: error?.step }).toEqual({ ran: [], step: 'a' });
  });

  it('can be handled like any failure', () => {
    expect(play([set('a', { text: '{{ trigger.x.y }}' }, to('failure:b')), set('b', {}, to())]).outcome).toBe(
      'success',
    );
  });
});

describe('a long chain', () => {
  it('of ten thousand steps ends, with breaths between', () => {
    const steps = Array.from({ length: 10_000 }, (_, n) =>
      set(`s${n}`, { n: n === 0 ? 0 : `{{ steps.s${n - 1}.output.n + 1 }}` }),
    );
    const { outcome, output } = play(steps);
    expect({ outcome, output }).toEqual({ outcome: 'success', output: { n: 9_999 } });
  });
});

describe('draining', () => {
  const workflow = workflowOf([fan('p', { l: [act('a'), act('b')], r: [delay('d', 5_000), act('e')] })]);
  const batch = (machine: Machine, events: Event[], historyLength = 0) =>
    applyBatch(machine, { at: START + 10, events, historyLength, limit: 100 });

  it('starts no more once the history is long, and is over when nothing is in flight', () => {
    const { machine } = Machine.start(workflow, SCRIPTED_FACTS, input);
    expect(batch(machine, [], 101)).toEqual([]);
    expect(isDrained(machine)).toBe(false);
    expect(batch(machine, [{ type: 'completed', path: 'p[l].a', output: 1, at: START + 10 }], 102)).toEqual(
      [],
    );
    expect(isDrained(machine)).toBe(true);
  });

  it('goes on in a fresh history with its timers and all that was ready', () => {
    const { machine } = Machine.start(workflow, SCRIPTED_FACTS, input);
    batch(machine, [], 200);
    batch(machine, [{ type: 'completed', path: 'p[l].a', output: 1, at: START + 10 }], 201);
    const next = Machine.resume(workflow, SCRIPTED_FACTS, JSON.parse(JSON.stringify(machine.state)));
    const commands = applyBatch(next, {
      at: START + 1_000,
      events: [{ type: 'restored', at: START + 1_000 }],
      historyLength: 3,
    });
    expect(kinds(commands)).toEqual(['start_timer p[r].d', 'run_action p[l].b']);
    expect(commands[0]).toMatchObject({ milliseconds: 4_000 });
    expect(isDrained(next)).toBe(false);
  });

  it('of a paused run stays paused', () => {
    const { machine } = Machine.start(workflow, SCRIPTED_FACTS, input);
    batch(machine, [{ type: 'pause', at: START + 5 }]);
    batch(machine, [{ type: 'completed', path: 'p[l].a', output: 1, at: START + 10 }], 200);
    expect(isDrained(machine)).toBe(true);
    const next = Machine.resume(workflow, SCRIPTED_FACTS, machine.state);
    expect(next.apply({ type: 'restored', at: START + 20 })).toEqual([]);
    expect(kinds(next.apply({ type: 'resume', at: START + 100 }))).toEqual([
      'start_timer p[r].d',
      'run_action p[l].b',
    ]);
  });

  it('can happen while it is being cancelled', () => {
    const { machine } = Machine.start(workflow, SCRIPTED_FACTS, input);
    expect(kinds(batch(machine, [{ type: 'cancel', at: START + 10 }], 200))).toEqual([
      'cancel_action p[l].a',
      'cancel_timer p[r].d',
    ]);
    batch(machine, [{ type: 'cancelled', path: 'p[l].a', at: START + 10 }], 201);
    expect(isDrained(machine)).toBe(true);
    const next = Machine.resume(workflow, SCRIPTED_FACTS, machine.state);
    expect(kinds(next.apply({ type: 'restored', at: START + 20 }))).toEqual(['finish']);
  });
});

describe('a batch', () => {
  const workflow = workflowOf([act('a'), act('b')]);

  it('hears people before answers, and answers before clocks', () => {
    const { machine } = Machine.start(workflow, SCRIPTED_FACTS, input);
    const at = START + 5;
    const events: Event[] = [
      { type: 'completed', path: 'a', output: 1, at },
      { type: 'pause', at },
    ];
    expect(applyBatch(machine, { at, events, historyLength: 0 })).toEqual([]);
    expect(machine.state).toMatchObject({ paused: true, ready: ['b'] });
  });

  it('asks for nothing that it also calls off', () => {
    const both = workflowOf([fan('p', { l: [act('a')], r: [delay('d', 10)] }, { waitFor: 'any' })]);
    const { machine, commands } = Machine.start(both, SCRIPTED_FACTS, input);
    expect(kinds(commands)).toEqual(['run_action p[l].a', 'start_timer p[r].d']);
    const fresh = workflowOf([
      set('s'),
      fan('p', { l: [act('a')], m: [delay('d', 10)], r: [set('x')] }, { waitFor: 'any' }),
    ]);
    expect(kinds(Machine.start(fresh, SCRIPTED_FACTS, input).commands)).toEqual(['finish']);
    expect(machine.state.inFlight).toBe(1);
  });

  it('with answers nobody waits for changes nothing', () => {
    const { machine } = Machine.start(workflow, SCRIPTED_FACTS, input);
    const before = JSON.stringify(machine.state);
    const at = START;
    for (const event of [
      { type: 'completed', path: 'b', output: 1, at },
      { type: 'completed', path: 'nobody', output: 1, at },
      { type: 'failed', path: 'x[1].y', error: { code: 'x', message: '' }, cutOff: true, at },
      { type: 'cancelled', path: 'b', at },
      { type: 'timer', id: 'b', at },
      { type: 'timer', id: 'b timeout', at },
      { type: 'skip_step', path: 'a', at },
      { type: 'resume', at },
    ] as Event[])
      expect(machine.apply(event)).toEqual([]);
    expect(JSON.stringify(machine.state)).toBe(before);
  });

  it('after the end changes nothing', () => {
    const { state } = play([set('a')]);
    const machine = Machine.resume(workflowOf([set('a')]), {}, state);
    expect(machine.apply({ type: 'cancel', at: START + 99 })).toEqual([]);
    expect(executionStatus(machine.state)).toBe('success');
  });
});

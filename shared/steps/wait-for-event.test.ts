import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json, JsonObject } from '../json.ts';
import { act, fan, loop, play, set, to } from '../simulator/fixture.ts';
import type { PersonEvent } from '../simulator/simulate.ts';

const wait = (id: string, event: string, rest: JsonObject = {}): JsonObject => ({
  id,
  type: 'wait_for_event',
  config: { event },
  ...rest,
});

const send = (name: string, data: Json, after = 1_000): { after: number; event: PersonEvent } => ({
  after,
  event: { type: 'message', name, data },
});

describe('a step that waits for an event', () => {
  it('waits under the name that its template gives', () => {
    const { state } = play([wait('paid', 'paid-{{ workflow.name }}')], { people: [], horizon: 10 });
    expect(state.steps.paid).toMatchObject({ status: 'waiting', awaits: 'paid-Test' });
  });

  it('gives what it was sent, and when', () => {
    expect(play([wait('paid', 'paid')], { people: [send('paid', { amount: 5 })] }).output).toEqual({
      event: 'paid',
      data: { amount: 5 },
      receivedAt: '2027-01-31T09:00:01.000Z',
    });
  });

  it('takes what was sent before it began, the oldest first', () => {
    const steps = [act('work', { after: 5_000 }), wait('one', 'go'), wait('two', 'go')];
    const people = [send('go', 1, 10), send('other', 0, 15), send('go', 2, 20)];
    const { state } = play(steps, { people });
    expect([state.steps.one?.output, state.steps.two?.output]).toMatchObject([{ data: 1 }, { data: 2 }]);
    expect(state.messages).toEqual([{ name: 'other', data: 0 }]);
  });

  it('shares an event with no other: the one that has waited the longest takes it', () => {
    const late = [act('first', { after: 100 }), wait('late', 'go')];
    const steps = [fan('p', { late, early: [wait('early', 'go')] }, { waitFor: 'any' })];
    const { statuses } = play(steps, { people: [send('go', null)] });
    expect(statuses).toMatchObject({ 'p[early].early': 'success', 'p[late].late': 'cancelled' });
  });

  it('is not moved by an event of another name', () => {
    const { state } = play([wait('paid', 'paid')], { people: [send('payed', 1)], horizon: 5_000 });
    expect(state.steps.paid?.status).toBe('waiting');
  });

  it('fails at its timeout, and its failure edge is followed', () => {
    const steps = [wait('paid', 'paid', { timeout: '1h', ...to('failure:late') }), set('late')];
    const { statuses, outcome } = play(steps, { people: [send('paid', 1, 2 * 3_600_000)] });
    expect({ statuses, outcome }).toEqual({
      statuses: { paid: 'failure', late: 'success' },
      outcome: 'success',
    });
  });

  it('ends while the run is paused, and what follows starts once it goes on', () => {
    const people = [
      { after: 10, event: { type: 'pause' } as const },
      send('paid', 1, 20),
      { after: 50, event: { type: 'resume' } as const },
    ];
    const { span } = play([wait('paid', 'paid'), act('then')], { people });
    expect([span('paid')[1], span('then')[0]]).toEqual([20, 50]);
  });

  it('gets every event once and in order, whenever it comes and however often the run is taken up again', () => {
    const arrivals = fc.array(fc.record({ name: fc.constantFrom('a', 'b'), after: fc.nat(3_000) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(arrivals, (drawn) => {
        const sent = drawn.toSorted((x, y) => x.after - y.after).map((one, n) => ({ ...one, n }));
        const of = (name: string) => sent.filter((one) => one.name === name).map(({ n }) => n);
        const branch = (name: string) => [
          loop(`each_${name}`, {
            times: of(name).length,
            steps: [act(`work_${name}`, { after: 150 }), wait(`wait_${name}`, name)],
          }),
        ];
        const { output, outcome } = play([fan('p', { a: branch('a'), b: branch('b') })], {
          people: sent.map(({ name, after, n }) => send(name, n, after)),
          between: (state) => JSON.parse(JSON.stringify(state)),
        });
        expect(outcome).toBe('success');
        const taken = output as { a: { items: JsonObject[] }; b: { items: JsonObject[] } };
        expect(taken.a.items.map(({ data }) => data)).toEqual(of('a'));
        expect(taken.b.items.map(({ data }) => data)).toEqual(of('b'));
      }),
    );
  });
});

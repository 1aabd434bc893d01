import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { allSteps } from '../definition/walk.ts';
import type { Step, Workflow } from '../definition/workflow.ts';
import { people as randomPeople, workflows } from '../simulator/arbitrary.ts';
import { type Played, playWorkflow, START } from '../simulator/fixture.ts';
import type { Simulation } from '../simulator/simulate.ts';
import { Machine } from './machine.ts';
import { frameOf, idOf, isUndo, stepPath, undoneBy } from './paths.ts';
import type { State } from './state.ts';

type People = NonNullable<Simulation['people']>;
type Between = NonNullable<Simulation['between']>;

const runs = fc.record({ workflow: workflows(), people: randomPeople() });
const settings = { numRuns: 300 };

/** Plays a run to its end; somebody skips whatever is parked. */
function playToEnd(workflow: Workflow, people: People, between?: Between): Played {
  const all = [...people];
  for (let round = 0; round < 200; round++) {
    const played = playWorkflow(workflow, { people: all, ...(between && { between }) });
    const { state, statuses } = played;
    const parked = Object.keys(statuses).filter((path) => statuses[path] === 'parked');
    if (state.phase === 'closed' || parked.length === 0) return played;
    const after = Math.max(state.now - START, ...all.map((one) => one.after)) + 1;
    all.push(...parked.map((path) => ({ after, event: { type: 'skip_step' as const, path } })));
  }
  throw new Error('The run never ends.');
}

const stepsById = (workflow: Workflow): Map<string, { step: Step; siblings: readonly Step[] }> =>
  new Map([...allSteps(workflow)].map(({ step, list }) => [step.id, { step, siblings: list.steps }]));

describe('every run of every workflow', () => {
  it('ends, and leaves nothing open', () => {
    fc.assert(
      fc.property(runs, ({ workflow, people }) => {
        const { state, outcome } = playToEnd(workflow, people);
        expect(state.phase).toBe('closed');
        expect(['success', 'failure', 'cancelled', 'timeout']).toContain(outcome);
        expect(state).toMatchObject({ frames: {}, timers: {}, ready: [], inFlight: 0 });
        for (const instance of Object.values(state.steps)) {
          expect(['running', 'waiting', 'parked']).not.toContain(instance.status);
          expect(instance).not.toHaveProperty('acting');
          expect(instance).not.toHaveProperty('cancelling');
        }
      }),
      settings,
    );
  });

  it('is not changed by a snapshot after every single event', () => {
    fc.assert(
      fc.property(runs, ({ workflow, people }) => {
        const plain = playToEnd(workflow, people);
        const stored = playToEnd(workflow, people, (state) => JSON.parse(JSON.stringify(state)) as State);
        expect({ ...stored, span: null }).toEqual({ ...plain, span: null });
      }),
      settings,
    );
  });

  it('is the same whenever it is played', () => {
    fc.assert(
      fc.property(runs, ({ workflow, people }) => {
        expect(JSON.stringify(playToEnd(workflow, people))).toBe(JSON.stringify(playToEnd(workflow, people)));
      }),
      settings,
    );
  });

  it('starts nothing while it is paused', () => {
    fc.assert(
      fc.property(runs, ({ workflow, people }) => {
        let before = { paused: false, started: 0, asked: 0 };
        playWorkflow(workflow, {
          people,
          between(state) {
            if (before.paused && state.paused) expect(state.started).toBe(before.started);
            before = { paused: state.paused, started: state.started, asked: 0 };
            return undefined;
          },
        });
      }),
      settings,
    );
  });

  it('starts a step only when its incoming edges allow it', () => {
    fc.assert(
      fc.property(runs, ({ workflow, people }) => {
        const { state } = playToEnd(workflow, people);
        const known = stepsById(workflow);
        for (const [path, instance] of Object.entries(state.steps)) {
          const place = known.get(idOf(path));
          if (isUndo(path) || instance.startTime === undefined || !place) continue;
          const sources = place.siblings.filter(({ connections }) =>
            connections.outputs.some(({ targetStepId }) => targetStepId === place.step.id),
          );
          if (sources.length === 0) continue;
          const ends = sources.map((source) => ({
            source,
            end: state.steps[stepPath(frameOf(path), source.id)],
          }));
          const taken = ends.filter(({ source, end }) =>
            end?.followed?.some((edge) => source.connections.outputs[edge]?.targetStepId === place.step.id),
          );
          const isEarly = ({ end }: (typeof ends)[number]): boolean =>
            end?.status === 'skipped' ||
            (end?.endTime ?? Number.POSITIVE_INFINITY) <= (instance.startTime ?? 0);
          expect(taken.length).toBeGreaterThan(0);
          expect(place.step.join === 'any' ? taken.some(isEarly) : ends.every(isEarly)).toBe(true);
        }
      }),
      settings,
    );
  });

  it('never has more iterations open than a loop allows', () => {
    fc.assert(
      fc.property(runs, ({ workflow, people }) => {
        const known = stepsById(workflow);
        playToEnd(workflow, people, (state) => {
          for (const [path, { frames }] of Object.entries(state.steps)) {
            const step = known.get(idOf(path))?.step;
            if (step?.type === 'loop')
              expect(frames?.length ?? 0).toBeLessThanOrEqual(Number(step.config.concurrency));
          }
          return undefined;
        });
      }),
      settings,
    );
  });

  it('undoes in the reverse order of completion, once each, unless it succeeds', () => {
    fc.assert(
      fc.property(runs, ({ workflow, people }) => {
        const { state, order, outcome } = playToEnd(workflow, people);
        const undone = order.filter(isUndo).map(undoneBy);
        const ends = undone.map((path) => state.steps[path]?.endTime ?? Number.NaN);
        expect(ends).toEqual(ends.toSorted((a, b) => b - a));
        expect(new Set(undone).size).toBe(undone.length);
        for (const path of undone) expect(state.steps[path]?.status).toBe('success');
        if (outcome === 'success') expect(undone).toEqual([]);
      }),
      settings,
    );
  });

  it('is not changed by going on in a fresh history, but for when its timers were set', () => {
    fc.assert(
      fc.property(runs, ({ workflow, people }) => {
        const plain = playToEnd(workflow, people);
        const drained = playToEnd(workflow, people, (state) => {
          if (state.phase === 'closed' || state.inFlight > 0 || state.ready.length > 0) return undefined;
          const machine = Machine.resume(workflow, {}, JSON.parse(JSON.stringify(state)) as State);
          machine.apply({ type: 'drain', at: state.now });
          machine.apply({ type: 'restored', at: state.now });
          return machine.state;
        });
        expect(drained.statuses).toEqual(plain.statuses);
        expect(drained.ran).toEqual(plain.ran);
      }),
      settings,
    );
  });
});

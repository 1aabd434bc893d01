import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { rebuild } from '#api/executions/read.ts';
import { fetchChain } from '#api/temporal/history.ts';
import { allSteps } from '#shared/definition/walk.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { State } from '#shared/machine/state.ts';
import { workflows } from '#shared/simulator/arbitrary.ts';
import { act, fan, loop, set, to, undoable, workflowOf } from '#shared/simulator/fixture.ts';
import { plain, type Runner, startRunner } from './support/runner.ts';
import {
  isTimeless,
  quickFacts,
  type Result,
  resultOf,
  scriptedActions,
  simulated,
} from './support/scripted.ts';

jest.setTimeout(180_000);

const SEED = Number(process.env.FC_SEED ?? Date.now() % 2 ** 31);
const COUNT = Number(process.env.FC_RUNS ?? 25);

/** A real delay takes a second at least. */
const MOST_DELAYS = 2;

/** A time no test reaches, so that a timeout of it is no race. */
const HOUR = 3_600_000;

const delays = (workflow: Workflow): number =>
  [...allSteps(workflow)].filter(({ step }) => step.type === 'delay').length;

/** Steps that a run reaches at least: those that end at once say little. */
const FEWEST_STEPS = 4;

const isEventful = (workflow: Workflow): boolean => {
  const rows = Object.values(simulated(workflow, 'run').steps);
  return rows.filter(({ status }) => status !== 'skipped').length >= FEWEST_STEPS;
};

/** Timeouts of some milliseconds race with everything on a real server: they are made too long to matter. */
function withoutRaces(workflow: Workflow): Workflow {
  const copy = structuredClone(workflow);
  for (const { step } of allSteps(copy)) if (step.timeout !== undefined) step.timeout = HOUR;
  if (copy.settings.timeout !== undefined) copy.settings.timeout = HOUR;
  return copy;
}

/** Random workflows that come to one result whatever their timing, so that every driver must come to it. */
const timeless = workflows({ time: 20, cutOffs: false, parking: false })
  .map(withoutRaces)
  .filter((workflow) => delays(workflow) <= MOST_DELAYS && isEventful(workflow) && isTimeless(workflow));

interface Real {
  id: string;
  result: Result;
  /** The state as the live workflow has it, and as its history tells it. */
  live: unknown;
  told: unknown;
}

async function runReal(runner: Runner, workflow: Workflow): Promise<Real> {
  const handle = await runner.start({ workflow, facts: quickFacts });
  await handle.result().catch(() => undefined);
  const id = handle.workflowId;
  const live = await handle.query<State | null>('state');
  const { machine, actions } = rebuild(id, await fetchChain(runner.client, runner.blobs, id));
  const { steps, ending } = machine?.state ?? {};
  if (!steps || !ending) throw new Error(`"${id}" closed, and its history does not tell how.`);
  const attempts = (path: string): number | undefined => actions.get(path)?.attempt;
  return {
    id,
    result: resultOf({ ...ending, steps, attempts }),
    live: plain(live),
    told: plain(machine?.state),
  };
}

async function check(runner: Runner, workflow: Workflow): Promise<void> {
  const { id, result, live, told } = await runReal(runner, workflow);
  expect(plain(result)).toEqual(plain(simulated(workflow, id)));
  expect(told).toEqual(live);
}

describe('a run on Temporal', () => {
  let runner: Runner;
  let forgetful: Runner;
  beforeAll(async () => {
    runner = await startRunner({ actions: scriptedActions });
    forgetful = await startRunner({ actions: scriptedActions, tuning: { maxCachedWorkflows: 2 } });
  });
  afterAll(async () => {
    await runner.stop();
    await forgetful.stop();
  });

  it(`ends as the simulator says, whatever the workflow (FC_SEED=${SEED})`, async () => {
    const drawn = fc.sample(timeless, { seed: SEED, numRuns: COUNT });
    const ends = await Promise.allSettled(
      drawn.map((workflow, position) => check(position % 2 === 0 ? runner : forgetful, workflow)),
    );
    ends.forEach((end, position) => {
      if (end.status === 'rejected')
        throw new Error(
          `Workflow ${position} of FC_SEED=${SEED}: ${end.reason}\n${JSON.stringify(drawn[position])}`,
        );
    });
    const types = new Set(drawn.flatMap((one) => [...allSteps(one)].map(({ step }) => step.type)));
    expect(types.size).toBeGreaterThan(3);
  });

  const slow = { id: 'slow', type: 'delay', config: { for: HOUR } };
  const cases: Record<string, Workflow> = {
    'the first of several branches wins, and the rest are cancelled': workflowOf([
      fan('race', { quick: [act('q', { output: 'won' })], never: [slow] }, { waitFor: 'any' }),
      set('after', { winner: '{{ steps.race.output }}' }),
    ]),
    'a step that takes too long is ended by its timeout': workflowOf([
      loop('each', { times: 1, steps: [slow] }, { timeout: 500, errorHandling: { strategy: 'continue' } }),
      set('after', { error: '{{ steps.each.error.code }}' }),
    ]),
    'a run that takes too long is undone, tidied up and ended': workflowOf(
      [act('made', { output: 1 }, undoable({ output: 'undone' })), slow],
      { settings: { timeout: 800 }, finally: [act('tidy', { output: '{{ execution.status }}' })] },
    ),
    'a join of any starts on the first': workflowOf([
      act('quick', { output: 1 }, to('next')),
      { ...slow, ...to('next'), timeout: 1_500, errorHandling: { strategy: 'continue' } },
      set('next', { quick: '{{ steps.quick.output }}' }, { join: 'any' }),
    ]),
    'attempts are counted, and the last failure takes the failure edge': workflowOf([
      act(
        'flaky',
        { error: 'busy', times: 2, output: 'third' },
        { retryPolicy: { maximumAttempts: 3, initialInterval: 10 }, ...to('lost') },
      ),
      act(
        'lost',
        { error: 'busy' },
        { retryPolicy: { maximumAttempts: 2, initialInterval: 10 }, ...to('failure:told') },
      ),
      set('told', { code: '{{ steps.lost.error.code }}', first: '{{ steps.flaky.output }}' }),
    ]),
  };

  it.each(Object.keys(cases))('agrees with the simulator: %s', async (name) => {
    const workflow = cases[name] as Workflow;
    await Promise.all([check(runner, workflow), check(forgetful, workflow)]);
  });

  it('is told apart from a simulation of something else', async () => {
    const workflow = workflowOf([act('one', { output: 1 })]);
    const { id, result } = await runReal(runner, workflow);
    expect(result).not.toEqual(simulated(workflowOf([act('one', { output: 2 })]), id));
  });
});

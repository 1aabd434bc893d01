import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { rebuild } from '#api/executions/read.ts';
import { fetchChain } from '#api/temporal/history.ts';
import { loadText } from '#shared/definition/load.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { State } from '#shared/machine/state.ts';
import { eventually } from './support/eventually.ts';
import { plain, type Runner, startRunner } from './support/runner.ts';

jest.setTimeout(120_000);

function workflow(text: string): Workflow {
  const { workflow: loaded, problems } = loadText(text);
  if (!loaded || problems.length > 0) throw new Error(JSON.stringify(problems));
  return loaded;
}

const MIXED = workflow(`
name: Mixed
settings: { timeout: 1h }
steps:
  - { id: a, type: action, action: { type: test.act, parameters: { output: 1, flaky: 1 } } }
  - id: each
    type: loop
    config:
      items: [1, 2, 3, 4, 5, 6]
      concurrency: 3
      onItemError: continue
      steps:
        - { id: work, type: action, action: { type: test.act, parameters: { output: "{{ item }}", takes: "{{ item * 15 }}" } } }
        - { id: pause, type: delay, config: { for: 30ms } }
        - { id: odd, type: condition, config: { expression: item % 2 == 1 } }
  - id: fan
    type: parallel
    config:
      waitFor: any
      branches:
        - { id: quick, steps: [{ id: q, type: action, action: { type: test.act, parameters: { output: q } } }] }
        - { id: slow, steps: [{ id: s, type: action, action: { type: test.act, parameters: { output: s, takes: 10000 } } }] }
  - { id: bad, type: action, action: { type: test.act, parameters: { fail: test.bad } }, errorHandling: { strategy: continue } }
  - { id: last, type: set, config: { values: { sum: "{{ sum(steps.each.output.items.map(x => x.result ? 1 : 0)) }}" } } }
finally:
  - { id: tidy, type: action, action: { type: test.act, parameters: { output: "{{ execution.status }}" } } }
`);

/** The state as the live workflow has it, and as its history tells it. */
async function bothStates(runner: Runner, handle: WorkflowHandle): Promise<{ live: unknown; told: unknown }> {
  const live = await handle.query<State | null>('state');
  const { machine } = rebuild(
    handle.workflowId,
    await fetchChain(runner.client, runner.blobs, handle.workflowId),
  );
  return { live: plain(live), told: plain(machine?.state ?? null) };
}

describe('the projection of a history', () => {
  let runner: Runner;
  let uncached: Runner;
  beforeAll(async () => {
    runner = await startRunner();
    uncached = await startRunner({ tuning: { maxCachedWorkflows: 0 } });
  });
  afterAll(async () => {
    await runner.stop();
    await uncached.stop();
  });

  it('equals the state the workflow itself has, at the end of a run of every step type', async () => {
    const handle = await runner.start({ workflow: MIXED });
    await expect(handle.result()).resolves.toEqual({ sum: 3 });
    const { live, told } = await bothStates(runner, handle);
    expect(told).toEqual(live);
  });

  it('equals it with a worker that remembers nothing and replays at every step', async () => {
    const handle = await uncached.start({ workflow: MIXED });
    await handle.result();
    const { live, told } = await bothStates(uncached, handle);
    expect(told).toEqual(live);
  });

  it('equals it in the middle of pauses and resumes', async () => {
    const handle = await runner.start({ workflow: MIXED });
    for (let round = 0; round < 6; round++) {
      await eventually(
        async () => (await handle.query<State | null>('state')) ?? undefined,
        'the run has begun',
      );
      const paused = await handle.executeUpdate('pause', { args: [{}] }).then(
        () => true,
        () => false,
      );
      const { live, told } = await bothStates(runner, handle);
      if (paused) expect((live as State).paused).toBe(true);
      expect((told as State).steps).toEqual((live as State).steps);
      expect((told as State).timers).toEqual((live as State).timers);
      if (paused) await handle.executeUpdate('resume', { args: [{}] });
    }
    await handle.result();
    const { live, told } = await bothStates(runner, handle);
    expect(told).toEqual(live);
  });

  it('equals it after a cancel, undos and the finally list included', async () => {
    const handle = await runner.start({
      workflow: workflow(`
name: Undone
steps:
  - { id: one, type: action, action: { type: test.act, parameters: { output: 1 } }, errorHandling: { undo: { action: { type: test.act, parameters: { output: "{{ steps.one.output + 1 }}" } } } } }
  - { id: two, type: action, action: { type: test.act, parameters: { takes: 60000 } } }
finally:
  - { id: tidy, type: action, action: { type: test.act, parameters: { output: "{{ execution.status }}" } } }
`),
    });
    await eventually(
      async () => (runner.ran.some((key) => key.endsWith(`${handle.workflowId}/two`)) ? true : undefined),
      'the second step runs',
    );
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow();
    const { live, told } = await bothStates(runner, handle);
    expect(told).toEqual(live);
    const { steps, ending } = told as State;
    expect(ending?.outcome).toBe('cancelled');
    expect(steps['one.undo']).toMatchObject({ status: 'success', output: 2 });
    expect(steps.two).toMatchObject({ status: 'cancelled' });
    expect(steps['finally.tidy']).toMatchObject({ status: 'success', output: 'cancelled' });
  });

  it('equals it across histories when the run goes on in fresh ones', async () => {
    const handle = await runner.start({ workflow: MIXED, historyLimit: 40 });
    await handle.result();
    const chain = await fetchChain(runner.client, runner.blobs, handle.workflowId);
    expect(chain.length).toBeGreaterThan(1);
    const { live, told } = await bothStates(runner, handle);
    expect(told).toEqual(live);
    expect((told as State).ending).toMatchObject({ outcome: 'success', output: { sum: 3 } });
  });

  it('stands for a run whose start is too large to travel', async () => {
    const values = Object.fromEntries(Array.from({ length: 22 }, (_, i) => [`k${i}`, 'x'.repeat(30_000)]));
    const big = {
      ...MIXED,
      steps: [{ ...MIXED.steps[0], id: 'big', type: 'set', action: undefined, config: { values } }],
    } as unknown as Workflow;
    const handle = await runner.start({ workflow: plain(big) as unknown as Workflow });
    await handle.result();
    const { live, told } = await bothStates(runner, handle);
    expect(told).toEqual(live);
    expect((told as State).steps.big?.output).toEqual(values);
  });
});

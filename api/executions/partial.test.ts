import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ExecutionView } from '#shared/contract/execution.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { type ApiClient, act, flow, startApi, stepAt, type TestApi } from '../../test/support/api.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;
let chain: string;
let branched: string;

const step = (id: string, rest: JsonObject): string => JSON.stringify({ id, ...rest });
const json = (line: string): Json => JSON.parse(line) as Json;
const to = (...targets: [target: string, condition?: JsonObject][]): JsonObject => ({
  connections: {
    outputs: targets.map(([targetStepId, condition]) => ({ targetStepId, ...(condition && { condition }) })),
  },
});

beforeAll(async () => {
  test = await startApi();
  api = test.api;
  chain = await api.create(
    flow(
      'Chain',
      [
        act('one', { output: 1 }),
        act('two', { output: '{{ steps.one.output + 1 }}' }),
        act('three', { output: '{{ steps.two.output * 10 + variables.more }}' }),
        act('four', { output: 'four' }),
      ],
      {
        variables: [{ name: 'more', type: 'number', default: 0 }],
        finally: [json(act('tidy'))],
        output: '{{ steps.four.output }}',
        triggers: [{ type: 'schedule', config: { every: '1h' }, enabled: false }],
      },
    ),
  );
  branched = await api.create(
    flow('Branched', [
      act(
        'first',
        { output: 5 },
        to(['high', { type: 'expression', expression: 'output > 3' }], ['low', { type: 'otherwise' }]),
      ),
      act('high', {}, to(['end'])),
      act('low', {}, to(['end'])),
      step('each', {
        type: 'loop',
        config: {
          items: [1, 2],
          steps: [json(act('inner', { output: '{{ item + steps.first.output }}' }))],
        },
        ...to(),
      }),
      step('fan', {
        type: 'parallel',
        config: {
          branches: [{ id: 'left', name: 'Left', steps: [json(act('lint', { output: 'lint' }))] }],
        },
        ...to(),
      }),
      act('end', {}, to(['each'], ['fan'])),
    ]),
  );
});

afterAll(() => test.stop());

/** Paths of the actions that an execution ran itself. */
const ranIn = (id: string): string[] =>
  test.runner.ran.filter((key) => key.includes(`${id}/`)).map((key) => key.slice(key.lastIndexOf('/') + 1));

async function run(id: string, request: JsonObject): Promise<{ view: ExecutionView; ran: string[] }> {
  const view = await api.ended(await api.execute(id, request));
  return { view, ran: ranIn(view.executionId) };
}

const refused = (id: string, request: JsonObject) =>
  api.refused('POST', `/api/workflows/${id}/execute`, { json: request });

describe('running up to a step', () => {
  it('runs it and what leads to it, nothing after it, no finally list, and not the output', async () => {
    const { view, ran } = await run(chain, { until: 'two' });
    expect(view).toMatchObject({
      status: 'success',
      output: 2,
      triggeredBy: { type: 'manual', runUntil: 'two' },
    });
    expect(ran).toEqual(['one', 'two']);
    expect(view.steps.map(({ id }) => id)).toEqual(['one', 'two']);
    const { body } = await api.get('/api/executions');
    expect(body.items).toContainEqual(
      expect.objectContaining({
        executionId: view.executionId,
        triggeredBy: expect.objectContaining({ runUntil: 'two' }),
      }),
    );
  });

  it('takes over the outputs that are given', async () => {
    const { view, ran } = await run(chain, {
      until: 'three',
      outputs: { two: 7, four: 'unused' },
      variables: { more: 1 },
    });
    expect(view).toMatchObject({ status: 'success', output: 71 });
    expect(ran).toEqual(['one', 'three']);
    expect(stepAt(view, 'two')).toMatchObject({ given: true, status: 'success', output: 7 });
    expect(stepAt(view, 'three').given).toBeUndefined();
  });

  it('goes up to the outermost step around one inside a loop or a branch', async () => {
    const { view, ran } = await run(branched, { until: 'inner' });
    expect(stepAt(view, 'each').output).toMatchObject({ items: [6, 7] });
    expect(ran).toEqual(['first', 'high', 'end', 'each[0].inner', 'each[1].inner']);
    expect((await run(branched, { until: 'lint' })).ran).toContain('fan[left].lint');
  });

  it('follows edges as the whole workflow would', async () => {
    const { view, ran } = await run(branched, { until: 'low' });
    expect(view.status).toBe('success');
    expect(ran).toEqual(['first']);
    expect(stepAt(view, 'low').status).toBe('skipped');
  });

  it('is refused for a step that does not exist or stands in the finally list', async () => {
    expect(await refused(chain, { until: 'tow' })).toMatchObject({
      status: 422,
      code: 'execution.unknown_step',
      fix: expect.stringContaining('two'),
    });
    expect(await refused(chain, { until: 'tidy' })).toMatchObject({
      status: 422,
      code: 'execution.inner_step',
    });
  });
});

describe('running one step', () => {
  it('runs it alone with the outputs it reads', async () => {
    const { view, ran } = await run(chain, { only: 'three', outputs: { two: 4 } });
    expect(view).toMatchObject({ status: 'success', output: 40, triggeredBy: { runOnly: 'three' } });
    expect(ran).toEqual(['three']);
    expect(view.steps.map(({ id, given }) => [id, given])).toEqual([
      ['two', true],
      ['three', undefined],
    ]);
  });

  it('names the outputs that are missing and what to do', async () => {
    const before = await test.world();
    const problem = await refused(chain, { only: 'three', outputs: { one: 1 } });
    expect(await test.world()).toEqual(before);
    expect(problem).toMatchObject({
      status: 422,
      code: 'execution.missing_outputs',
      detail: expect.stringContaining('"two"'),
      fix: expect.stringContaining('"outputs": { "two": … }'),
      details: { steps: ['two'] },
    });
    expect(await refused(branched, { only: 'each' })).toMatchObject({ details: { steps: ['first'] } });
  });

  it('runs a loop as one step', async () => {
    const { ran, view } = await run(branched, { only: 'each', outputs: { first: 10 } });
    expect(ran).toEqual(['each[0].inner', 'each[1].inner']);
    expect(view.output).toMatchObject({ items: [11, 12] });
  });

  it('is refused inside a loop, a branch or the finally list', async () => {
    for (const [id, only] of [
      [branched, 'inner'],
      [branched, 'lint'],
      [chain, 'tidy'],
    ] as const)
      expect(await refused(id, { only })).toMatchObject({ status: 422, code: 'execution.inner_step' });
  });

  it('is not asked for together with running up to one', async () => {
    expect(await refused(chain, { only: 'two', until: 'two' })).toMatchObject({ code: 'request.invalid' });
  });
});

describe('outputs given to a whole execution', () => {
  it('stand in for their steps, those in branches too', async () => {
    const { view, ran } = await run(branched, { outputs: { first: 1, lint: 'given' } });
    expect(ran).toEqual(['low', 'end', 'each[0].inner', 'each[1].inner']);
    expect(stepAt(view, 'fan').output).toEqual({ left: 'given' });
    expect(stepAt(view, 'fan[left].lint').given).toBe(true);
  });

  it('leave nothing to undo: only what this execution did is taken back', async () => {
    const undo = { errorHandling: { undo: { action: { type: 'test.act', parameters: {} } } } };
    const id = await api.create(
      flow('Undone', [act('a', {}, undo), act('b', {}, undo), act('c', { fail: 'test.bad' })]),
    );
    const { view, ran } = await run(id, { outputs: { a: 1 } });
    expect(view.status).toBe('failure');
    expect(ran).toEqual(['b', 'c', 'b.undo']);
  });

  it('are refused for steps in loops, for unknown ones, and where they pose as stored values', async () => {
    expect(await refused(branched, { outputs: { inner: 1 } })).toMatchObject({
      code: 'execution.inner_step',
      fix: expect.stringContaining('"each"'),
    });
    expect(await refused(chain, { outputs: { onee: 1 } })).toMatchObject({ code: 'execution.unknown_step' });
    expect(await refused(chain, { outputs: { one: { $blob: 'sha256-x' } } })).toMatchObject({
      code: 'request.reserved_key',
    });
  });

  it('are not run when the execution is retried', async () => {
    const id = await api.create(flow('Again', [act('a'), act('b')]));
    const { view } = await run(id, { until: 'b', outputs: { a: 1 } });
    const { body } = await api.post(`/api/executions/${view.executionId}/retry`, { json: {} });
    await api.ended(String(body.executionId));
    expect(ranIn(String(body.executionId))).toEqual(['b']);
  });
});

describe('a definition that is not saved', () => {
  const definition = (parameters: JsonObject) => ({
    name: 'Unsaved',
    steps: [json(act('a', parameters)), json(act('b', { output: '{{ steps.a.output }}' }))],
  });

  it('is run as it is, and nothing is saved', async () => {
    const before = await api.workflow(chain);
    const { view } = await run(chain, { definition: definition({ output: 3 }), until: 'b' } as JsonObject);
    expect(view).toMatchObject({ workflowId: chain, status: 'success', output: 3 });
    expect(await api.workflow(chain)).toEqual({ ...before, metadata: expect.anything() });
  });

  it('is checked in full first', async () => {
    const problem = await refused(chain, {
      definition: definition({ output: '{{ steps.nope.output }}' }),
    } as JsonObject);
    expect(problem).toMatchObject({
      status: 422,
      code: 'workflow.invalid',
      problems: [expect.objectContaining({ code: 'reference.unknown_step' })],
    });
  });

  it('is run of a workflow that was never published', async () => {
    const { body } = await api.ask('POST', '/api/workflows?draft=true', {
      yaml: 'name: Only a draft\nsteps: []\n',
    });
    const { view } = await run(String(body.id), { definition: definition({ output: 9 }) } as JsonObject);
    expect(view).toMatchObject({ workflowVersion: 0, output: 9 });
  });
});

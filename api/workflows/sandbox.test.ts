import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { testResult } from '#shared/contract/workflow.ts';
import { type ApiClient, act, flow, startApi, stepAt, type TestApi } from '../../test/support/api.ts';

jest.setTimeout(60_000);

let test: TestApi;
let api: ApiClient;
let id: string;

const step = (stepId: string, type: string, config: object): string =>
  JSON.stringify({ id: stepId, type, config });

beforeAll(async () => {
  test = await startApi();
  api = test.api;
  id = await api.create(
    flow(
      'Tried',
      [
        JSON.stringify({
          id: 'read',
          type: 'action',
          action: { type: 'file.read', parameters: { path: '{{ variables.path }}' } },
        }),
        step('wait', 'delay', { for: '2h' }),
        step('each', 'loop', { items: [1, 2], steps: [JSON.parse(act('inner', { output: '{{ item }}' }))] }),
        step('last', 'set', { values: { content: '{{ steps.read.output.content }}' } }),
      ],
      { variables: [{ name: 'path', type: 'string', default: 'notes.txt' }] },
    ),
  );
});

afterAll(() => test.stop());

const trial = async (json: object) =>
  testResult.parse((await api.post(`/api/workflows/${id}/test`, { json })).body);

describe('trying a workflow in the sandbox', () => {
  it('runs with sample outputs, in no time, and touches nothing', async () => {
    const before = await test.world();
    const result = await trial({});
    expect(result).toMatchObject({ status: 'success', error: null, output: { content: expect.any(String) } });
    expect(result.duration).toBeGreaterThanOrEqual(2 * 3_600_000);
    expect(stepAt(result, 'read')).toMatchObject({
      status: 'success',
      input: { path: 'notes.txt' },
      output: { size: expect.any(Number) },
    });
    expect(await test.world()).toEqual(before);
  });

  it('takes outputs given by step id or path, whatever their kind', async () => {
    const result = await trial({
      outputs: { read: { content: 'pinned' }, 'each[1].inner': ['a', 'b'] },
      variables: { path: 'other' },
    });
    expect(result.output).toEqual({ content: 'pinned' });
    expect(stepAt(result, 'read').input).toEqual({ path: 'other' });
    expect(stepAt(result, 'each').output).toMatchObject({ items: [null, ['a', 'b']] });
  });

  it('lets steps fail as told', async () => {
    const result = await trial({ failures: { read: 'The disk is gone.' } });
    expect(result).toMatchObject({
      status: 'failure',
      error: { message: 'The disk is gone.', step: 'read' },
    });
    expect(stepAt(result, 'last').status).not.toBe('success');
  });

  it('tries a definition that is not saved', async () => {
    const definition = {
      name: 'Unsaved',
      steps: [{ id: 'a', type: 'set', config: { values: { v: '{{ trigger.x + 1 }}' } } }],
    };
    expect(await trial({ definition, trigger: { x: 4 } })).toMatchObject({
      status: 'success',
      output: { v: 5 },
    });
  });

  it('goes on where a person or an event is waited for, as pinned or else with yes', async () => {
    const definition = {
      name: 'Waits',
      steps: [
        { id: 'ask', type: 'approval', config: { message: 'Go?', data: { tag: 'v1' } } },
        { id: 'paid', type: 'wait_for_event', config: { event: 'paid' }, timeout: '1d' },
        {
          id: 'all',
          type: 'set',
          config: {
            values: { tag: '{{ steps.ask.output.data.tag }}', paid: '{{ steps.paid.output.data }}' },
          },
        },
      ],
    };
    expect(await trial({ definition })).toMatchObject({ status: 'success', output: { tag: 'v1', paid: {} } });
    const outputs = { ask: { approved: true, data: { tag: 'v2' } }, paid: { data: { amount: 5 } } };
    expect(await trial({ definition, outputs })).toMatchObject({
      output: { tag: 'v2', paid: { amount: 5 } },
    });
    const rejected = await trial({ definition, failures: { ask: 'Too early.' } });
    expect(rejected).toMatchObject({ status: 'failure', error: { code: 'approval.rejected' } });
    const late = await trial({ definition, failures: { paid: 'Never.' } });
    expect(late).toMatchObject({ status: 'failure', error: { code: 'step.timeout' } });
  });

  it('tells of what will wait for a person', async () => {
    const definition = {
      name: 'Parks',
      steps: [JSON.parse(act('p', {}, { errorHandling: { strategy: 'park' } }))],
    };
    const result = await trial({ definition, failures: { p: 'No.' } });
    expect(result.status).toBe('waiting');
    expect(stepAt(result, 'p').status).toBe('parked');
  });

  it('refuses a definition that cannot run, and variables that are wrong', async () => {
    const path = `/api/workflows/${id}/test`;
    expect(await api.refused('POST', path, { json: { definition: { name: 'x' } } })).toMatchObject({
      status: 422,
      code: 'workflow.invalid',
    });
    expect(await api.refused('POST', path, { json: { variables: { path: 5 } } })).toMatchObject({
      status: 422,
      code: 'variables.invalid',
    });
  });
});

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { normalise } from '#shared/definition/normalise.ts';
import { workflowSchema } from '#shared/definition/schema.ts';
import type { JsonObject } from '#shared/json.ts';
import type { State } from '#shared/machine/state.ts';
import { type Runner, startRunner } from '../../test/support/runner.ts';
import type { Action } from '../action.ts';
import execute from '../actions/plugin/execute.ts';
import { EVERYTHING, makeWorld, processesWith, scriptEntry, until, type World } from './_fixture.ts';
import type { Plugins } from './plugins.ts';

jest.setTimeout(60_000);

/** Stands in the command line of this file's servers, for other files start the same. */
const MARK = `of-${process.pid}-steps`;

let world: World;
let runner: Runner;
/** What commands have reported so far. */
let reports = 0;

beforeAll(async () => {
  world = makeWorld([await scriptEntry('every', EVERYTHING, ['stdio', MARK])]);
  const { manager } = world;
  const plugins: Plugins = {
    call: (call) =>
      manager.call({
        ...call,
        onProgress: (progress) => {
          reports += 1;
          call.onProgress?.(progress);
        },
      }),
    listen: (listening) => manager.listen(listening),
    describe: (...names) => manager.describe(...names),
    all: () => manager.all(),
  };
  runner = await startRunner({ actions: [execute as unknown as Action], plugins });
});
afterAll(async () => {
  await runner.stop();
  await world.close();
});

const facts = { 'plugin.execute': { timeout: 30_000, retry: { maximumAttempts: 1 }, idempotent: false } };

function start(command: string, given: JsonObject, more: JsonObject = {}) {
  const parameters = { pluginId: 'every', command, arguments: given };
  const step = {
    id: 'a',
    name: 'A',
    type: 'action',
    action: { type: 'plugin.execute', parameters },
    ...more,
  };
  const workflow = normalise(workflowSchema.parse({ name: 'P', steps: [step] }));
  return runner.start({ workflow, facts });
}

type Handle = Awaited<ReturnType<typeof start>>;

async function endOf(handle: Handle) {
  await handle.result().catch(() => undefined);
  const { steps } = await handle.query<State>('state');
  return steps.a;
}

describe('a step that runs a plugin command', () => {
  it('has the answer as its output', async () => {
    const ended = await endOf(await start('get-sum', { a: 2, b: 3 }));
    expect(ended).toMatchObject({ status: 'success', output: { content: expect.stringContaining('5') } });
  });

  it('fails once when the plugin dies, and does not repeat the command by itself', async () => {
    await world.call('every', 'echo', ['up']);
    const handle = await start('trigger-long-running-operation', { duration: 60, steps: 60 });
    const [pid = 0] = processesWith(MARK);
    await until(() => reports > 0, 'the command runs');
    process.kill(pid, 'SIGKILL');
    expect(await endOf(handle)).toMatchObject({ status: 'failure', error: { code: 'plugin.died' } });
  });

  it('is called off at its timeout, and the plugin goes on', async () => {
    await world.call('every', 'echo', ['up']);
    const before = processesWith(MARK);
    const given = { duration: 60, steps: 60 };
    const ended = await endOf(await start('trigger-long-running-operation', given, { timeout: '1s' }));
    expect(ended).toMatchObject({ status: 'failure', error: { code: 'action.timeout' } });
    expect(processesWith(MARK)).toEqual(before);
  });
});

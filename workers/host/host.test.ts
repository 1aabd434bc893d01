import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import type { Json, JsonObject } from '#shared/json.ts';
import { eventually } from '../../test/support/eventually.ts';
import { testAddress } from '../../test/support/temporal.ts';
import { type Action, type Attempt, defineAction, Retryable, Terminal } from '../action.ts';
import shell from '../actions/shell/run.ts';
import { killedActions } from './_killed-worker.ts';
import { type Runner, startRunner } from './_runner.ts';

/** What the action of the running test does; every attempt is written down. */
let behave: (attempt: Attempt<unknown>) => unknown = () => null;
let attempts: Attempt<unknown>[] = [];

const testAction = (type: string, more: Partial<Action> = {}): Action =>
  defineAction({
    type,
    title: '',
    description: '',
    icon: '',
    input: z.json(),
    output: z.json(),
    effect: 'write',
    idempotent: true,
    examples: [],
    run: async (attempt) => {
      attempts.push(attempt);
      return (await behave(attempt)) as Json;
    },
    ...more,
  });

const actions = [
  testAction('test.act'),
  testAction('test.once', { idempotent: false }),
  testAction('test.strict', {
    input: z.strictObject({ path: z.string(), options: z.object({ depth: z.int() }) }),
    output: z.object({ count: z.number() }),
  }),
  testAction('test.echo', { run: async ({ input }) => input as Json }),
  shell,
  ...killedActions,
];

let runner: Runner;
beforeAll(async () => {
  runner = await startRunner(await testAddress(), actions, { secrets: { TOKEN: 'the token' } });
}, 60_000);
afterAll(() => runner.close(), 30_000);
afterEach(() => {
  behave = () => null;
  attempts = [];
});

const step = (parameters: JsonObject = {}, more: JsonObject = {}, type = 'test.act') => ({
  id: 's',
  action: { type, parameters },
  ...more,
});
const retry = (maximumAttempts: number, more: JsonObject = {}): JsonObject => ({
  retryPolicy: { maximumAttempts, initialInterval: 20, backoffCoefficient: 1, ...more },
});

const hang = ({ signal }: Attempt<unknown>): Promise<never> =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

describe('an attempt', () => {
  it('gets its input, the same key every time, and a number', async () => {
    behave = ({ attempt }) => {
      if (attempt === 1) throw new Retryable('test.flaky', 'Try again.');
      return { done: true };
    };
    const { steps, executionId } = await runner.run([step({ a: [1, '{{ 1 + 1 }}'] }, retry(3))]);
    expect(steps.s).toMatchObject({ status: 'success', output: { done: true } });
    expect(attempts.map(({ input, idempotencyKey, attempt }) => [input, idempotencyKey, attempt])).toEqual([
      [{ a: [1, 2] }, `${executionId}/s`, 1],
      [{ a: [1, 2] }, `${executionId}/s`, 2],
    ]);
  });

  it('is not repeated after a terminal error, which says what, where and what to do', async () => {
    behave = () => {
      throw new Terminal('test.broken', 'It is broken.', { fix: 'Mend it.', details: { part: 3 } });
    };
    const { steps } = await runner.run([step({}, retry(5))]);
    expect(steps.s).toMatchObject({
      status: 'failure',
      error: {
        code: 'test.broken',
        message: 'It is broken.',
        fix: 'Mend it.',
        details: { part: 3 },
        step: 's',
      },
    });
    expect(attempts).toHaveLength(1);
  });

  it('is made as often as the policy says, unless the policy excludes the error', async () => {
    behave = () => {
      throw new Retryable('test.flaky', 'Try again.');
    };
    expect((await runner.run([step({}, retry(3))])).steps.s).toMatchObject({
      status: 'failure',
      error: { code: 'test.flaky' },
    });
    expect(attempts).toHaveLength(3);
    await runner.run([step({}, retry(3, { nonRetryableErrors: ['test.flaky'] }))]);
    expect(attempts).toHaveLength(4);
  });

  it('is made after as long as the error asks for', async () => {
    const times: number[] = [];
    behave = ({ attempt }) => {
      times.push(Date.now());
      if (attempt === 1) throw new Retryable('test.busy', 'Later.', { after: 1_500 });
      return null;
    };
    expect((await runner.run([step({}, retry(2))])).steps.s).toMatchObject({ status: 'success' });
    expect(Number(times[1]) - Number(times[0])).toBeGreaterThanOrEqual(1_450);
  });

  it('of an action that forgot an error of the system names the file and ends', async () => {
    behave = () => readFileSync('/no/such/file');
    expect((await runner.run([step({}, retry(3))])).steps.s).toMatchObject({
      status: 'failure',
      error: { code: 'file.not_found' },
    });
    expect(attempts).toHaveLength(1);
  });

  it('whose error is enormous still ends the step', async () => {
    behave = () => {
      throw new Terminal('test.huge', 'x'.repeat(3_000_000), { details: 'y'.repeat(3_000_000) });
    };
    const { steps } = await runner.run([step()]);
    expect(steps.s?.error?.code).toBe('test.huge');
    expect(steps.s?.error?.message.length).toBeLessThan(5_000);
  });
});

describe('parameters and outputs', () => {
  it('that do not fit are refused, each named', async () => {
    const { steps } = await runner.run([
      step({ path: 1, options: { depth: '{{ "deep" }}' }, extra: true }, retry(3), 'test.strict'),
    ]);
    expect(steps.s).toMatchObject({ status: 'failure', error: { code: 'action.invalid_input' } });
    expect(steps.s?.error?.message).toMatch(/path: .*options\.depth: .*extra/s);
    expect(attempts).toHaveLength(0);
  });

  it('an action does not declare are a bug of its own', async () => {
    behave = () => ({ count: 'many' });
    const { steps } = await runner.run([step({ path: 'a', options: { depth: 1 } }, retry(3), 'test.strict')]);
    expect(steps.s?.error).toMatchObject({
      code: 'action.invalid_output',
      message: expect.stringContaining('count'),
    });
    expect(attempts).toHaveLength(1);
  });
});

describe('large outputs', () => {
  const make = { id: 'make', action: { type: 'test.act', parameters: { make: true } } };
  const use = (parameters: JsonObject) => ({ id: 'use', action: { type: 'test.echo', parameters } });
  const madeOf = (output: Json) => {
    behave = () => output;
  };

  it('travel as references with a preview; their small parts stay in reach, and the next action gets all of it', async () => {
    const list = Array.from({ length: 40_000 }, (_, n) => n);
    madeOf({ text: 'ä'.repeat(200_000), list, small: { n: 7 } });
    const { steps } = await runner.run([
      make,
      use({
        first: '{{ steps.make.output.small.n + 1 }}',
        text: '{{ steps.make.output.text }}',
        list: '{{ steps.make.output.list }}',
      }),
    ]);
    expect(steps.make?.output).toMatchObject({
      text: { $blob: expect.stringMatching(/^sha256-/), bytes: 400_002, preview: 'ä'.repeat(200) },
      small: { n: 7 },
    });
    expect(JSON.stringify(steps.make?.output).length).toBeLessThan(3_000);
    const output = steps.use?.output as JsonObject;
    expect(output.first).toBe(8);
    const load = async (part: Json | undefined) =>
      JSON.parse(
        new TextDecoder().decode(await runner.blobs.get(String((part as JsonObject).$blob))),
      ) as Json;
    expect(await load(output.text)).toBe('ä'.repeat(200_000));
    expect(await load(output.list)).toEqual(list);
  });

  it('are finished inside a text', async () => {
    madeOf({ text: 'x'.repeat(140_000) });
    const { steps } = await runner.run([
      make,
      {
        id: 'use',
        action: {
          type: 'test.echo',
          parameters: {
            n: '{{ steps.make.output.text.length }}',
            end: 'is {{ steps.make.output.text.slice(0, 3) }}',
          },
        },
      },
    ]);
    expect(steps.use).toMatchObject({ status: 'success', output: { n: 140_000, end: 'is xxx' } });
  });

  it.each([
    ['small', 0],
    ['large', 200_000],
  ])('that look like references to what is stored stay data (%s)', async (_name, padding) => {
    const secret = await runner.blobs.put(new TextEncoder().encode('"secret"'));
    const poser = { $blob: secret, bytes: 8, preview: '' };
    const data = {
      direct: poser,
      listed: [poser, { deep: [poser] }],
      odd: { $blob: 5 },
      pad: 'x'.repeat(Number(padding)),
    };
    madeOf(data);
    const { steps } = await runner.run([
      make,
      use({
        direct: '{{ steps.make.output.direct }}',
        listed: '{{ steps.make.output.listed }}',
        odd: '{{ steps.make.output.odd }}',
      }),
    ]);
    const { pad, ...expected } = data;
    const seen = steps.use?.output as JsonObject;
    const unfold = async (part: Json): Promise<Json> =>
      JSON.parse(
        new TextDecoder().decode(await runner.blobs.get(String((part as JsonObject).$blob))),
      ) as Json;
    expect(JSON.stringify(seen)).not.toContain('"secret"');
    // The echo's own output poses again, so it is stored again: what is under each reference is the data itself.
    expect(await unfold(seen.direct as Json)).toEqual(expected.direct);
    expect(await unfold((seen.listed as Json[])[0] as Json)).toEqual(poser);
    expect(await unfold(seen.odd as Json)).toEqual({ $blob: 5 });
  });
});

describe('a timeout', () => {
  it('ends the attempt, and the next one is made', async () => {
    behave = (attempt) => (attempt.attempt === 1 ? hang(attempt) : { attempt: attempt.attempt });
    const { steps } = await runner.run([step({}, { ...retry(2), timeout: 300 })]);
    expect(steps.s).toMatchObject({ status: 'success', output: { attempt: 2 } });
  });

  it('fails the step when there is no attempt left, and says which timeout', async () => {
    behave = hang;
    const { steps } = await runner.run([step({}, { ...retry(1), timeout: 300 })]);
    expect(steps.s).toMatchObject({
      status: 'failure',
      error: { code: 'action.timeout', message: expect.stringContaining('300 ms') },
    });
  });

  it('ends the wait for an action that does not listen', async () => {
    behave = () => new Promise(() => undefined);
    const { steps } = await runner.run([step({}, { ...retry(1), timeout: 200 })]);
    expect(steps.s).toMatchObject({ status: 'failure', error: { code: 'action.timeout' } });
  });

  it('may be longer than a timer of the system can be', async () => {
    behave = () => 'done';
    const { steps } = await runner.run([step({}, { timeout: 2 ** 31 + 5 })]);
    expect(steps.s).toMatchObject({ status: 'success' });
  });
});

describe('a cancelled execution', () => {
  it('ends its running program and leaves no process', async () => {
    const family = `require('child_process').spawn('sleep', ['1000'], { stdio: 'inherit' });
      require('fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1000)`;
    const handle = await runner.start([
      {
        id: 's',
        action: { type: 'shell.run', parameters: { command: process.execPath, args: ['-e', family] } },
      },
    ]);
    const file = join(runner.root, 'pid');
    await eventually(() => existsSync(file) && readFileSync(file, 'utf8') !== '', 'the program runs');
    const pid = Number(readFileSync(file, 'utf8'));
    await handle.cancel();
    const { steps } = await runner.stateOf(handle);
    expect(steps.s).toMatchObject({ status: 'cancelled' });
    expect(() => process.kill(-pid, 0)).toThrow('ESRCH');
  });
});

describe('attempts cut off by the end of their worker', () => {
  /** Interrupts the running attempt as often as one hangs, until the execution ends. */
  const interrupted = async (steps: Parameters<Runner['start']>[0], times: number) => {
    const handle = await runner.start(steps);
    for (let n = 0; n < times; n++) {
      await eventually(() => hanging, 'the attempt hangs');
      hanging = false;
      await runner.stop();
      await runner.resume();
    }
    return runner.stateOf(handle);
  };
  let hanging = false;
  const hangNow = (attempt: Attempt<unknown>): Promise<never> => {
    hanging = true;
    return hang(attempt);
  };

  it('do not count as tries of the action', async () => {
    behave = (attempt) => {
      if (attempt.attempt % 2 === 0) return hangNow(attempt);
      throw new Retryable('test.flaky', `Failed in ${attempt.attempt}.`);
    };
    const { steps } = await interrupted([step({}, retry(3))], 2);
    expect(steps.s).toMatchObject({
      status: 'failure',
      error: { code: 'test.flaky', message: 'Failed in 5.' },
    });
    expect(attempts.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5]);
  }, 40_000);

  it('are told what was reported last', async () => {
    behave = (attempt) => {
      if (attempt.attempt > 1) return attempt.progress;
      attempt.report({ done: 41 });
      return hangNow(attempt);
    };
    const { steps } = await interrupted([step({}, retry(1))], 1);
    expect(steps.s).toMatchObject({ status: 'success', output: { done: 41 } });
  }, 40_000);

  it('are not repeated where that could do it twice: the step is unknown', async () => {
    behave = hangNow;
    const { steps } = await interrupted([step({}, retry(3), 'test.once')], 1);
    expect(steps.s).toMatchObject({
      status: 'unknown',
      error: { code: 'action.outcome_unknown', fix: expect.any(String) },
    });
    expect(attempts).toHaveLength(1);
  }, 40_000);

  it('are not taken for ended where a secret of theirs can no longer be read', async () => {
    const database = join(runner.folder, 'home', 'acas.db');
    behave = (attempt) => {
      writeFileSync(database, 'This is no database any more, and long enough to be seen as none.'.repeat(20));
      return hangNow(attempt);
    };
    const { steps } = await interrupted([step({ token: '{{ secrets.TOKEN }}' }, retry(3), 'test.once')], 1);
    rmSync(database);
    expect(attempts[0]?.input).toEqual({ token: 'the token' });
    expect(steps.s).toMatchObject({ status: 'unknown', error: { code: 'action.outcome_unknown' } });
  }, 40_000);
});

describe('a worker that is killed', () => {
  it('loses no step: what may be repeated is, and the rest is unknown', async () => {
    await runner.stop();
    const script = fileURLToPath(new URL('./_killed-worker.ts', import.meta.url));
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', script, await testAddress(), runner.taskQueue, runner.folder],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        env: { PATH: process.env.PATH },
      },
    );
    const steps = [
      ['repeatable', 'repeatable'],
      ['single', 'single'],
      ['depends', 'again'],
      ['depends', 'never'],
    ].map(([type, name]) => ({
      id: String(name),
      action: { type: `test.${type}`, parameters: { name: String(name) } },
      errorHandling: { strategy: 'continue' },
    }));
    const config = {
      branches: steps.map((one) => ({
        id: one.id,
        name: one.id,
        steps: [{ type: 'action', name: one.id, ...one }],
      })),
    };
    const handle = await runner.start([{ id: 'all', type: 'parallel', config } as never]);
    const lines = (name: string): number =>
      existsSync(join(runner.root, name))
        ? readFileSync(join(runner.root, name), 'utf8').trim().split('\n').length
        : 0;
    await eventually(() => steps.every(({ id }) => lines(id) === 1), 'each has written its line', 40_000);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await runner.resume();
    const { steps: ended } = await runner.stateOf(handle);
    const of = (name: string) => Object.entries(ended).find(([path]) => path.endsWith(`].${name}`))?.[1];
    expect(of('repeatable')).toMatchObject({
      status: 'success',
      output: { attempt: 2, progress: 'half way' },
    });
    expect(of('again')).toMatchObject({ status: 'success' });
    expect(of('single')).toMatchObject({ status: 'unknown' });
    expect(of('never')).toMatchObject({ status: 'unknown' });
    expect(steps.map(({ id }) => lines(id))).toEqual([2, 1, 2, 1]);
  }, 120_000);
});

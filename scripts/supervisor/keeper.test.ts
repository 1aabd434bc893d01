import { describe, expect, it } from '@jest/globals';
import { createLog } from '#shared/node/log.ts';
import { type KeeperOptions, keep, type Running } from './keeper.ts';

interface Fake extends Running {
  number: number;
  die(why: string): void;
}

const fake = (number: number): Fake => {
  let die: (why: string) => void = () => undefined;
  const exited = new Promise<string>((resolve) => {
    die = resolve;
  });
  return { number, exited, die, stop: async () => die('stopped') };
};

const logged = () => {
  const lines: string[] = [];
  const log = createLog({ destination: { write: (line) => void lines.push(JSON.parse(line).msg) } });
  return { lines, log };
};

/** Keeps fakes; `next` waits for the one that starts next. */
const keepFakes = (overrides: Partial<KeeperOptions<Fake>> = {}) => {
  const { lines, log } = logged();
  const waiting: ((one: Fake) => void)[] = [];
  const started: Fake[] = [];
  const keeper = keep<Fake>({
    name: 'thing',
    log,
    backoff: { first: 1, last: 4 },
    launch: async () => {
      const one = fake(started.length + 1);
      started.push(one);
      return one;
    },
    onReady: (one) => waiting.shift()?.(one),
    ...overrides,
  });
  const next = (): Promise<Fake> => new Promise((resolve) => waiting.push(resolve));
  return { keeper, next, lines, started };
};

describe('keep', () => {
  it('starts a dead process again and says why it died', async () => {
    const { keeper, next, lines } = keepFakes();
    const first = await keeper.ready;
    const second = next();
    first.die('SIGKILL');
    expect((await second).number).toBe(2);
    expect(lines).toEqual(['thing ended (SIGKILL); starting it again in 0.001 s']);
    await keeper.stop();
  });

  it('waits longer each time, up to a limit', async () => {
    const { keeper, next, lines } = keepFakes();
    let one = await keeper.ready;
    for (let death = 0; death < 4; death++) {
      const following = next();
      one.die('crash');
      one = await following;
    }
    expect(lines.map((line) => line.match(/in (\S+) s/)?.[1])).toEqual(['0.001', '0.002', '0.004', '0.004']);
    await keeper.stop();
  });

  it('keeps trying when it cannot be started', async () => {
    let attempts = 0;
    const { keeper, lines } = keepFakes({
      launch: async () => {
        if (++attempts < 4) throw new Error('no luck');
        return fake(attempts);
      },
    });
    expect((await keeper.ready).number).toBe(4);
    expect(lines).toHaveLength(3);
    await keeper.stop();
  });

  it('starts nothing after it was stopped', async () => {
    const { keeper, started, lines } = keepFakes();
    await keeper.ready;
    await keeper.stop();
    expect([started.length, lines]).toEqual([1, []]);
  });

  it('ends what gets ready only after it was stopped', async () => {
    let begin: (one: Fake) => void = () => undefined;
    const { keeper } = keepFakes({
      launch: () =>
        new Promise((resolve) => {
          begin = resolve;
        }),
    });
    const late = fake(1);
    const stopped = keeper.stop();
    begin(late);
    await stopped;
    expect(await late.exited).toBe('stopped');
  });

  it('rejects who waits for a process that was stopped before it was ready', async () => {
    const { keeper } = keepFakes({ launch: () => Promise.reject(new Error('no luck')) });
    await keeper.stop();
    await expect(keeper.ready).rejects.toThrow('stopped before it was ready');
  });
});

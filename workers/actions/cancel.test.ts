import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Json } from '#shared/json.ts';
import type { Action } from '../action.ts';
import { loadActions } from '../registry.ts';
import { CANCEL_CASES, type CancelCase } from './_cancel-cases.ts';
import { type CancelWorld, makeCancelWorld } from './_cancel-world.ts';

/** How long a cancelled action may take to leave nothing, in milliseconds. */
const PROMPT = 5_000;

/** How long an action that cannot be cancelled may take at most: what the host waits before it goes on alone. */
const GRACE = 4_000;

/** How long an action may take to get to work on a slow machine, in milliseconds. */
const PATIENCE = 20_000;

jest.setTimeout(60_000);

const registry = await loadActions();
const CANCELLED = new Error('cancelled');

let world: CancelWorld;
beforeEach(async () => {
  world = await makeCancelWorld();
});
afterEach(() => world.close());

const all = Object.entries(CANCEL_CASES).flatMap(([type, cases]) =>
  cases.map((each): [string, CancelCase] => [`${type}${each.name ? ` (${each.name})` : ''}`, each]),
);

const inputOf = ({ input }: CancelCase): Json => (typeof input === 'function' ? input(world) : input);

/** What an attempt ends with. */
function begin(title: string, each: CancelCase, signal: AbortSignal): Promise<unknown> {
  const action = registry.get(title.split(' ')[0] ?? '') as Action;
  return world.bench.run(action, inputOf(each), { signal }).then(
    () => 'it went through',
    (thrown: unknown) => thrown,
  );
}

async function until(holds: () => boolean, deadline: number, what: string): Promise<void> {
  while (!holds()) {
    if (performance.now() > deadline) throw new Error(`It did not come about in time that ${what}.`);
    await sleep(5);
  }
}

/** Throws unless an attempt ended because it was cancelled. */
function expectCancel(outcome: unknown): void {
  const { name, message } = outcome as Error;
  if (outcome !== CANCELLED && name !== 'AbortError') expect(message).toBe(CANCELLED.message);
}

it('has a case for every action of the library, and for no other', () => {
  expect(Object.keys(CANCEL_CASES).sort()).toEqual([...registry.keys()].sort());
});

describe('an action that is cancelled in the midst of its work ends within five seconds and leaves nothing', () => {
  it.each(all.filter(([, { quick }]) => !quick))('%s', async (title, each) => {
    each.prepare?.(world);
    const before = world.listing();
    const stop = new AbortController();
    let isSettled = false;
    const ended = begin(title, each, stop.signal).finally(() => {
      isSettled = true;
    });
    await new Promise((turn) => setImmediate(turn));
    const isAtWork = (): boolean => isSettled || (each.isAtWork?.(world) ?? true);
    await until(isAtWork, performance.now() + PATIENCE, 'it is at work');
    if (isSettled) throw new Error(`It was not in flight: ${await ended}`);
    const deadline = performance.now() + PROMPT;
    stop.abort(CANCELLED);
    expectCancel(await ended);
    await until(() => world.sockets.size === 0, deadline, 'no connection is left');
    await until(() => world.programs().length === 0, deadline, 'no program is left');
    const plugin = world.calledPlugin();
    await until(() => !plugin || !world.isRunning(plugin), deadline, 'the plugin has ended');
    await until(() => world.openFiles().length === 0, deadline, 'no file is left open');
    expect(performance.now()).toBeLessThan(deadline);
    // Deleting may have come half-way.
    expect(world.listing().filter((name) => !before.includes(name))).toEqual([]);
  });
});

describe('an action that cannot be cancelled in the midst of its work takes less than the grace', () => {
  it.each(all.filter(([, { quick }]) => quick))('%s', async (title, each) => {
    each.prepare?.(world);
    const start = performance.now();
    expect(await begin(title, each, new AbortController().signal)).toBe('it went through');
    expect(performance.now() - start).toBeLessThan(GRACE);
    expect(world.openFiles()).toEqual([]);
  });
});

describe('an action that is cancelled before it begins does nothing', () => {
  it.each(all)('%s', async (title, each) => {
    each.prepare?.(world);
    const before = world.listing();
    expectCancel(await begin(title, each, AbortSignal.abort(CANCELLED)));
    expect(world.listing()).toEqual(before);
    expect(world.sockets.size).toBe(0);
    expect(world.programs()).toEqual([]);
    expect(world.openFiles()).toEqual([]);
  });
});

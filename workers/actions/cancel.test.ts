import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { loadActions } from '../registry.ts';
import { ALL_CASES, begin, CANCELLED, cancelInFlight } from './_cancel-attempt.ts';
import { CANCEL_CASES } from './_cancel-cases.ts';
import { type CancelWorld, makeCancelWorld } from './_cancel-world.ts';

jest.setTimeout(60_000);

const registry = await loadActions();

let world: CancelWorld;
beforeEach(async () => {
  world = await makeCancelWorld();
});
afterEach(() => world.close());

/** Throws unless an attempt ended because it was cancelled. */
function expectCancel(outcome: unknown): void {
  const { name, message } = outcome as Error;
  if (outcome !== CANCELLED && name !== 'AbortError') expect(message).toBe(CANCELLED.message);
}

it('has a case for every action of the library, and for no other', () => {
  expect(Object.keys(CANCEL_CASES).sort()).toEqual([...registry.keys()].sort());
});

describe('an action that is cancelled in the midst of its work ends and leaves nothing', () => {
  it.each(ALL_CASES.filter(([, { quick }]) => !quick))('%s', async (_title, each) => {
    each.prepare?.(world);
    const before = world.listing();
    const { outcome } = await cancelInFlight(world, registry, each);
    expectCancel(outcome);
    // Deleting may have come half-way.
    expect(world.listing().filter((name) => !before.includes(name))).toEqual([]);
  });
});

describe('an action that cannot be cancelled in the midst of its work goes through, and leaves no file open', () => {
  it.each(ALL_CASES.filter(([, { quick }]) => quick))('%s', async (_title, each) => {
    each.prepare?.(world);
    expect(await begin(world, registry, each, new AbortController().signal)).toBe('it went through');
    expect(world.openFiles()).toEqual([]);
  });
});

describe('an action that is cancelled before it begins does nothing', () => {
  it.each(ALL_CASES)('%s', async (_title, each) => {
    each.prepare?.(world);
    const before = world.listing();
    expectCancel(await begin(world, registry, each, AbortSignal.abort(CANCELLED)));
    expect(world.listing()).toEqual(before);
    expect(world.sockets.size).toBe(0);
    expect(world.programs()).toEqual([]);
    expect(world.openFiles()).toEqual([]);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '#shared/json.ts';
import type { Action } from '../action.ts';
import type { Registry } from '../registry.ts';
import { CANCEL_CASES, type CancelCase } from './_cancel-cases.ts';
import type { CancelWorld } from './_cancel-world.ts';

/** What signals say that attempts are cancelled with. */
export const CANCELLED = new Error('cancelled');

/** How long anything may take to come about on a slow machine, in milliseconds. */
const PATIENCE = 50_000;

/** A case with the type of its action. */
export interface TypedCase extends CancelCase {
  type: string;
}

/** Every case, with a title of its own. */
export const ALL_CASES: [title: string, each: TypedCase][] = Object.entries(CANCEL_CASES).flatMap(
  ([type, cases]) =>
    cases.map((each): [string, TypedCase] => [
      `${type}${each.name ? ` (${each.name})` : ''}`,
      { ...each, type },
    ]),
);

/** Begins an attempt in a world that is prepared for it; resolves to what it ends with, an error too. */
export function begin(
  world: CancelWorld,
  registry: Registry,
  { type, input }: TypedCase,
  signal: AbortSignal,
): Promise<unknown> {
  const given: Json = typeof input === 'function' ? input(world) : input;
  return world.bench.run(registry.get(type) as Action, given, { signal }).then(
    () => 'it went through',
    (thrown: unknown) => thrown,
  );
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (const end = performance.now() + PATIENCE; !holds(); await sleep(5))
    if (performance.now() > end) throw new Error(`It did not come about that ${what}.`);
}

async function untilNothingIsLeft(world: CancelWorld): Promise<void> {
  await until(() => world.sockets.size === 0, 'no connection is left');
  await until(() => world.programs().length === 0, 'no program is left');
  const plugin = world.calledPlugin();
  await until(() => !plugin || !world.isRunning(plugin), 'the plugin has ended');
  await until(() => world.openFiles().length === 0, 'no file is left open');
}

/**
 * Cancels an attempt in the midst of its work. Resolves when no connection, program or open file is left, to what the
 * attempt ended with and the milliseconds that passed since it was cancelled.
 */
export async function cancelInFlight(
  world: CancelWorld,
  registry: Registry,
  each: TypedCase,
): Promise<{ outcome: unknown; milliseconds: number }> {
  const stop = new AbortController();
  let isSettled = false;
  const ended = begin(world, registry, each, stop.signal).finally(() => {
    isSettled = true;
  });
  await new Promise((turn) => setImmediate(turn));
  await until(() => isSettled || (each.isAtWork?.(world) ?? true), 'it is at work');
  if (isSettled) throw new Error(`It was not in flight: ${await ended}`);
  const start = performance.now();
  stop.abort(CANCELLED);
  const outcome = await ended;
  await untilNothingIsLeft(world);
  return { outcome, milliseconds: performance.now() - start };
}

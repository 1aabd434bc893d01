// How long each action takes from its cancellation until no program, connection or open file of it is left.
// Usage: npx tsx bench/cancel.ts [a word of the action's name]
import { ALL_CASES, cancelInFlight, type TypedCase } from '#workers/actions/_cancel-attempt.ts';
import { makeCancelWorld } from '#workers/actions/_cancel-world.ts';
import { loadActions, type Registry } from '#workers/registry.ts';
import { median } from './median.ts';

async function measure(registry: Registry, each: TypedCase): Promise<number> {
  const world = await makeCancelWorld();
  try {
    each.prepare?.(world);
    return (await cancelInFlight(world, registry, each)).milliseconds;
  } finally {
    await world.close();
  }
}

const [word = ''] = process.argv.slice(2);
const registry = await loadActions();
const times: number[] = [];
for (const [title, each] of ALL_CASES.filter(([title, { quick }]) => !quick && title.includes(word))) {
  const milliseconds = await measure(registry, each);
  times.push(milliseconds);
  process.stdout.write(`${title.padEnd(40)}${milliseconds.toFixed(0).padStart(8)} ms\n`);
}
process.stdout.write(
  `${times.length} cases: median ${median(times).toFixed(0)} ms, longest ${Math.max(...times).toFixed(0)} ms\n`,
);
process.exit(0);

/** Tries to measure: other work on the machine can only make a piece of work take longer than it needs. */
const TRIES = 4;

/** Milliseconds that a piece of work takes. */
async function timeOf(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * How many times as long one piece of work takes as another: the least of a few tries, each of the two in turn. It
 * stops trying once the figure is below `enough`, so that only a failing test pays for all tries.
 */
export async function timesAsLong(
  work: () => unknown,
  other: () => unknown,
  enough: number,
): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let tried = 0; tried < TRIES && least >= enough; tried++) {
    const base = await timeOf(other);
    least = Math.min(least, (await timeOf(work)) / base);
  }
  return least;
}

/**
 * How the time grows with the size, as the power of the size: 1 where twice as much takes twice as long, 2 where it
 * takes four times as long. Measured between `size` and a fourth of it; no more exactly than `enough` asks for.
 */
export async function growthOf(
  work: (size: number) => unknown,
  size: number,
  enough: number,
): Promise<number> {
  const times = await timesAsLong(
    () => work(size),
    () => work(size / 4),
    4 ** enough,
  );
  return Math.log(times) / Math.log(4);
}

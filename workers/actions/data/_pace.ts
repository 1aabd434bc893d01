import { setImmediate as nextTurn } from 'node:timers/promises';

/** How long a computation may hold up all else that the worker does, in milliseconds. */
const HELD = 50;

/** Items between two looks at the clock. */
const STRIDE = 500;

/** Lets a long computation over a list give way to others, and end when its step is cancelled. */
export interface Pace {
  /** Whether it is time to await `rest`; cheap enough to ask for every item. */
  isDue(): boolean;
  /** Lets others go on. Throws the signal's reason. */
  rest(): Promise<void>;
}

/** A pace that begins now. */
export function makePace(signal: AbortSignal): Pace {
  let count = 0;
  let since = performance.now();
  return {
    isDue: () => ++count % STRIDE === 0 && performance.now() - since > HELD,
    async rest() {
      await nextTurn();
      signal.throwIfAborted();
      since = performance.now();
    },
  };
}

/** Runs that are sorted at once. */
const RUN = 4096;

async function merged<T>(one: T[], other: T[], order: (a: T, b: T) => number, pace: Pace): Promise<T[]> {
  const all: T[] = [];
  let [left, right] = [0, 0];
  while (left < one.length || right < other.length) {
    if (pace.isDue()) await pace.rest();
    const isLeft =
      right === other.length || (left < one.length && order(one[left] as T, other[right] as T) <= 0);
    all.push((isLeft ? one[left++] : other[right++]) as T);
  }
  return all;
}

/** Sorts, as `Array.prototype.toSorted` does with a function, without holding up others. */
export async function sortedAtPace<T>(list: T[], order: (a: T, b: T) => number, pace: Pace): Promise<T[]> {
  if (list.length <= RUN) {
    if (pace.isDue()) await pace.rest();
    return list.toSorted(order);
  }
  const middle = list.length >>> 1;
  const one = await sortedAtPace(list.slice(0, middle), order, pace);
  const other = await sortedAtPace(list.slice(middle), order, pace);
  return merged(one, other, order, pace);
}

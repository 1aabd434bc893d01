import type { JsonObject } from '#shared/json.ts';

/** A draft at one moment. */
export interface Snapshot {
  /** As far as it could be read last. */
  definition: JsonObject;
  /** The text that was read or written by hand last, and what it said: later changes are written into it. */
  origin: { text: string; definition: JsonObject };
  /** A text written by hand that cannot be read as a definition, yet. */
  broken?: string;
}

/** All moments one can go back and forth to. */
export interface History {
  past: readonly Snapshot[];
  present: Snapshot;
  future: readonly Snapshot[];
  /** What the present came from; the next change of the same kind replaces it. */
  last?: { key: string; at: number } | undefined;
}

/** Most moments that are kept. */
const MOST = 1_000;

/** Changes of the same kind that follow within this time are one, in milliseconds. */
const TOGETHER = 1_200;

export const begin = (present: Snapshot): History => ({ past: [], present, future: [] });

/**
 * The next moment. With a key, changes that follow one another quickly under the same key (typing in one field,
 * dragging) become one.
 */
export function advance(history: History, next: Snapshot, at: number, key?: string): History {
  const { past, present, last } = history;
  const isSameMoment = key !== undefined && last?.key === key && at - last.at < TOGETHER;
  return {
    past: isSameMoment ? past : [...past, present].slice(-MOST),
    present: next,
    future: [],
    last: key === undefined ? undefined : { key, at },
  };
}

/** One moment back; the same where there is none. */
export function goBack({ past, present, future }: History): History {
  const before = past.at(-1);
  if (!before) return { past, present, future };
  return { past: past.slice(0, -1), present: before, future: [present, ...future] };
}

/** One moment forth again; the same where there is none. */
export function goForth({ past, present, future }: History): History {
  const [next, ...rest] = future;
  return next ? { past: [...past, present], present: next, future: rest } : { past, present, future };
}

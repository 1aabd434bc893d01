import { isObject, type Json } from '#shared/json.ts';
import { request } from '#ui/api/client.ts';
import { type Stored, storedOf, withLoaded } from '#ui/data/stored.ts';

/** Largest output that may stand in a definition, in bytes: it is saved and sent with every change. */
const LARGEST = 256 * 1024;

function* storedIn(value: Json): Generator<Stored> {
  const stored = storedOf(value);
  if (stored) yield stored;
  else if (Array.isArray(value)) for (const item of value) yield* storedIn(item);
  else if (isObject(value)) for (const item of Object.values(value)) yield* storedIn(item);
}

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1024).toLocaleString('en')} kB`;

const tooLarge = (bytes: number): Error =>
  new Error(
    `It holds ${kilobytes(bytes)}; an output that is pinned holds ${kilobytes(LARGEST)} at most. Pin it empty and write down the part that is needed.`,
  );

/**
 * An output as it can be pinned: what is kept apart of it is loaded and put in its place, for a definition outlives
 * the executions it was taken from. Throws where it is too large, or cannot be loaded.
 */
export async function pinnable(output: Json, load = loadStored): Promise<Json> {
  const stored = [...storedIn(output)];
  if (stored.length === 0) return output;
  const known = stored.reduce((sum, { bytes = 0 }) => sum + bytes, 0);
  if (known > LARGEST) throw tooLarge(known);
  const refs = [...new Set(stored.map(({ ref }) => ref))];
  const loaded = await Promise.all(refs.map(async (ref) => [ref, await load(ref)] as const));
  const whole = withLoaded(output, new Map(loaded));
  const { length } = JSON.stringify(whole);
  if (length > LARGEST) throw tooLarge(length);
  return whole;
}

const loadStored = async (ref: string): Promise<Json> =>
  (await request('get', '/api/blobs/:ref', { params: { ref } })) as Json;

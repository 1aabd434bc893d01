import { isObject, type Json, type JsonObject } from '#shared/json.ts';

/** A value too large to stand in an execution: where it is kept, and how large it is. */
export interface Stored {
  ref: string;
  bytes?: number;
  preview?: string;
}

/** What stands for a value that is kept apart, or undefined where it is a value itself. */
export function storedOf(value: Json): Stored | undefined {
  if (!isObject(value) || typeof value.$blob !== 'string') return undefined;
  const { $blob: ref, bytes, preview } = value;
  return {
    ref,
    ...(typeof bytes === 'number' && { bytes }),
    ...(typeof preview === 'string' && { preview }),
  };
}

/** The value with what has been loaded put in its place. */
export function withLoaded(value: Json, loaded: ReadonlyMap<string, Json>): Json {
  if (loaded.size === 0 || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => withLoaded(item, loaded));
  const stored = storedOf(value);
  if (stored) return loaded.get(stored.ref) ?? value;
  const entries = Object.entries(value).map(([key, item]) => [key, withLoaded(item, loaded)] as const);
  return Object.fromEntries(entries) as JsonObject;
}

import type { Json, JsonObject } from '../json.ts';

/**
 * Names and their values, read one at a time. The root of an evaluation is one, and a value inside it may be
 * one (such as `steps`), so that ten thousand steps need no copying to be in scope.
 */
export interface Scope {
  /** The value of a name; undefined where there is none. */
  get(name: string): Json | Scope | undefined;
  /** All names, in a stable order. */
  names(): Iterable<string>;
}

/** What an expression handles: JSON, nothing, or a lazy object not yet turned into JSON. */
export type Value = Json | Scope | undefined;

/** The own properties of an object as a scope. The object is not copied and not changed. */
export function scopeOf(object: JsonObject): Scope {
  return {
    get: (name) => (Object.hasOwn(object, name) ? object[name] : undefined),
    names: () => Object.keys(object),
  };
}

/** True for a lazy object: JSON never holds functions. */
export const isScope = (value: unknown): value is Scope =>
  typeof value === 'object' &&
  value !== null &&
  !Array.isArray(value) &&
  typeof (value as { get?: unknown }).get === 'function' &&
  typeof (value as { names?: unknown }).names === 'function';

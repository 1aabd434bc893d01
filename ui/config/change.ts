import type { Path } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';

/** One edit: the value at a path, or its removal with `undefined`. */
export interface Change {
  path: Path;
  value: Json | undefined;
}

const member = (value: Json | undefined, key: string | number): Json | undefined => {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
};

/** What stands at a path of a value. */
export const valueAt = (value: Json | undefined, path: Path): Json | undefined =>
  path.reduce<Json | undefined>(member, value);

/** A value in what a path leads through, where that does not exist yet. */
const wrapped = (path: Path, value: Json): Json =>
  path.reduceRight<Json>((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value);

const holdsNothingElse = (value: Json | undefined, key: string | number | undefined): boolean =>
  isObject(value) && typeof key === 'string' && Object.keys(value).every((name) => name === key);

/**
 * The edit that sets or clears a path, as the smallest one that is possible: what is missing around a new value
 * comes with it, and an object that a removal leaves empty goes with it, down to `keep` levels from the root.
 */
export function change(root: Json | undefined, path: Path, value: Json | undefined, keep = 0): Change {
  if (value !== undefined) {
    const existing = path.findIndex((_, depth) => {
      const around = valueAt(root, path.slice(0, depth));
      return typeof around !== 'object' || around === null;
    });
    if (existing <= 0) return { path, value };
    return { path: path.slice(0, existing), value: wrapped(path.slice(existing), value) };
  }
  let length = path.length;
  while (length - 1 > keep && typeof path[length - 2] === 'string') {
    if (!holdsNothingElse(valueAt(root, path.slice(0, length - 1)), path[length - 1])) break;
    length--;
  }
  return { path: path.slice(0, length), value: undefined };
}

/** A value with an edit made; the value itself stays as it is. */
export function applied(root: Json | undefined, { path, value }: Change): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const inner = applied(member(root, key), { path: rest, value });
  if (Array.isArray(root) && typeof key === 'number') {
    if (inner === undefined) return root.filter((_, index) => index !== key);
    const list = [...root];
    list[key] = inner;
    return list;
  }
  if (typeof key === 'number') return inner === undefined ? root : [inner];
  const entries = Object.entries(isObject(root) ? root : {}).filter(
    ([name]) => name !== key || inner !== undefined,
  );
  const object = Object.fromEntries(entries) as JsonObject;
  return inner === undefined ? object : withOwn(object, key, inner);
}

/** The object with a key set as its own, whatever its name. */
const withOwn = (object: JsonObject, key: string, value: Json): JsonObject =>
  Object.hasOwn(object, key)
    ? Object.fromEntries(Object.entries(object).map(([name, old]) => [name, name === key ? value : old]))
    : Object.fromEntries([...Object.entries(object), [key, value]]);

/** An object with one of its keys called otherwise, in the same place. */
export const renamed = (object: JsonObject, from: string, to: string): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name === from ? to : name, value]));

/** A list with one of its items moved to another place. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from);
  const item = list[from];
  return item === undefined ? [...list] : [...rest.slice(0, to), item, ...rest.slice(to)];
}

/** The name, or the name with the first number that makes it new. */
export function unusedKey(object: JsonObject, name: string): string {
  let candidate = name;
  for (let number = 2; Object.hasOwn(object, candidate); number++) candidate = `${name}_${number}`;
  return candidate;
}

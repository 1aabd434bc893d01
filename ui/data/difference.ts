import type { Path } from '#shared/definition/problem.ts';
import { isObject, type Json } from '#shared/json.ts';

/** One place in which two values differ. */
export interface Difference {
  path: Path;
  kind: 'added' | 'removed' | 'changed';
  before?: Json;
  after?: Json;
}

/** Most differences that are told of. */
export const MOST = 500;

const isLike = (one: Json, other: Json): boolean =>
  (Array.isArray(one) && Array.isArray(other)) || (isObject(one) && isObject(other));

const at = (value: Json, key: string | number): Json | undefined =>
  Array.isArray(value)
    ? value[key as number]
    : Object.hasOwn(value as object, key)
      ? (value as Record<string, Json>)[key]
      : undefined;

function keysOf(one: Json, other: Json): (string | number)[] {
  if (Array.isArray(one) && Array.isArray(other))
    return [...Array(Math.max(one.length, other.length)).keys()];
  return [...new Set([...Object.keys(one as object), ...Object.keys(other as object)])];
}

/** Where two values differ, item by item and key by key; at most {@link MOST} places. */
export function differences(before: Json, after: Json): Difference[] {
  const found: Difference[] = [];
  const compare = (one: Json, other: Json, path: Path): void => {
    if (one === other || found.length >= MOST) return;
    if (!isLike(one, other)) {
      found.push({ path, kind: 'changed', before: one, after: other });
      return;
    }
    for (const key of keysOf(one, other)) {
      if (found.length >= MOST) return;
      const inOne = at(one, key);
      const inOther = at(other, key);
      const here = [...path, key];
      if (inOne === undefined && inOther !== undefined)
        found.push({ path: here, kind: 'added', after: inOther });
      else if (inOther === undefined && inOne !== undefined)
        found.push({ path: here, kind: 'removed', before: inOne });
      else if (inOne !== undefined && inOther !== undefined) compare(inOne, inOther, here);
    }
  };
  compare(before, after, []);
  return found;
}

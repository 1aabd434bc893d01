import type { Json } from '../json.ts';
import type { Run } from './limits.ts';
import type { Callback } from './syntax.ts';
import { typeName } from './values.ts';

type Compare = (a: Json | undefined, b: Json | undefined) => number;

/**
 * Natural order: numbers by size, text by code units, false before true, null and undefined last.
 * Other values, or two kinds in one list, are an error.
 */
export function naturalOrder(run: Run): Compare {
  return (a, b) => {
    const missing = Number(a === null || a === undefined) - Number(b === null || b === undefined);
    if (missing !== 0 || a === null || a === undefined || b === null || b === undefined) return missing;
    const type = typeName(a);
    if (type !== typeName(b) || type === 'array' || type === 'object') {
      run.failType(
        `cannot order ${type} and ${typeName(b)}`,
        'Sort by a key of one type: list.sort(x => x.name).',
      );
    }
    if (typeof a === 'string') run.chargeText(a.length);
    return a < b ? -1 : a > b ? 1 : 0;
  };
}

/** A sorted copy: stable, the same on every engine, paying for each comparison. */
export function mergeSort<T>(list: readonly T[], compare: (a: T, b: T) => number, run: Run): T[] {
  run.charge(list.length);
  if (list.length < 2) return [...list];
  const middle = list.length >> 1;
  const left = mergeSort(list.slice(0, middle), compare, run);
  const right = mergeSort(list.slice(middle), compare, run);
  const merged: T[] = [];
  let l = 0;
  let r = 0;
  while (l < left.length && r < right.length) {
    run.charge(1);
    const takeRight = compare(left[l] as T, right[r] as T) > 0;
    merged.push((takeRight ? right[r++] : left[l++]) as T);
  }
  while (l < left.length) merged.push(left[l++] as T);
  while (r < right.length) merged.push(right[r++] as T);
  return merged;
}

/** A copy sorted by a key of each item, worked out once per item. */
export function sortByKey(
  list: readonly Json[],
  keyOf: (item: Json, index: number) => Json | undefined,
  run: Run,
): Json[] {
  const order = naturalOrder(run);
  const keyed = list.map((item, index) => ({ item, key: keyOf(item, index) }));
  return mergeSort(keyed, (a, b) => order(a.key, b.key), run).map(({ item }) => item);
}

/** A copy sorted by what an arrow function says: with one parameter a key, with two a comparison. */
export function sortWith(list: readonly Json[], callback: Callback, run: Run): Json[] {
  if (callback.parameters < 2) return sortByKey(list, callback, run);
  const compare = (a: Json, b: Json): number => {
    const order = callback(a, b);
    return typeof order === 'number'
      ? order
      : run.failType(
          `sort((a, b) => …) must give a number, and gave ${typeName(order)}`,
          'Subtract numbers, or give one key: list.sort(x => x.name).',
        );
  };
  return mergeSort(list, compare, run);
}

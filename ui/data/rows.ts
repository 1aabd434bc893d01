import type { Path } from '#shared/definition/problem.ts';
import { isObject, type Json } from '#shared/json.ts';
import { storedOf } from './stored.ts';

/** One line of the tree. */
export interface Row {
  /** Same for the same place, whatever is open around it. */
  id: string;
  path: Path;
  depth: number;
  value: Json;
  /** Whether it can be opened, and is. */
  isOpen?: boolean;
  /** Members that are not shown yet: this line asks for more of them. */
  more?: number;
}

/** What of a tree is open, and how many members of each place are shown. */
export interface TreeState {
  /** Places that are not as they are at first. */
  toggled: ReadonlySet<string>;
  /** Members shown of a place beyond the first ones. */
  shown: ReadonlyMap<string, number>;
}

/** Members of one place shown at first, and with each "show more". */
export const PAGE = 200;

/** Texts longer than this, or of several lines, can be opened. */
const LINE = 80;

export const isLong = (value: Json): value is string =>
  typeof value === 'string' && (value.length > LINE || value.includes('\n'));

function sizeOf(value: Json): number {
  if (Array.isArray(value)) return value.length;
  return isObject(value) && storedOf(value) === undefined ? Object.keys(value).length : 0;
}

/** Largest number of members with which a place is open at first, by its depth. */
const OPENED = [Number.POSITIVE_INFINITY, 10, 5];

const opensByItself = (value: Json, depth: number): boolean =>
  typeof value === 'object' && sizeOf(value) <= (OPENED[depth] ?? 0);

const keysOf = (value: Json, count: number): (string | number)[] =>
  Array.isArray(value)
    ? Array.from({ length: Math.min(count, value.length) }, (_, index) => index)
    : Object.keys(value as object).slice(0, count);

/** The lines of a tree from top to bottom: only what is open, so that large values stay cheap. */
export function treeRows(value: Json, { toggled, shown }: TreeState): Row[] {
  const rows: Row[] = [];
  const add = (item: Json, path: Path): void => {
    const id = JSON.stringify(path);
    const depth = path.length;
    const size = sizeOf(item);
    if (size === 0 && !isLong(item)) {
      rows.push({ id, path, depth, value: item });
      return;
    }
    const isOpen = opensByItself(item, depth) !== toggled.has(id);
    rows.push({ id, path, depth, value: item, isOpen });
    if (!isOpen || size === 0) return;
    const count = shown.get(id) ?? PAGE;
    for (const key of keysOf(item, count))
      add((item as Record<string | number, Json>)[key] ?? null, [...path, key]);
    if (size > count) rows.push({ id: `${id}+`, path, depth: depth + 1, value: null, more: size - count });
  };
  add(value, []);
  return rows;
}

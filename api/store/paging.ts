import { AppError } from '#shared/errors.ts';

/** A part of a list, and where the next begins: null at the end. */
export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

export interface PageRequest {
  /** Items wanted; held between 1 and 1000. */
  limit: number;
  /** `nextCursor` of the page before. */
  cursor?: string | undefined;
}

type Key = (string | number)[];
type Kind = 'time' | 'text' | 'number';

const isKind: Record<Kind, (value: unknown) => boolean> = {
  time: (value) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) && !Number.isNaN(Date.parse(value)),
  text: (value) => typeof value === 'string',
  number: (value) => Number.isSafeInteger(value),
};

const encode = (key: Key): string => Buffer.from(JSON.stringify(key)).toString('base64url');

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/**
 * The key a cursor stands for, or undefined where there is no cursor.
 * @throws AppError `request.bad_cursor` where it is none of ours
 */
export function readCursor<K extends Key>(cursor: string | undefined, kinds: Kind[]): K | undefined {
  if (cursor === undefined) return undefined;
  const key = parse(cursor);
  const fits =
    Array.isArray(key) &&
    key.length === kinds.length &&
    kinds.every((kind, index) => isKind[kind](key[index]));
  if (fits) return key as K;
  throw new AppError('request.bad_cursor', 'The cursor is not one this list has given out.', {
    fix: 'Pass nextCursor of the page before unchanged, or leave the cursor out to start at the beginning.',
  });
}

/** The wanted number of items within bounds. */
export const boundedLimit = (limit: number): number => Math.min(1000, Math.max(1, Math.trunc(limit) || 1));

/** A page out of rows fetched with one more than wanted: the extra one says that there is a next page. */
export function pageOf<Row, T>(
  rows: Row[],
  limit: number,
  item: (row: Row) => T,
  key: (row: Row) => Key,
): Page<T> {
  const shown = rows.slice(0, boundedLimit(limit));
  const last = shown.at(-1);
  const more = rows.length > shown.length && last !== undefined;
  return { items: shown.map(item), nextCursor: more ? encode(key(last)) : null };
}

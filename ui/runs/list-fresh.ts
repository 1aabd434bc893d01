/** The place of an execution in the list: the last started come first, then the greater id. */
export interface Place {
  startTime: string;
  executionId: string;
}

const isBefore = (a: Place, b: Place): boolean =>
  a.startTime === b.startTime ? a.executionId > b.executionId : a.startTime > b.startTime;

/** The foremost of a list's items; undefined where it is empty. */
export const foremost = <Item extends Place>(items: readonly Item[]): Item | undefined =>
  items.reduce<Item | undefined>(
    (first, item) => (!first || isBefore(item, first) ? item : first),
    undefined,
  );

/** Parts a list into what may be shown and what has come since the foremost item that was shown. */
export function parted<Item extends Place>(
  items: readonly Item[],
  shown: Place | undefined,
): { rows: Item[]; fresh: Item[] } {
  if (!shown) return { rows: [...items], fresh: [] };
  const isFresh = (item: Item): boolean => isBefore(item, shown);
  return { rows: items.filter((item) => !isFresh(item)), fresh: items.filter(isFresh) };
}

/** `3 new executions`. */
export const freshWords = (count: number): string =>
  count === 1 ? '1 new execution' : `${count} new executions`;

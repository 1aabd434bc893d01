import { type KeyboardEvent, type RefObject, useCallback, useMemo, useRef } from 'react';

/** Moves the focus among the rows of a table. */
export interface RowKeys {
  /** Goes on the element that holds the rows; each row has `data-row` and can be focused. */
  ref: RefObject<HTMLTableSectionElement | null>;
  /** Arrow keys, Home and End. */
  onKeyDown(event: KeyboardEvent): void;
  /** To the row so many further down; to the first where none has the focus. */
  move(by: number): void;
  /** The `data-row` of the row with the focus. */
  current(): string | undefined;
}

const rowsOf = (holder: HTMLElement | null): HTMLElement[] => [
  ...(holder?.querySelectorAll<HTMLElement>('[data-row]') ?? []),
];

const KEYS: Record<string, number> = {
  ArrowDown: 1,
  ArrowUp: -1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

/** Rows that are walked with the arrow keys. */
export function useRowKeys(): RowKeys {
  const ref = useRef<HTMLTableSectionElement>(null);
  const move = useCallback((by: number): void => {
    const rows = rowsOf(ref.current);
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
    rows[next]?.focus();
  }, []);
  const onKeyDown = useCallback(
    (event: KeyboardEvent): void => {
      const by = KEYS[event.key];
      const isRow = event.target instanceof HTMLElement && event.target.dataset.row !== undefined;
      if (by === undefined || !isRow) return;
      event.preventDefault();
      move(by);
    },
    [move],
  );
  return useMemo(
    () => ({
      ref,
      onKeyDown,
      move,
      current: () => rowsOf(ref.current).find((row) => row.contains(document.activeElement))?.dataset.row,
    }),
    [onKeyDown, move],
  );
}

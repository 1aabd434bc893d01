import { useVirtualizer } from '@tanstack/react-virtual';
import { type DragEvent, type KeyboardEvent, useId, useMemo, useRef, useState } from 'react';
import type { Json } from '#shared/json.ts';
import { EXPRESSION_TYPE } from '#ui/expression/insert.ts';
import classes from './data-view.module.css';
import { expressionAt } from './expression-path.ts';
import { RowLine } from './row-line.tsx';
import { PAGE, type Row, type TreeState, treeRows } from './rows.ts';

export interface TreeProps {
  value: Json;
  name: string;
  path: string | undefined;
  loading: ReadonlySet<string>;
  onLoad(ref: string): void;
  /** A value was chosen, as the expression that reads it. */
  onPick(expression: string): void;
}

/** Marks what is dragged as an expression, and as a template for other programs. */
function drag(event: DragEvent, expression: string): void {
  event.dataTransfer.setData(EXPRESSION_TYPE, expression);
  event.dataTransfer.setData('text/plain', `{{ ${expression} }}`);
  event.dataTransfer.effectAllowed = 'copy';
}

function useTreeState() {
  const [state, setState] = useState<TreeState>({ toggled: new Set(), shown: new Map() });
  const toggle = ({ id, isOpen }: Row): void => {
    if (isOpen === undefined) return;
    setState(({ toggled, shown }) => {
      const next = new Set(toggled);
      if (!next.delete(id)) next.add(id);
      return { toggled: next, shown };
    });
  };
  const more = ({ path }: Row): void =>
    setState(({ toggled, shown }) => {
      const id = JSON.stringify(path);
      return { toggled, shown: new Map(shown).set(id, (shown.get(id) ?? PAGE) + 5 * PAGE) };
    });
  return { state, toggle, more };
}

/** Where a key leads from a line of the tree; undefined where it is no key of the tree. */
function target(key: string, rows: readonly Row[], at: number): number | undefined {
  const depth = rows[at]?.depth ?? 0;
  if (key === 'ArrowDown') return Math.min(rows.length - 1, at + 1);
  if (key === 'ArrowUp') return Math.max(0, at - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return rows.length - 1;
  if (key !== 'ArrowLeft') return undefined;
  return Math.max(
    0,
    rows.findLastIndex((row, index) => index < at && row.depth < depth),
  );
}

/** A value as a tree: only the lines in sight are on the page, so that its size does not matter. */
export function Tree({ value, name, path, loading, onLoad, onPick }: TreeProps) {
  const { state, toggle, more } = useTreeState();
  const rows = useMemo(() => treeRows(value, state), [value, state]);
  const [chosen, setChosen] = useState(0);
  const active = Math.min(chosen, rows.length - 1);
  const scroll = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 24,
    overscan: 12,
    getItemKey: (index) => rows[index]?.id ?? index,
  });
  const pick = (row: Row): void => (path === undefined ? toggle(row) : onPick(expressionAt(path, row.path)));
  const onKeyDown = (event: KeyboardEvent): void => {
    const row = rows[active];
    if (!row || event.target !== scroll.current) return;
    const opens = event.key === 'ArrowRight' && row.isOpen === false;
    const closes = event.key === 'ArrowLeft' && row.isOpen === true;
    const next =
      opens || closes
        ? undefined
        : target(event.key === 'ArrowRight' ? 'ArrowDown' : event.key, rows, active);
    if (opens || closes || event.key === ' ') toggle(row);
    else if (event.key === 'Enter') row.more === undefined ? pick(row) : more(row);
    else if (next !== undefined) {
      setChosen(next);
      virtual.scrollToIndex(next);
    } else return;
    event.preventDefault();
  };
  const lines = virtual.getVirtualItems();
  const isShown = lines.some(({ index }) => index === active);
  return (
    <div
      ref={scroll}
      className={classes.scroll}
      role="tree"
      tabIndex={0}
      aria-label={`${name}: values`}
      aria-activedescendant={isShown ? `${prefix}-${active}` : undefined}
      onKeyDown={onKeyDown}
    >
      <div className={classes.lines} style={{ height: virtual.getTotalSize() }} role="presentation">
        {lines.map(({ index, start, key }) => {
          const row = rows[index];
          if (!row) return null;
          return (
            // biome-ignore lint/a11y/useFocusableInteractive: the tree has the focus and names the line that is active
            <div
              key={key}
              id={`${prefix}-${index}`}
              ref={virtual.measureElement}
              data-index={index}
              data-active={index === active || undefined}
              className={classes.row}
              style={{ transform: `translateY(${start}px)` }}
              role="treeitem"
              aria-level={row.depth + 1}
              aria-selected={index === active}
              aria-expanded={row.isOpen}
              draggable={path !== undefined && row.more === undefined}
              onDragStart={(event) => drag(event, expressionAt(path ?? '', row.path))}
              onMouseDown={() => setChosen(index)}
            >
              <RowLine {...{ row, name, loading, onLoad }} onToggle={toggle} onPick={pick} onMore={more} />
            </div>
          );
        })}
      </div>
    </div>
  );
}

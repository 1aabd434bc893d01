import { Button } from '@mantine/core';
import { useState } from 'react';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import classes from './data-view.module.css';
import { expressionAt } from './expression-path.ts';
import { Scroll } from './scroll.tsx';

const PAGE = 100;
const CELL = 200;

function cellText(value: Json | undefined): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return `${value.length} items`;
  if (isObject(value)) return '{ … }';
  return String(value).slice(0, CELL);
}

/** A list of objects as a table, a page at a time; a click on a cell takes its expression. */
export function Table({
  items,
  columns,
  name,
  path,
  onPick,
}: {
  items: JsonObject[];
  columns: string[];
  name: string;
  path: string | undefined;
  onPick(expression: string): void;
}) {
  const [count, setCount] = useState(PAGE);
  const left = items.length - count;
  const cell = (item: JsonObject, row: number, column: string) => {
    const text = cellText(Object.hasOwn(item, column) ? item[column] : undefined);
    if (path === undefined) return <span className={`${classes.cell} one-line inert`}>{text}</span>;
    return (
      <button
        type="button"
        className={`${classes.cell} one-line inert`}
        onClick={() => onPick(expressionAt(path, [row, column]))}
      >
        {text || '\u00a0'}
      </button>
    );
  };
  return (
    <Scroll label={`${name}: table`}>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">#</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                <span className="inert">{column}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.slice(0, count).map((item, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no other name, and never change places
            <tr key={row}>
              <td className={classes.count}>{row}</td>
              {columns.map((column) => (
                <td key={column}>{cell(item, row, column)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && (
        <div className={classes.more}>
          <Button variant="subtle" size="compact-xs" onClick={() => setCount(count + 5 * PAGE)}>
            Show more, {left.toLocaleString('en')} left
          </Button>
        </div>
      )}
    </Scroll>
  );
}

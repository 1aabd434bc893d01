import { useMemo } from 'react';
import type { Json } from '#shared/json.ts';
import classes from './data-view.module.css';
import { type Difference, differences, MOST } from './difference.ts';
import { expressionAt } from './expression-path.ts';
import { Scroll } from './scroll.tsx';

const WORDS = { added: 'added', removed: 'removed', changed: 'changed' } as const;
const SHOWN = 2_000;

const textOf = (value: Json): string => (JSON.stringify(value, null, 1) ?? '').slice(0, SHOWN);

function Line({ difference: { path, kind, before, after } }: { difference: Difference }) {
  return (
    <li className={classes.difference}>
      <span className={`${classes.key} inert`}>{expressionAt('', path) || 'the value'}</span>{' '}
      <span className={classes.count}>{WORDS[kind]}</span>
      {before !== undefined && <div className={`${classes.before} inert`}>− {textOf(before)}</div>}
      {after !== undefined && <div className={`${classes.after} inert`}>+ {textOf(after)}</div>}
    </li>
  );
}

/** In what a value differs from another one: `−` is the other, `+` is this one. */
export function DifferenceList({ value, other, name }: { value: Json; other: Json; name: string }) {
  const found = useMemo(() => differences(other, value), [other, value]);
  return (
    <Scroll label={`${name}: differences`}>
      {found.length === 0 && <p className={classes.more}>Both are the same.</p>}
      <ul className={classes.differences}>
        {found.map((difference) => (
          <Line key={JSON.stringify(difference.path)} difference={difference} />
        ))}
      </ul>
      {found.length >= MOST && <p className={classes.more}>There are more; the first {MOST} are shown.</p>}
    </Scroll>
  );
}

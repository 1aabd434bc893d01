import { Button } from '@mantine/core';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { isObject, type Json } from '#shared/json.ts';
import classes from './data-view.module.css';
import { isLong, type Row } from './rows.ts';
import { sizeText } from './size.ts';
import { storedOf } from './stored.ts';

/** Longest part of a text in one line, and of a text that is opened, in characters. */
const IN_LINE = 300;
const OPENED = 20_000;

const KINDS: Record<string, string | undefined> = {
  string: classes.text,
  number: classes.number,
  boolean: classes.boolean,
};

function summary(value: Json): string {
  if (Array.isArray(value))
    return value.length === 1 ? '1 item' : `${value.length.toLocaleString('en')} items`;
  if (isObject(value)) {
    const count = Object.keys(value).length;
    return count === 1 ? '1 field' : `${count} fields`;
  }
  return typeof value === 'string' ? JSON.stringify(value.slice(0, IN_LINE)) : String(value);
}

const kindOf = (value: Json): string | undefined =>
  value === null ? classes.null : (KINDS[typeof value] ?? classes.count);

function StoredNote({
  value,
  onLoad,
  isLoading,
}: {
  value: Json;
  onLoad(ref: string): void;
  isLoading: boolean;
}) {
  const stored = storedOf(value);
  if (!stored) return null;
  const { ref, bytes, preview } = stored;
  return (
    <>
      <span className={classes.count}>
        {bytes === undefined ? 'kept apart' : `${sizeText(bytes)}, kept apart`}
      </span>
      <Button variant="light" size="compact-xs" loading={isLoading} onClick={() => onLoad(ref)}>
        Load
      </Button>
      <span className={`${classes.value} ${classes.count} one-line inert`}>{preview?.slice(0, IN_LINE)}</span>
    </>
  );
}

export interface RowLineProps {
  row: Row;
  /** What stands for the root, which has no key. */
  name: string;
  loading: ReadonlySet<string>;
  onToggle(row: Row): void;
  onPick(row: Row): void;
  onMore(row: Row): void;
  onLoad(ref: string): void;
}

/** One line of the tree: its chevron, its key and its value, and the whole of a text that is opened. */
export function RowLine({ row, name, loading, onToggle, onPick, onMore, onLoad }: RowLineProps) {
  const { path, depth, value, isOpen, more } = row;
  const stored = storedOf(value);
  const indent = { paddingLeft: 4 + depth * 14 };
  if (more !== undefined) {
    return (
      <div style={indent}>
        <Button variant="subtle" size="compact-xs" onClick={() => onMore(row)}>
          Show more, {more.toLocaleString('en')} left
        </Button>
      </div>
    );
  }
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <div className={classes.line} style={indent}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the tree has the keys */}
        <span className={classes.chevron} onClick={() => onToggle(row)} data-part="chevron">
          {isOpen !== undefined && <Chevron size={14} aria-hidden />}
        </span>
        {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: the tree has the keys */}
        <span className={classes.line} style={{ flex: stored ? 'none' : 1 }} onClick={() => onPick(row)}>
          <span className={`${classes.key} one-line inert`}>{path.at(-1) ?? name}</span>
          {!stored && (
            <span className={`${classes.value} ${kindOf(value)} one-line inert`}>{summary(value)}</span>
          )}
        </span>
        <StoredNote
          value={value}
          onLoad={onLoad}
          isLoading={stored !== undefined && loading.has(stored.ref)}
        />
      </div>
      {isOpen && isLong(value) && (
        <div className={`${classes.whole} inert`} style={{ marginLeft: 24 + depth * 14 }}>
          {value.slice(0, OPENED)}
          {value.length > OPENED && ' … (JSON shows all of it)'}
        </div>
      )}
    </>
  );
}

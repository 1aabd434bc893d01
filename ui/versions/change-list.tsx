import { Text } from '@mantine/core';
import type { Difference } from '#shared/definition/diff.ts';
import type { Json } from '#shared/json.ts';
import { CHANGE_SIGNS } from '#ui/canvas/change-word.tsx';
import { durationText } from '#ui/kit/time.tsx';
import classes from './change-list.module.css';
import { type Change, type FieldChange, groupsOf } from './changes.ts';

/** Characters of a value that are shown; the text comparison has all of it. */
const LONGEST = 160;

/** Fields that hold milliseconds. */
const isTime = (label: string): boolean => /(^|[ .])(timeout|initialInterval|maximumInterval)$/.test(label);

function short(value: Json, label: string): string {
  if (typeof value === 'number' && isTime(label)) return durationText(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text === '') return 'empty';
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function Field({ id, change: { label, before, after } }: { id: string; change: FieldChange }) {
  const what = label === '' ? id : label;
  return (
    <li className="inert">
      {label !== '' && <span className={classes.label}>{label} </span>}
      {before !== undefined && (
        <del className={`inert ${classes.value} ${classes.before}`}>{short(before, what)}</del>
      )}
      {before !== undefined && after !== undefined && <span aria-hidden> → </span>}
      {after !== undefined && <ins className={`inert ${classes.value}`}>{short(after, what)}</ins>}
    </li>
  );
}

function Entry({ kind, id, name, detail, fields }: Change) {
  return (
    <li className={classes.change}>
      <span className={`${classes.kind} ${classes[kind]}`}>
        <span aria-hidden>{CHANGE_SIGNS[kind]} </span>
        {kind}
      </span>
      <span className="inert">
        <span className="inert">{name ?? id}</span>
        {name !== undefined && <span className={classes.detail}> {id}</span>}
        {detail !== undefined && <span className={classes.detail}> · {detail}</span>}
      </span>
      {fields.length > 0 && (
        <ul className={classes.fields}>
          {fields.map((field) => (
            <Field key={field.label} id={id} change={field} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** What differs between two definitions, in words; `changes` come from `diffWorkflows`. */
export function ChangeList({ changes }: { changes: readonly Difference[] }) {
  const groups = groupsOf(changes);
  if (groups.length === 0)
    return (
      <Text size="sm" c="var(--house-muted)">
        Nothing differs: both mean the same.
      </Text>
    );
  return groups.map(({ title, changes: entries }) => (
    <section key={title} className={classes.group} aria-label={title}>
      <h3 className={classes.title}>{title}</h3>
      <ul className={classes.list}>
        {entries.map((change) => (
          <Entry key={change.id} {...change} />
        ))}
      </ul>
    </section>
  ));
}

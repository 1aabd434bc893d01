import { TextInput } from '@mantine/core';
import type { Path } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { moved } from './change.ts';
import classes from './config.module.css';
import { AddButton, ItemButtons } from './list-control.tsx';

const PATH = ['config', 'branches'];

/** A branch's id that none of the others has. */
function freshId(branches: readonly Json[]): string {
  const taken = new Set(branches.map((branch) => (isObject(branch) ? branch.id : undefined)));
  let number = branches.length + 1;
  while (taken.has(`branch_${number}`)) number++;
  return `branch_${number}`;
}

const stepsIn = ({ steps }: JsonObject): string => {
  const count = Array.isArray(steps) ? steps.length : 0;
  return count === 1 ? '1 step inside' : `${count} steps inside`;
};

/** The branches of a parallel step: what they are called; their steps are drawn on the canvas. */
export function BranchList({
  branches,
  isReadOnly,
  onChange,
}: {
  branches: Json | undefined;
  isReadOnly: boolean;
  onChange(path: Path, value: Json | undefined): void;
}) {
  const list = Array.isArray(branches) ? branches : [];
  const put = (next: Json[]): void => onChange(PATH, next);
  return (
    <section className={classes.items} aria-label="Branches">
      <strong>Branches</strong>
      {list.map((branch, index) => {
        const given = isObject(branch) ? branch : {};
        const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
        const label = `Branch ${index + 1}`;
        const at = [...PATH, index];
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a branch keeps the focus in it while its id is typed
          <div key={index} className={classes.item}>
            <div className={classes.cardHead}>
              <span className={classes.number}>{stepsIn(given)}</span>
              <span className={classes.buttons}>
                {!isReadOnly && (
                  <ItemButtons
                    label={label}
                    index={index}
                    count={list.length}
                    onMove={(to) => put(moved(list, index, to))}
                    onRemove={() => put(list.filter((_, other) => other !== index))}
                  />
                )}
              </span>
            </div>
            <TextInput
              label={`${label}: id`}
              value={text(given.id)}
              readOnly={isReadOnly}
              onChange={(event) => onChange([...at, 'id'], event.currentTarget.value)}
            />
            <TextInput
              label={`${label}: name`}
              value={text(given.name)}
              readOnly={isReadOnly}
              onChange={(event) => onChange([...at, 'name'], event.currentTarget.value || undefined)}
            />
          </div>
        );
      })}
      {!isReadOnly && (
        <AddButton
          label="Add a branch"
          onClick={() => put([...list, { id: freshId(list), name: `Branch ${list.length + 1}`, steps: [] }])}
        />
      )}
    </section>
  );
}

import { TextInput } from '@mantine/core';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { isObject, type JsonObject } from '#shared/json.ts';
import { IconButton } from '#ui/expression/icon-button.tsx';
import { renamed, unusedKey } from './change.ts';
import classes from './config.module.css';
import { Field } from './field.tsx';
import { firstValue } from './fit.ts';
import { type ControlProps, useForm } from './form-context.ts';
import { AddButton } from './list-control.tsx';

/** The name of a value, taken when one leaves it, so that the value keeps its place while it is typed. */
function KeyInput({
  name,
  isTaken,
  isReadOnly,
  onRename,
}: {
  name: string;
  isTaken(name: string): boolean;
  isReadOnly: boolean;
  onRename(name: string): void;
}) {
  const [draft, setDraft] = useState<string>();
  const text = draft ?? name;
  const isWrong = text !== name && isTaken(text);
  const commit = (): void => {
    if (draft !== undefined && draft !== '' && draft !== name && !isWrong) onRename(draft);
    setDraft(undefined);
  };
  return (
    <TextInput
      size="xs"
      aria-label={`Name of ${name}`}
      value={text}
      readOnly={isReadOnly}
      error={isWrong ? 'There is one of this name.' : false}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}

/** Names and values of one's own choice. */
export function RecordControl({ values, ...props }: ControlProps & { values: JsonObject }) {
  const { value, onChange, path, isReadOnly, placeholder } = props;
  const { root } = useForm();
  const record = isObject(value) ? value : {};
  const put = (next: JsonObject): void => onChange(Object.keys(next).length === 0 ? undefined : next);
  const add = (): void => put({ ...record, [unusedKey(record, 'name')]: firstValue(values, root) });
  const remove = (name: string): void =>
    put(Object.fromEntries(Object.entries(record).filter(([key]) => key !== name)));
  return (
    <div className={classes.items}>
      {Object.keys(record).length === 0 && placeholder !== undefined && (
        <span className={classes.muted}>{placeholder}</span>
      )}
      {Object.entries(record).map(([name, item], index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row keeps its place, and the focus in it, while it is renamed
        <div key={index} className={classes.item}>
          <Field
            schema={values}
            path={[...path, name]}
            value={item}
            label={name}
            isItem
            heading={
              <KeyInput
                name={name}
                isReadOnly={isReadOnly}
                isTaken={(other) => Object.hasOwn(record, other)}
                onRename={(to) => put(renamed(record, name, to))}
              />
            }
            aside={
              !isReadOnly && (
                <IconButton
                  icon={Trash2}
                  label={`${name}: remove`}
                  hint="Remove"
                  onClick={() => remove(name)}
                />
              )
            }
          />
        </div>
      ))}
      {!isReadOnly && <AddButton label="Add a value" onClick={add} />}
    </div>
  );
}

import { Button, MultiSelect } from '@mantine/core';
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react';
import type { Json, JsonObject } from '#shared/json.ts';
import { IconButton } from '#ui/expression/icon-button.tsx';
import { moved } from './change.ts';
import classes from './config.module.css';
import { Field } from './field.tsx';
import { kindOf } from './field-kind.ts';
import { firstValue, isOpen } from './fit.ts';
import { type ControlProps, useForm } from './form-context.ts';

/** The buttons of one item among others: earlier, later, away. */
export function ItemButtons({
  label,
  index,
  count,
  onMove,
  onRemove,
}: {
  label: string;
  index: number;
  count: number;
  onMove(to: number): void;
  onRemove(): void;
}) {
  return (
    <>
      <IconButton
        icon={ArrowUp}
        label={`${label}: move up`}
        hint="Move up"
        isDisabled={index === 0}
        onClick={() => onMove(index - 1)}
      />
      <IconButton
        icon={ArrowDown}
        label={`${label}: move down`}
        hint="Move down"
        isDisabled={index === count - 1}
        onClick={() => onMove(index + 1)}
      />
      <IconButton icon={Trash2} label={`${label}: remove`} hint="Remove" onClick={onRemove} />
    </>
  );
}

export function AddButton({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <Button
      variant="default"
      size="compact-xs"
      w="fit-content"
      leftSection={<Plus size={12} aria-hidden />}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

/** A list whose items are of a few known values: which of them it has. */
function ChoicesControl({ options, ...props }: ControlProps & { options: string[] }) {
  const { id, label, value, onChange, isReadOnly, placeholder } = props;
  const chosen = Array.isArray(value) ? value.map(String) : [];
  return (
    <MultiSelect
      id={id}
      aria-label={label}
      readOnly={isReadOnly}
      data={[...new Set([...options, ...chosen])]}
      value={chosen}
      {...(chosen.length === 0 && placeholder !== undefined && { placeholder })}
      onChange={(next) => onChange(next.length === 0 ? undefined : next)}
    />
  );
}

/** A list: its items one under the other, to be added, removed and put in another order. */
export function ListControl({ items, ...props }: ControlProps & { items: JsonObject }) {
  const { label, value, onChange, path, isReadOnly, placeholder } = props;
  const { root } = useForm();
  const list = Array.isArray(value) ? value : [];
  const kind = kindOf(items, root, String(path.at(-1) ?? ''));
  const isChoices = kind.type === 'choice' && kind.options.every((option) => typeof option === 'string');
  if (isChoices && !list.some(isOpen))
    return <ChoicesControl {...props} options={kind.options as string[]} />;
  const put = (next: Json[]): void => onChange(next.length === 0 ? undefined : next);
  return (
    <div className={classes.items}>
      {list.length === 0 && placeholder !== undefined && <span className={classes.muted}>{placeholder}</span>}
      {list.map((item, index) => {
        const name = `${label} ${index + 1}`;
        const buttons = (
          <ItemButtons
            label={name}
            index={index}
            count={list.length}
            onMove={(to) => put(moved(list, index, to))}
            onRemove={() => put(list.filter((_, at) => at !== index))}
          />
        );
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: items have no names; what they show follows their values
          <div key={index} className={classes.item}>
            <Field
              schema={items}
              path={[...path, index]}
              value={item}
              label={name}
              heading={<span className={classes.number}>{index + 1}</span>}
              isItem
              aside={isReadOnly ? undefined : buttons}
            />
          </div>
        );
      })}
      {!isReadOnly && (
        <AddButton label="Add an item" onClick={() => put([...list, firstValue(items, root)])} />
      )}
    </div>
  );
}

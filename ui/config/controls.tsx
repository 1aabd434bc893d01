import { Select, Switch, Textarea, TextInput } from '@mantine/core';
import type { ChangeEvent } from 'react';
import { durationOf } from '#shared/duration.ts';
import type { Json } from '#shared/json.ts';
import { LazyEditor } from '#ui/expression/lazy-editor.tsx';
import { NumberInput } from '#ui/kit/number-input.tsx';
import { textHeight } from '#ui/kit/text-height.ts';
import type { FieldKind } from './field-kind.ts';
import type { ControlProps } from './form-context.ts';
import { opened } from './opening.ts';

export interface TextProps extends ControlProps {
  /** The typing began an expression; absent where there can be none. */
  onOpen?: ((text: string, caret: number) => void) | undefined;
}

const textOf = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : String(value);

/** What all of Mantine's inputs take. */
const shared = ({ id, label, isReadOnly, placeholder, describedBy, isInvalid }: ControlProps) => ({
  id,
  'aria-label': label,
  readOnly: isReadOnly,
  error: isInvalid ?? false,
  'aria-describedby': describedBy,
  ...(placeholder !== undefined && { placeholder }),
});

const typing =
  ({ value, onChange, onOpen }: TextProps) =>
  ({ currentTarget }: ChangeEvent<HTMLInputElement | HTMLTextAreaElement>): void => {
    const text = currentTarget.value;
    const begun = onOpen && opened(textOf(value), text, currentTarget.selectionStart ?? text.length);
    if (begun) onOpen?.(begun.text, begun.caret);
    else onChange(text === '' ? undefined : text);
  };

/** A line of text, or several where there are several. */
export function TextControl(props: TextProps) {
  const text = textOf(props.value);
  return text.includes('\n') ? (
    <Textarea
      {...shared(props)}
      {...textHeight(text, { maxRows: 12 })}
      value={text}
      onChange={typing(props)}
    />
  ) : (
    <TextInput {...shared(props)} value={text} onChange={typing(props)} />
  );
}

/** A text of several lines. */
export function LongControl({ rows = 3, ...props }: TextProps & { rows?: number }) {
  const text = textOf(props.value);
  return (
    <Textarea
      {...shared(props)}
      {...textHeight(text, { minRows: rows, maxRows: 14 })}
      value={text}
      onChange={typing(props)}
    />
  );
}

/** Code in a language of its own: what stands in it is not filled in. */
export function CodeControl({ label, value, onChange, isReadOnly, describedBy, placeholder }: ControlProps) {
  return (
    <LazyEditor
      {...{ label, isReadOnly, describedBy, placeholder }}
      value={textOf(value)}
      onChange={(text) => onChange(text === '' ? undefined : text)}
      language="code"
      rows={6}
    />
  );
}

export function NumberControl(props: ControlProps & { kind: FieldKind & { type: 'number' } }) {
  const { value, onChange, kind } = props;
  return (
    <NumberInput
      {...shared(props)}
      value={typeof value === 'number' ? value : ''}
      allowDecimal={!kind.isInteger}
      clampBehavior="none"
      {...(kind.minimum !== undefined && { min: kind.minimum })}
      {...(kind.maximum !== undefined && { max: kind.maximum })}
      onChange={(next) => {
        if (next === '') onChange(undefined);
        else if (typeof next === 'number') onChange(next);
      }}
    />
  );
}

export function BooleanControl(props: ControlProps & { standard: Json | undefined }) {
  const { id, label, value, onChange, isReadOnly, describedBy, standard } = props;
  const isOn = value === undefined ? standard === true : value === true;
  return (
    <Switch
      id={id}
      aria-label={label}
      aria-describedby={describedBy}
      checked={isOn}
      disabled={isReadOnly}
      label={`${isOn ? 'Yes' : 'No'}${value === undefined ? ', by default' : ''}`}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

export function ChoiceControl(props: ControlProps & { kind: FieldKind & { type: 'choice' } }) {
  const { value, onChange, kind } = props;
  const options = kind.options.map(String);
  const chosen = value === undefined ? null : textOf(value);
  const isKnown = chosen === null || options.includes(chosen);
  return (
    <Select
      {...shared(props)}
      data={isKnown ? options : [...options, chosen]}
      value={chosen}
      onChange={(next) => onChange(next === null ? undefined : (kind.options[options.indexOf(next)] ?? next))}
    />
  );
}

/** Milliseconds, or text such as `30s`. */
export function DurationControl(props: TextProps) {
  const { value } = props;
  const isWrong = value !== undefined && durationOf(value) === undefined;
  const onChange = (next: Json | undefined): void =>
    props.onChange(typeof next === 'string' && /^\d+$/.test(next) ? Number(next) : next);
  return (
    <TextInput
      {...shared(props)}
      placeholder={props.placeholder ?? '500ms, 30s, 5m, 2h or 7d'}
      error={isWrong ? 'Write a number with a unit: 500ms, 30s, 5m, 2h or 7d.' : (props.isInvalid ?? false)}
      value={textOf(value)}
      onChange={typing({ ...props, onChange })}
    />
  );
}

import { Text } from '@mantine/core';
import type { Json, JsonObject } from '#shared/json.ts';
import {
  BooleanControl,
  ChoiceControl,
  CodeControl,
  DurationControl,
  LongControl,
  NumberControl,
  TextControl,
  type TextProps,
} from './controls.tsx';
import { type FieldKind, isLongName } from './field-kind.ts';
import { fits, isOpen } from './fit.ts';
import { type FieldHint, useForm } from './form-context.ts';
import { AnyControl, JsonControl } from './json-control.tsx';
import { ListControl } from './list-control.tsx';
import { ObjectFields } from './object-fields.tsx';
import { RecordControl } from './record-control.tsx';
import { UnionControl } from './union-control.tsx';

export interface KindProps extends TextProps {
  kind: FieldKind;
  schema: JsonObject;
  standard: Json | undefined;
  hint: FieldHint;
}

/** How many steps stand in a list; they are edited where they are drawn. */
function StepsNote({ value }: { value: Json | undefined }) {
  const count = Array.isArray(value) ? value.length : 0;
  return (
    <Text size="sm" c="var(--house-muted)">
      {count === 1 ? '1 step inside' : `${count} steps inside`}; add and change them on the canvas.
    </Text>
  );
}

const TEXTS: ReadonlySet<FieldKind['type']> = new Set(['text', 'long', 'code', 'any', 'duration', 'choice']);

/** The control for a fixed value of this kind; a value that fits none is shown as JSON. */
export function Control(props: KindProps) {
  const { kind, value, hint, path } = props;
  const { root, isFixed } = useForm();
  if (hint.control) return hint.control(props);
  const isStray = isFixed && isOpen(value) && !TEXTS.has(kind.type);
  if (isStray || (value !== undefined && !fits(kind, value, root))) return <JsonControl {...props} />;
  switch (kind.type) {
    case 'text':
      return <TextControl {...props} />;
    case 'long':
      return <LongControl {...props} />;
    case 'code':
      return <CodeControl {...props} />;
    case 'number':
      return <NumberControl {...props} kind={kind} />;
    case 'boolean':
      return <BooleanControl {...props} />;
    case 'choice':
      return <ChoiceControl {...props} kind={kind} />;
    case 'duration':
      return <DurationControl {...props} />;
    case 'list':
      return <ListControl {...props} items={kind.items} />;
    case 'record':
      return <RecordControl {...props} values={kind.values} />;
    case 'object':
      return <ObjectFields schema={kind.schema} path={path} value={value} isNested={path.length > 0} />;
    case 'union':
      return <UnionControl {...props} options={kind.options} />;
    case 'json':
      return <JsonControl {...props} />;
    case 'steps':
      return <StepsNote value={value} />;
    case 'expression':
    case 'any':
      return <AnyControl {...props} isLong={isLongName(String(path.at(-1) ?? ''))} />;
  }
}

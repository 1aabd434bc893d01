import { SegmentedControl } from '@mantine/core';
import { useId, useState } from 'react';
import type { JsonObject } from '#shared/json.ts';
import type { KindProps } from './control.tsx';
import { kindOf } from './field-kind.ts';
import { choiceOf, converted, fits, optionLabels } from './fit.ts';
import { useForm } from './form-context.ts';

/** A value that may follow one of several schemas: a switch between them, and the control of the one it follows. */
export function UnionControl({ options, ...props }: KindProps & { options: JsonObject[] }) {
  const { label, value, onChange, isReadOnly, path } = props;
  const { root, Control } = useForm();
  const inner = useId();
  const [chosen, setChosen] = useState<number>();
  const follows = choiceOf(options, value, root);
  const name = String(path.at(-1) ?? '');
  const isKept =
    chosen !== undefined &&
    (value === undefined || fits(kindOf(options[chosen] ?? {}, root, name), value, root));
  const at = isKept && (value === undefined || Object.keys(value as object).length === 0) ? chosen : follows;
  const schema = options[at] ?? {};
  const change = (next: number): void => {
    setChosen(next);
    onChange(converted(value, options[next] ?? {}, root));
  };
  return (
    <div>
      <SegmentedControl
        size="xs"
        mb={6}
        aria-label={`${label}: type`}
        readOnly={isReadOnly}
        data={optionLabels(options, root).map((text, index) => ({ value: String(index), label: text }))}
        value={String(at)}
        onChange={(next) => change(Number(next))}
      />
      <Control {...props} id={inner} schema={schema} kind={kindOf(schema, root, name)} />
    </div>
  );
}

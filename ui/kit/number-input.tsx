import { type NumberInputProps, TextInput } from '@mantine/core';
import { Suspense } from 'react';
import { late } from './late.ts';

const Loaded = late(async () => (await import('./number-field.tsx')).NumberField);

/** Mantine's input for numbers, fetched where there is one; a field of the same size stands there until it is here. */
export function NumberInput(props: NumberInputProps) {
  const { label, value = '', w, error, placeholder } = props;
  return (
    <Suspense
      fallback={
        <TextInput
          {...{ label, w, error, placeholder }}
          aria-label={props['aria-label']}
          value={value}
          readOnly
        />
      }
    >
      <Loaded {...props} />
    </Suspense>
  );
}

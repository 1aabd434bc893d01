import { NumberInput, type NumberInputProps } from '@mantine/core';

/** Mantine's input for numbers, in a file of its own. */
export const NumberField = (props: NumberInputProps) => <NumberInput {...props} />;

import { Stack, Text, Textarea } from '@mantine/core';
import { isObject, type Json } from '#shared/json.ts';
import { Refused } from '#ui/api/client.ts';
import { textHeight } from '#ui/kit/text-height.ts';
import classes from './run-fields.module.css';

/** Ids of the steps whose outputs an execution of one step needs and was not given. */
export function missingIn(error: Error | null): string[] {
  if (!(error instanceof Refused) || error.problem.code !== 'execution.missing_outputs') return [];
  const { details } = error.problem;
  const steps = isObject(details ?? null) ? (details as { steps?: Json }).steps : undefined;
  return Array.isArray(steps) ? steps.map(String) : [];
}

/** Fields for outputs that are to stand in for steps, as JSON. */
export function MissingOutputs({
  steps,
  texts,
  problems,
  onChange,
}: {
  steps: readonly string[];
  texts: Record<string, string>;
  problems: Record<string, string>;
  onChange(texts: Record<string, string>): void;
}) {
  return (
    <Stack gap="sm">
      <Text size="sm">The step reads what these steps returned. Give it as JSON, or pin their outputs.</Text>
      {steps.map((step) => (
        <Textarea
          key={step}
          label={`Output of ${step}`}
          classNames={{ label: 'inert', input: classes.code }}
          error={problems[step]}
          {...textHeight(texts[step] ?? '', { minRows: 2, maxRows: 10 })}
          value={texts[step] ?? ''}
          onChange={({ currentTarget }) => onChange({ ...texts, [step]: currentTarget.value })}
        />
      ))}
    </Stack>
  );
}

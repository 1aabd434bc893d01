import { NativeSelect, Stack, Text, Textarea, TextInput } from '@mantine/core';
import type { Variable } from '#shared/definition/workflow.ts';
import { textHeight } from '#ui/kit/text-height.ts';
import classes from './run-fields.module.css';
import { type Entered, MANUAL, type TriggerChoice } from './run-input.ts';

const defaultOf = ({ default: otherwise }: Variable): string =>
  otherwise === undefined ? '' : typeof otherwise === 'string' ? otherwise : JSON.stringify(otherwise);

interface FieldProps {
  variable: Variable;
  text: string;
  problem: string | undefined;
  onChange(text: string): void;
}

function VariableField({ variable, text, problem, onChange }: FieldProps) {
  const { name, type, required, description } = variable;
  const otherwise = defaultOf(variable);
  const common = {
    label: name,
    description,
    error: problem,
    value: text,
    placeholder: otherwise === '' ? type : `${otherwise} (default)`,
    withAsterisk: required && variable.default === undefined,
    classNames: { label: 'inert', description: `inert ${classes.description}` },
  };
  if (type === 'boolean')
    return (
      <NativeSelect
        {...common}
        size="xs"
        data={[
          { value: '', label: otherwise === '' ? 'not given' : `${otherwise} (default)` },
          'true',
          'false',
        ]}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  if (type === 'string' || type === 'number')
    return (
      <TextInput
        {...common}
        inputMode={type === 'number' ? 'decimal' : 'text'}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
      />
    );
  return (
    <Textarea
      {...common}
      {...textHeight(text, { maxRows: 8 })}
      classNames={{ ...common.classNames, input: classes.code }}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  );
}

interface RunFieldsProps {
  variables: readonly Variable[];
  triggers: readonly TriggerChoice[];
  /** The fields of each trigger type's event, with a sample of each. */
  samples: ReadonlyMap<string, object>;
  entered: Entered;
  problems: Record<string, string>;
  onChange(entered: Entered): void;
}

/** The fields an execution is started with: its variables, and the event it is to look started by. */
export function RunFields({ variables, triggers, samples, entered, problems, onChange }: RunFieldsProps) {
  const pick = (id: string): void => {
    const sample = samples.get(triggers.find((trigger) => trigger.id === id)?.type ?? '') ?? {};
    const event = Object.keys(sample).length > 0 ? JSON.stringify(sample, null, 2) : '';
    onChange({ ...entered, trigger: id, event });
  };
  return (
    <Stack gap="sm">
      {variables.length === 0 && (
        <Text size="sm" c="var(--house-muted)">
          This workflow declares no variables.
        </Text>
      )}
      {variables.map((variable) => (
        <VariableField
          key={variable.name}
          variable={variable}
          text={entered.variables[variable.name] ?? ''}
          problem={problems[variable.name]}
          onChange={(text) =>
            onChange({ ...entered, variables: { ...entered.variables, [variable.name]: text } })
          }
        />
      ))}
      {triggers.length > 0 && (
        <NativeSelect
          size="xs"
          label="As if started by"
          data={[
            { value: MANUAL, label: 'a person' },
            ...triggers
              .filter(({ id }) => id !== MANUAL)
              .map(({ id, type }) => ({ value: id, label: `${id} (${type})` })),
          ]}
          value={entered.trigger}
          onChange={({ currentTarget }) => pick(currentTarget.value)}
        />
      )}
      {(entered.trigger !== MANUAL || problems.event !== undefined) && (
        <Textarea
          label="Event"
          description="Its fields as JSON; expressions read them as trigger."
          error={problems.event}
          classNames={{ input: classes.code, description: classes.description }}
          {...textHeight(entered.event, { minRows: 2, maxRows: 10 })}
          value={entered.event}
          onChange={({ currentTarget }) => onChange({ ...entered, event: currentTarget.value })}
        />
      )}
    </Stack>
  );
}

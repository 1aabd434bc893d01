import { Button, Text } from '@mantine/core';
import { Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { ScopeInfo } from '#ui/expression/scope-info.ts';
import { applied } from './change.ts';
import classes from './config.module.css';
import { Fold } from './fold.tsx';
import type { FieldHints } from './form-context.ts';
import { type RunVariable, runHints, runSchema, stillNeeded } from './run-values.ts';
import { SchemaForm } from './schema-form.tsx';

/** A run is given data, which is never evaluated. */
const NOTHING: ScopeInfo = {
  steps: [],
  variables: [],
  trigger: {},
  locals: [],
  secrets: [],
  values: {},
};

const TRIGGER: JsonObject = {
  type: 'object',
  properties: { trigger: { description: 'What expressions read as trigger; nothing unless given' } },
};
const TRIGGER_HINTS: FieldHints = { trigger: { as: 'json', label: 'Trigger' } };

export interface RunFormProps {
  variables: readonly RunVariable[];
  /** The event's fields to begin with; undefined leaves the trigger out until one is written. */
  trigger?: JsonObject | undefined;
  /** Values of variables to begin with: those of the last execution. */
  samples?: JsonObject | undefined;
  onSubmit(given: { variables: JsonObject; trigger?: JsonObject }): void;
  isBusy: boolean;
}

/** What an execution is started with: a value for each variable, and an event where the steps read one. */
export function RunForm({ variables, trigger, samples = {}, onSubmit, isBusy }: RunFormProps) {
  const schema = useMemo(() => runSchema(variables), [variables]);
  const hints = useMemo(() => runHints(variables), [variables]);
  const [values, setValues] = useState<JsonObject>(() => {
    const names = new Set(variables.map(({ name }) => name));
    return Object.fromEntries(Object.entries(samples).filter(([name]) => names.has(name)));
  });
  const [event, setEvent] = useState<Json | undefined>(trigger);
  const [isTried, setTried] = useState(false);
  const needed = stillNeeded(variables, values);
  const isWrongEvent = event !== undefined && !isObject(event);
  const problems = isTried
    ? needed.map((name) => ({
        code: 'run.missing_variable',
        message: `"${name}" needs a value.`,
        path: name,
      }))
    : [];
  const submit = (): void => {
    setTried(true);
    if (needed.length > 0 || isWrongEvent) return;
    onSubmit({ variables: values, ...(isObject(event) && { trigger: event }) });
  };
  return (
    <form
      className={classes.panel}
      noValidate
      onSubmit={(submitted) => {
        submitted.preventDefault();
        submit();
      }}
    >
      {variables.length === 0 && (
        <Text size="sm" c="var(--house-muted)">
          The workflow has no variables; it can be started as it is.
        </Text>
      )}
      <SchemaForm
        schema={schema}
        value={values}
        scope={NOTHING}
        problems={problems}
        fieldHints={hints}
        isReadOnly={isBusy}
        isFixed
        isFlat
        onChange={(path, value) => setValues((before) => applied(before, { path, value }) as JsonObject)}
      />
      <Fold title="Trigger" note={event === undefined ? 'none' : 'given'} isOpenFirst={trigger !== undefined}>
        <SchemaForm
          schema={TRIGGER}
          value={event === undefined ? {} : { trigger: event }}
          scope={NOTHING}
          problems={
            isWrongEvent
              ? [{ code: 'run.bad_trigger', message: 'A trigger is a JSON object.', path: 'trigger' }]
              : []
          }
          isReadOnly={isBusy}
          isFixed
          isFlat
          fieldHints={TRIGGER_HINTS}
          onChange={(path, value) => setEvent(path.length === 1 ? value : undefined)}
        />
      </Fold>
      <Button type="submit" w="fit-content" loading={isBusy} leftSection={<Play size={14} aria-hidden />}>
        Start the execution
      </Button>
    </form>
  );
}

import { Button, Group, JsonInput, Stack, Text } from '@mantine/core';
import { Pin, PinOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { ExecutionView, StepView } from '#shared/contract/execution.ts';
import type { Json } from '#shared/json.ts';
import { idOf } from '#shared/machine/paths.ts';
import { DataView as Data } from '#ui/data/data-view.tsx';
import { outlineOf } from '#ui/document/outline.ts';
import { getIn, setInDefinition } from '#ui/document/path.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { tellError } from '#ui/kit/toast.ts';
import classes from './step-data.module.css';
import { useDefinition, useEditing } from './store.ts';

const PINS = ['metadata', 'pins'];

const lastOf = (run: ExecutionView | undefined, id: string): StepView | undefined =>
  run?.steps.filter(({ path }) => idOf(path) === id).at(-1);

/** What the selected step took and gave last, and the output that is pinned in its place. */
export function StepData({ run }: { run: ExecutionView | undefined }) {
  const definition = useDefinition();
  const [id] = useEditing((state) => state.selected);
  if (id === undefined || !outlineOf(definition).steps.has(id))
    return <Notice title="Select a step" detail="Its input and output of the last run stand here." />;
  return <OneStep key={id} id={id} view={lastOf(run, id)} />;
}

function OneStep({ id, view }: { id: string; view: StepView | undefined }) {
  const definition = useDefinition();
  const edit = useEditing((state) => state.edit);
  const pinned = getIn(definition, [...PINS, id]);
  const pin = (value: Json | undefined): void =>
    edit((before) => setInDefinition(before, [...PINS, id], value));
  return (
    <div className={classes.sides}>
      <section className={classes.side} aria-label="Input">
        <Text fw={600} size="sm">
          Input of the last run
        </Text>
        {view ? <Data value={view.input} /> : <NotRun />}
      </section>
      <section className={classes.side} aria-label="Output">
        <Group justify="space-between">
          <Text fw={600} size="sm">
            {pinned === undefined ? 'Output of the last run' : 'Pinned output'}
          </Text>
          {pinned === undefined ? (
            <Button
              variant="default"
              size="compact-xs"
              leftSection={<Pin size={12} />}
              onClick={() => pin(view?.output ?? {})}
            >
              Pin it
            </Button>
          ) : (
            <Button
              variant="default"
              size="compact-xs"
              leftSection={<PinOff size={12} />}
              onClick={() => pin(undefined)}
            >
              Unpin
            </Button>
          )}
        </Group>
        {pinned !== undefined && <PinEditor value={pinned} onChange={pin} />}
        {pinned === undefined &&
          (view ? <Data value={view.output} path={`steps.${id}.output`} /> : <NotRun />)}
      </section>
    </div>
  );
}

const NotRun = () => (
  <Text size="sm" c="var(--house-muted)">
    It has not run yet. Execute the workflow, or try this step.
  </Text>
);

function PinEditor({ value, onChange }: { value: Json; onChange: (value: Json) => void }) {
  const [text, setText] = useState(() => JSON.stringify(value, null, 2));
  useEffect(() => setText(JSON.stringify(value, null, 2)), [value]);
  const take = (): void => {
    try {
      onChange(JSON.parse(text) as Json);
    } catch (thrown) {
      tellError('The pinned output is no JSON; it stays as it was', thrown);
    }
  };
  return (
    <Stack gap="xs">
      <JsonInput
        aria-label="Pinned output"
        description="Trials take this in place of what the step would give. Executions of the published version do not."
        value={text}
        onChange={setText}
        onBlur={take}
        autosize
        minRows={4}
        maxRows={16}
        formatOnBlur
        size="xs"
      />
    </Stack>
  );
}

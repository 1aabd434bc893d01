import { Button, Group, JsonInput, Select, Stack, Text } from '@mantine/core';
import { Pin, PinOff } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { StepView } from '#shared/contract/execution.ts';
import type { Json } from '#shared/json.ts';
import { DataView as Data } from '#ui/data/data-view.tsx';
import { outlineOf } from '#ui/document/outline.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { textHeight } from '#ui/kit/text-height.ts';
import { tellError } from '#ui/kit/toast.ts';
import { type Known, scopeOf, sourcesOf } from './scope.ts';
import classes from './step-data.module.css';
import { lastOf, pinOf, pinned as withPin } from './step-edits.ts';
import { useDefinition, useEditing } from './store.ts';

interface StepDataProps {
  known: Known;
  onTogglePin: (id: string) => void;
}

/** What the selected step took and gave last, and the output that is pinned in its place. */
export function StepData({ known, onTogglePin }: StepDataProps) {
  const definition = useDefinition();
  const [id] = useEditing((state) => state.selected);
  if (id === undefined || !outlineOf(definition).steps.has(id))
    return <Notice title="Select a step" detail="Its input and output of the last run stand here." />;
  return <OneStep key={id} id={id} known={known} onTogglePin={() => onTogglePin(id)} />;
}

interface OneStepProps {
  id: string;
  known: Known;
  onTogglePin: () => void;
}

function OneStep({ id, known, onTogglePin }: OneStepProps) {
  const view = lastOf(known.lastRun, id);
  const definition = useDefinition();
  const edit = useEditing((state) => state.edit);
  const pinned = pinOf(definition, id);
  return (
    <div className={classes.sides}>
      <section className={classes.side} aria-label="Input">
        <Inputs id={id} view={view} known={known} />
      </section>
      <section className={classes.side} aria-label="Output">
        <Group justify="space-between">
          <Text fw={600} size="sm">
            {pinned === undefined ? 'Output of the last run' : 'Pinned output'}
          </Text>
          {pinned === undefined ? (
            <Button variant="default" size="compact-xs" leftSection={<Pin size={12} />} onClick={onTogglePin}>
              Pin it
            </Button>
          ) : (
            <Button
              variant="default"
              size="compact-xs"
              leftSection={<PinOff size={12} />}
              onClick={onTogglePin}
            >
              Unpin
            </Button>
          )}
        </Group>
        {pinned !== undefined && (
          <PinEditor value={pinned} onChange={(value) => edit((before) => withPin(before, id, value))} />
        )}
        {pinned === undefined &&
          (view ? <Data value={view.output} name="Output" path={`steps.${id}.output`} /> : <NotRun />)}
      </section>
    </div>
  );
}

const GIVEN = 'Input of the last run';

/** What the step was given last, and what it can read: values are dragged from there into the fields beside. */
function Inputs({ id, view, known }: { id: string; view: StepView | undefined; known: Known }) {
  const definition = useDefinition();
  const [wanted, setWanted] = useState(GIVEN);
  const sources = useMemo(() => sourcesOf(scopeOf(definition, id, known)), [definition, id, known]);
  const source = sources.find(({ label }) => label === wanted);
  return (
    <>
      <Select
        aria-label="What is shown"
        size="xs"
        mb={4}
        w={220}
        allowDeselect={false}
        data={[GIVEN, ...sources.map(({ label }) => label)]}
        value={source?.label ?? GIVEN}
        onChange={(next) => setWanted(next ?? GIVEN)}
      />
      {source && <Data key={source.label} value={source.value} name={source.label} path={source.path} />}
      {!source && (view ? <Data value={view.input} name="Input" /> : <NotRun />)}
    </>
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
        {...textHeight(text, { minRows: 4, maxRows: 16 })}
        formatOnBlur
        size="xs"
      />
    </Stack>
  );
}

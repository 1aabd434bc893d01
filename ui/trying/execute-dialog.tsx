import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Variable } from '#shared/definition/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import { request } from '#ui/api/client.ts';
import { MissingOutputs, missingIn } from './missing-outputs.tsx';
import { readOutputs } from './outputs.ts';
import { type Pins, usablePins } from './pins.ts';
import { Refusal } from './refusal.tsx';
import classes from './run-fields.module.css';
import { RunFields } from './run-fields.tsx';
import type { TriggerChoice } from './run-input.ts';
import { useRunInput } from './use-run-input.ts';

/** Which part is executed, and of what: the draft on the canvas, or the published version. */
export interface ExecuteMode {
  until?: string | undefined;
  only?: string | undefined;
  draft: boolean;
}

export interface ExecuteDialogProps {
  workflowId: string;
  variables: readonly Variable[];
  triggers: readonly TriggerChoice[];
  mode: ExecuteMode;
  /** The definition as it stands on the canvas, as data; executed where the mode says draft. */
  definition: JsonObject;
  pins: Pins;
  onStarted(executionId: string): void;
  onClose(): void;
}

function titleOf({ until, only, draft }: ExecuteMode): string {
  if (only !== undefined) return `Execute ${only} alone`;
  if (until !== undefined) return `Execute up to ${until}`;
  return draft ? 'Execute the draft' : 'Execute the published version';
}

function useStart({ workflowId, mode, definition, onStarted }: ExecuteDialogProps) {
  const { until, only, draft } = mode;
  // The same key for every attempt of one dialog: pressing twice, or again after a lost answer, starts one execution.
  const key = useRef(crypto.randomUUID());
  return useMutation({
    mutationFn: ({ outputs, ...input }: { variables: JsonObject; trigger?: JsonObject; outputs: Pins }) =>
      request('post', '/api/workflows/:id/execute', {
        params: { id: workflowId },
        body: {
          ...input,
          idempotencyKey: key.current,
          ...(until !== undefined && { until }),
          ...(only !== undefined && { only }),
          ...(draft && { definition }),
          ...(Object.keys(outputs).length > 0 && { outputs }),
        },
      }),
    onSuccess: ({ executionId }) => onStarted(executionId),
  });
}

function PinChoice({
  usable,
  inLoops,
  isUsing,
  onChange,
}: {
  usable: Pins;
  inLoops: string[];
  isUsing: boolean;
  onChange(isUsing: boolean): void;
}) {
  const steps = Object.keys(usable);
  return (
    <>
      {steps.length > 0 && (
        <Checkbox
          label={`Use ${steps.length === 1 ? 'the pinned output' : `the ${steps.length} pinned outputs`}`}
          description={`Instead of running ${steps.join(', ')}`}
          classNames={{ description: `inert ${classes.description}` }}
          checked={isUsing}
          onChange={({ currentTarget }) => onChange(currentTarget.checked)}
        />
      )}
      {inLoops.length > 0 && (
        <Text size="sm" c="var(--state-retrying)" className="inert">
          Inside loops pins hold in the sandbox only: {inLoops.join(', ')} will run.
        </Text>
      )}
    </>
  );
}

/** Starts an execution for real: of all of a workflow, up to a step, or of one step. */
export function ExecuteDialog(props: ExecuteDialogProps) {
  const { variables, triggers, mode, definition, pins, onClose } = props;
  const form = useRunInput(variables, triggers);
  const start = useStart(props);
  const [isUsing, setUsing] = useState(true);
  const [texts, setTexts] = useState<Record<string, string>>({});
  const [asked, setAsked] = useState<string[]>([]);
  const isTrial = mode.draft || mode.until !== undefined || mode.only !== undefined;
  const { usable, inLoops } = isTrial ? usablePins(definition, pins) : { usable: {}, inLoops: [] };
  const written = readOutputs(texts);
  const submit = (): void => {
    const input = form.read();
    if (!input || Object.keys(written.problems).length > 0) return;
    const { variables: values, trigger } = input;
    const outputs = { ...(isUsing && usable), ...written.outputs };
    start.mutate(
      { variables: values, outputs, ...(trigger && { trigger }) },
      { onError: (error) => setAsked((before) => [...new Set([...before, ...missingIn(error)])]) },
    );
  };
  const isAsking = missingIn(start.error).length > 0;
  return (
    <Modal
      opened
      onClose={onClose}
      title={<span className="inert">{titleOf(mode)}</span>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Stack gap="md">
          <Text size="sm" c="var(--house-muted)">
            It runs for real: files are changed and messages are sent.
          </Text>
          <RunFields
            variables={variables}
            triggers={triggers}
            samples={form.samples}
            entered={form.entered}
            problems={form.problems}
            onChange={form.setEntered}
          />
          <PinChoice usable={usable} inLoops={inLoops} isUsing={isUsing} onChange={setUsing} />
          {start.error && !isAsking && <Refusal title="It could not be started" error={start.error} />}
          {asked.length > 0 && (
            <MissingOutputs steps={asked} texts={texts} problems={written.problems} onChange={setTexts} />
          )}
          <Group justify="end" gap="sm">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={start.isPending} leftSection={<Play size={14} aria-hidden />}>
              Execute
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

import { Button, Loader, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { FlaskConical } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { StepView } from '#shared/contract/execution.ts';
import type { Variable } from '#shared/definition/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { Status } from '#ui/kit/status.tsx';
import { durationText } from '#ui/kit/time.tsx';
import type { Pins } from './pins.ts';
import { Refusal } from './refusal.tsx';
import { RunFields } from './run-fields.tsx';
import { type TriggerChoice, triggersIn, variablesIn } from './run-input.ts';
import classes from './sandbox-panel.module.css';
import { SandboxRows } from './sandbox-rows.tsx';
import { SandboxStep } from './sandbox-step.tsx';
import { type RunForm, useRunInput } from './use-run-input.ts';
import { type TestResult, useSandbox } from './use-sandbox.ts';

export type { TestResult } from './use-sandbox.ts';

/** Three columns from this width on, in pixels; below it one. */
const WIDE = 720;

/** From this width on there is room for what it starts with beside what comes of it, in pixels. */
const MIDDLING = 480;

/** How many columns stand side by side; all of them before the width is known. */
const columnsIn = (width: number): 1 | 2 | 3 => {
  if (width === 0 || width >= WIDE) return 3;
  return width >= MIDDLING ? 2 : 1;
};

export interface SandboxPanelProps {
  workflowId: string;
  /** The definition as it stands on the canvas, as data. */
  definition: JsonObject;
  pins: Pins;
  /** A dry run has ended; `undefined` where there is none any more. */
  onResult(result: TestResult | undefined): void;
  /** Id of the step that is selected on the canvas. */
  selectedStep: string | undefined;
  onSelectStep(id: string): void;
}

function Outcome({ result, isStale }: { result: TestResult; isStale: boolean }) {
  const { status, duration, error } = result;
  return (
    <div className={classes.outcome} role="status">
      <Status status={status} />
      <span className={classes.muted}>would take {durationText(duration)}</span>
      {isStale && <span className={classes.muted}>The draft has changed since; try it again.</span>}
      {error && (
        <Text size="sm" className="inert" c="var(--state-failure)">
          {error.message}
        </Text>
      )}
    </div>
  );
}

/** The row to show: the one that was opened, while its step is the one that is selected. */
function shownStep(
  result: TestResult | undefined,
  path: string | undefined,
  selected: string | undefined,
): StepView | undefined {
  const rows = result?.steps.filter(({ id }) => id === selected) ?? [];
  return rows.find((step) => step.path === path) ?? rows[0];
}

const toggled = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
};

/** The middle column: what came of the dry run, and its steps. */
function Results({
  sandbox: { result, error, isRunning, failing },
  isStale,
  pinned,
  shown,
  onSelect,
  onFail,
}: {
  sandbox: ReturnType<typeof useSandbox>;
  isStale: boolean;
  pinned: ReadonlySet<string>;
  shown: StepView | undefined;
  onSelect(step: StepView): void;
  onFail(id: string): void;
}) {
  if (error) return <Refusal title="The draft could not be tried" error={error} />;
  if (!result && isRunning) return <Loader size="sm" aria-label="Trying the draft" />;
  if (!result)
    return (
      <Notice
        title="Not tried yet"
        detail="Try the draft to see which path it takes and what each step would do."
      />
    );
  return (
    <>
      <Outcome result={result} isStale={isStale} />
      <SandboxRows
        steps={result.steps}
        selected={shown?.path}
        failing={failing}
        pinned={pinned}
        onSelect={onSelect}
        onFail={onFail}
      />
    </>
  );
}

/** The left column: what the dry run starts with. */
function Start({
  form,
  variables,
  triggers,
  pinned,
  isRunning,
  onStart,
}: {
  form: RunForm;
  variables: readonly Variable[];
  triggers: readonly TriggerChoice[];
  pinned: ReadonlySet<string>;
  isRunning: boolean;
  onStart(): void;
}) {
  return (
    <form
      className={classes.column}
      onSubmit={(event) => {
        event.preventDefault();
        onStart();
      }}
    >
      <Button
        type="submit"
        fullWidth
        mb={12}
        loading={isRunning}
        leftSection={<FlaskConical size={14} aria-hidden />}
      >
        Try the draft
      </Button>
      <Text size="xs" c="var(--house-muted)" mb={12}>
        Nothing is touched: each step returns its pinned output or a sample.
        {pinned.size > 0 && ` ${pinned.size} pinned.`}
      </Text>
      <RunFields
        variables={variables}
        triggers={triggers}
        samples={form.samples}
        entered={form.entered}
        problems={form.problems}
        onChange={form.setEntered}
      />
    </form>
  );
}

/** Tries the draft: what every step would do, with sample or pinned outputs. Nothing is touched. */
export function SandboxPanel(props: SandboxPanelProps) {
  const { workflowId, definition, pins, onResult, selectedStep, onSelectStep } = props;
  const variables = useMemo(() => variablesIn(definition), [definition]);
  const triggers = useMemo(() => triggersIn(definition), [definition]);
  const pinned = useMemo(() => new Set(Object.keys(pins)), [pins]);
  const form = useRunInput(variables, triggers);
  const sandbox = useSandbox(workflowId, onResult);
  const [path, setPath] = useState<string>();
  const { ref, width } = useElementSize();
  const { result, error, failing, last } = sandbox;
  const start = (next = failing): void => {
    const input = form.read();
    if (input) sandbox.start({ definition, pins, input, failing: next });
  };
  const fail = (id: string): void => {
    const next = toggled(failing, id);
    sandbox.setFailing(next);
    start(next);
  };
  const select = (step: StepView): void => {
    setPath(step.path);
    onSelectStep(step.id);
  };
  const shown = shownStep(result, path, selectedStep);
  const isStale = last !== undefined && (last.definition !== definition || last.pins !== pins);
  const inputs = { form, variables, triggers, pinned, isRunning: sandbox.isRunning };
  return (
    <section ref={ref} className={classes.panel} data-columns={columnsIn(width)} aria-label="Sandbox">
      <Start {...inputs} onStart={() => start()} />
      <div className={classes.column}>
        <Results
          sandbox={sandbox}
          isStale={isStale}
          pinned={pinned}
          shown={shown}
          onSelect={select}
          onFail={fail}
        />
      </div>
      <div className={classes.column}>
        {shown && !error ? (
          <SandboxStep step={shown} isPinned={pinned.has(shown.id)} />
        ) : (
          <Text size="sm" c="var(--house-muted)">
            Select a step to see its input and output.
          </Text>
        )}
      </div>
    </section>
  );
}

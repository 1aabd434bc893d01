import { Button, Group, Select, Text } from '@mantine/core';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { ExecutionView, StepView } from '#shared/contract/execution.ts';
import type { Json } from '#shared/json.ts';
import { idOf } from '#shared/machine/paths.ts';
import { DataView as Data } from '#ui/data/data-view.tsx';
import { Status } from '#ui/kit/status.tsx';
import { Ago, durationText } from '#ui/kit/time.tsx';
import { Failure } from './failure.tsx';
import { RetryDialog } from './retry-dialog.tsx';
import classes from './run-page.module.css';
import { StepRescue } from './step-rescue.tsx';

interface StepRunProps {
  execution: ExecutionView;
  step: StepView;
  /** It is looked back on: nothing can be done about it there. */
  isPast: boolean;
  onSelect: (path: string) => void;
}

/** How one step went: what it took and gave, or why it failed, and what can be done about it. */
export function StepRun({ execution, step, isPast, onSelect }: StepRunProps) {
  const [isRetrying, setRetrying] = useState(false);
  return (
    <>
      <Group p="md" gap="sm" justify="space-between" wrap="nowrap">
        <Text fw={600} className="one-line inert" title={step.name}>
          {step.name}
        </Text>
        <Status status={step.status} />
      </Group>
      <Others execution={execution} step={step} onSelect={onSelect} />
      <Facts step={step} />
      <Failure step={step} />
      {!isPast && <StepRescue executionId={execution.executionId} step={step} />}
      {!isPast && execution.endTime !== null && (
        <Group px="md" pb="sm">
          <Button
            variant="default"
            size="compact-xs"
            leftSection={<RotateCcw size={12} />}
            onClick={() => setRetrying(true)}
          >
            Retry from here
          </Button>
        </Group>
      )}
      <Value title="Input" value={step.input} />
      <Value title="Output" value={step.output} path={`steps.${step.id}.output`} />
      {isRetrying && (
        <RetryDialog execution={execution} step={step.path} onClose={() => setRetrying(false)} />
      )}
    </>
  );
}

/** What went in or came out; one word where that is nothing. */
function Value({ title, value, path }: { title: string; value: Json; path?: string }) {
  return (
    <section className={classes.section} aria-label={title}>
      <h2 className={classes.heading}>{title}</h2>
      {value === null ? (
        <span className={classes.muted}>none</span>
      ) : (
        <Data value={value} {...(path !== undefined && { path })} />
      )}
    </section>
  );
}

/** A step in a loop ran several times: which of them is shown. */
function Others({ execution, step, onSelect }: Omit<StepRunProps, 'isPast'>) {
  const others = execution.steps.filter(({ path }) => idOf(path) === idOf(step.path));
  if (others.length < 2) return null;
  return (
    <Select
      px="md"
      pb="sm"
      aria-label="Which time"
      searchable
      allowDeselect={false}
      data={others.map(({ path, status }) => ({ value: path, label: `${path}, ${status}` }))}
      value={step.path}
      onChange={(path) => path !== null && onSelect(path)}
    />
  );
}

function Facts({ step }: { step: StepView }) {
  const { action, attempt, startTime, duration, given, fallenBack, lastFailure, nextAttempt } = step;
  return (
    <dl className={classes.facts}>
      <dt>Does</dt>
      <dd className="inert">{action ?? step.type}</dd>
      {startTime !== null && (
        <>
          <dt>Started</dt>
          <dd>
            <Ago at={startTime} />
          </dd>
        </>
      )}
      {duration !== null && (
        <>
          <dt>Took</dt>
          <dd className="numbers">{durationText(duration)}</dd>
        </>
      )}
      {attempt > 0 && (
        <>
          <dt>Attempts</dt>
          <dd className="numbers">
            {attempt}
            {nextAttempt !== undefined && (
              <>
                , again <Ago at={nextAttempt} />
              </>
            )}
          </dd>
        </>
      )}
      {lastFailure !== undefined && (
        <>
          <dt>Failed before</dt>
          <dd className="inert">{lastFailure}</dd>
        </>
      )}
      {(given || fallenBack) && (
        <>
          <dt>Note</dt>
          <dd>{given ? 'Taken over, not run again' : 'Failed, and took the fallback value'}</dd>
        </>
      )}
    </dl>
  );
}

import { Button, Skeleton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { ExecutionView } from '#shared/contract/execution.ts';
import type { JsonObject } from '#shared/json.ts';
import { idOf } from '#shared/machine/paths.ts';
import { catalogQuery, executionDefinitionQuery } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { facesOf } from '#ui/builder/faces.ts';
import { Canvas } from '#ui/canvas/canvas.tsx';
import { overlayOf } from '#ui/canvas/overlay.ts';
import { DataView as Data } from '#ui/data/data-view.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { ResizeEdge, useSize } from '#ui/kit/resizable.tsx';
import { RunHeader } from './run-header.tsx';
import classes from './run-page.module.css';
import { Scrubber } from './scrubber.tsx';
import { asksPerson, awaitedEvent } from './sentence.ts';
import { StepRun } from './step-run.tsx';
import { Timeline } from './timeline.tsx';
import { useExecution } from './use-execution.ts';
import { useLookBack } from './use-look-back.ts';

const SIDE = { initial: 380, smallest: 280, largest: 720 };
const BELOW = { initial: 220, smallest: 80, largest: 640 };

/** An execution: the canvas it was drawn on, with what happened. */
export function RunPage({ id }: { id: string }) {
  const { data: execution, error, away } = useExecution(id);
  if (error && !execution)
    return (
      <Notice
        kind="error"
        title="The execution cannot be shown"
        detail={error.message}
        action={
          <Button component={Link} href={paths.executions}>
            Go to the executions
          </Button>
        }
      />
    );
  if (!execution) return <Skeleton className={classes.waiting} radius={0} />;
  return <Run execution={execution} away={away} />;
}

function Run({ execution: now, away }: { execution: ExecutionView; away: number | undefined }) {
  const [path, setPath] = useState<string>();
  const { moments, at, setAt, past, time } = useLookBack(now);
  const execution = past ?? now;
  const [side, setSide] = useSize('run-side', SIDE);
  const [below, setBelow] = useSize('run-below', BELOW);
  const urgent = execution.steps.find(
    (step) =>
      step.status === 'failure' ||
      step.status === 'parked' ||
      (step.status === 'waiting' && (asksPerson(step) || awaitedEvent(step) !== '')),
  );
  const shown = execution.steps.find((step) => step.path === path) ?? urgent;
  return (
    <div className={classes.page} data-away={away !== undefined || undefined}>
      <RunHeader execution={now} away={away} />
      <div className={classes.body}>
        <div className={classes.middle}>
          <div className={classes.view}>
            <RunCanvas execution={execution} path={shown?.path} onSelect={setPath} />
          </div>
          <Scrubber execution={now} moments={moments} at={at} onAt={setAt} />
          <ResizeEdge label="Height of the panel below" side="below" size={below} onResize={setBelow} />
          <div className={classes.below} style={{ height: below }}>
            <Below execution={execution} time={past && time} path={shown?.path} onSelect={setPath} />
          </div>
        </div>
        <ResizeEdge label="Width of the step" side="right" size={side} onResize={setSide} />
        <aside className={classes.side} style={{ width: side }} aria-label="Step">
          {shown ? (
            <StepRun
              key={shown.path}
              execution={execution}
              step={shown}
              isPast={past !== undefined}
              onSelect={setPath}
            />
          ) : (
            <Notice title="Select a step" detail="Its input, output, error and timing stand here." />
          )}
        </aside>
      </div>
    </div>
  );
}

interface ViewProps {
  execution: ExecutionView;
  path: string | undefined;
  onSelect: (path: string) => void;
}

const NOTHING: ReadonlySet<string> = new Set();

function RunCanvas({ execution, path, onSelect }: ViewProps) {
  const { data: definition } = useQuery(executionDefinitionQuery(execution.executionId));
  const { data: catalog } = useQuery(catalogQuery);
  const shared = useMemo(
    () => ({ overlay: overlayOf(execution.steps), faceOf: facesOf(catalog) }),
    [execution.steps, catalog],
  );
  const selected = useMemo(() => (path === undefined ? NOTHING : new Set([idOf(path)])), [path]);
  if (!definition) return <Skeleton h="100%" radius={0} />;
  return (
    <Canvas
      definition={definition as JsonObject}
      shared={shared}
      selected={selected}
      collapsed={NOTHING}
      onSelect={(ids) => {
        const id = [...ids].find((each) => !selected.has(each));
        const step = execution.steps.filter((each) => idOf(each.path) === id).at(-1);
        if (step) onSelect(step.path);
      }}
    />
  );
}

function Below({ execution, time, path, onSelect }: ViewProps & { time: number | undefined }) {
  return (
    <Tabs defaultValue="timeline" keepMounted={false} className={classes.tabs}>
      <Tabs.List aria-label="About the execution">
        <Tabs.Tab value="timeline">Timeline</Tabs.Tab>
        <Tabs.Tab value="data">Data</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="timeline" className={classes.panel}>
        <Timeline execution={execution} time={time} selected={path} onSelect={onSelect} />
      </Tabs.Panel>
      <Tabs.Panel value="data" className={classes.panel}>
        <div className={classes.columns}>
          <section aria-label="Trigger">
            <h2 className={classes.heading}>Started by</h2>
            <Data value={execution.triggeredBy} />
          </section>
          <section aria-label="Variables">
            <h2 className={classes.heading}>Variables</h2>
            <Data value={execution.variables} />
          </section>
          <section aria-label="Output">
            <h2 className={classes.heading}>Output</h2>
            <Data value={execution.output} />
          </section>
        </div>
      </Tabs.Panel>
    </Tabs>
  );
}

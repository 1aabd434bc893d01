import { Skeleton } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { ExecutionSummary } from '#shared/contract/execution.ts';
import type { WorkflowSummary } from '#shared/contract/workflow.ts';
import { knownWorkflowsQuery, lastExecutionsQuery, triggersQuery } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { Status } from '#ui/kit/status.tsx';
import { Ago, durationText } from '#ui/kit/time.tsx';
import { NewWorkflowDialog, type Way } from '#ui/workflows/new-workflow.tsx';
import { Onboarding } from '#ui/workflows/onboarding.tsx';
import { useCreate } from '#ui/workflows/use-create.ts';
import grid from './grid.module.css';
import { mostUsed, openFirst } from './home-parts.ts';
import { NotLoaded, Page, Section } from './page.tsx';
import table from './table.module.css';
import { type Ahead, comingRuns } from './triggers-ahead.ts';

const ROWS = 8;
const OPEN = ['running', 'waiting', 'paused', 'pausing', 'queued'] as const;
const FAILED = ['failure', 'timeout'] as const;

/** What is going on: running now, failed lately, coming up, used most. */
export function Home() {
  const { data: workflows, error, refetch } = useQuery(knownWorkflowsQuery);
  if (error && !workflows)
    return (
      <Page title="Home">
        <NotLoaded what="The workflows" error={error} onRetry={refetch} />
      </Page>
    );
  return (
    <Page title="Home">{workflows?.length === 0 ? <Welcome /> : <Overview workflows={workflows} />}</Page>
  );
}

function Welcome() {
  const creation = useCreate();
  const [dialog, setDialog] = useState<Way>();
  return (
    <>
      <Onboarding creation={creation} onOpen={setDialog} />
      <NewWorkflowDialog dialog={dialog} creation={creation} onClose={() => setDialog(undefined)} />
    </>
  );
}

type Names = ReadonlyMap<string, string>;

function Overview({ workflows }: { workflows: readonly WorkflowSummary[] | undefined }) {
  const names = useMemo(() => new Map(workflows?.map(({ id, name }) => [id, name])), [workflows]);
  return (
    <div className={grid.body}>
      <div className={grid.grid}>
        <ExecutionsOf title="Running now" statuses={OPEN} names={names} nothing="Nothing is running." />
        <ExecutionsOf title="Last failures" statuses={FAILED} names={names} nothing="Nothing has failed." />
        <Coming names={names} />
        <MostUsed workflows={workflows} />
      </div>
    </div>
  );
}

/** The lines of a part of the page; of a fixed size while they are loaded. */
function Lines({
  title,
  lines,
  nothing,
}: {
  title: string;
  lines: readonly { key: string; content: ReactNode }[] | undefined;
  nothing: string;
}) {
  return (
    <Section title={title}>
      <ul className={grid.list} aria-busy={lines === undefined}>
        {!lines &&
          [70, 55, 80, 62].map((width) => (
            <li key={width} className={grid.row}>
              <Skeleton height={12} width={`${width}%`} />
            </li>
          ))}
        {lines?.length === 0 && <li className={grid.none}>{nothing}</li>}
        {lines?.map(({ key, content }) => (
          <li key={key} className={grid.row}>
            {content}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ExecutionsOf({
  title,
  statuses,
  names,
  nothing,
}: {
  title: string;
  statuses: readonly ExecutionSummary['status'][];
  names: Names;
  nothing: string;
}) {
  const answers = useQueries({ queries: statuses.map((status) => lastExecutionsQuery(status, ROWS)) });
  const items = openFirst(
    answers.map(({ data }) => data),
    ROWS,
  );
  const isDown = !items && answers.some(({ error }) => error !== null);
  return (
    <Lines
      title={title}
      nothing={isDown ? 'The executions could not be loaded; they are asked for again.' : nothing}
      lines={isDown ? [] : items?.map((execution) => lineOf(execution, names))}
    />
  );
}

const lineOf = ({ executionId, workflowId, status, startTime, error }: ExecutionSummary, names: Names) => ({
  key: executionId,
  content: (
    <>
      <span className={grid.fixed}>
        <Status status={status} />
      </span>
      <span className={grid.main}>
        <Link href={paths.execution(executionId)} className={`${table.name} one-line inert`}>
          {names.get(workflowId) ?? workflowId}
        </Link>
        <span className={`${grid.error} one-line inert`}>{error?.message}</span>
      </span>
      <span className={grid.side}>
        <Ago at={startTime} />
      </span>
    </>
  ),
});

/** One line for each trigger: one that fires every minute would be all there is. */
const nextOnly = (trigger: Ahead): Ahead => ({ ...trigger, nextRuns: trigger.nextRuns.slice(0, 1) });

function Coming({ names }: { names: Names }) {
  const { data, error } = useQuery(triggersQuery);
  const runs = data && comingRuns(data.items.map(nextOnly)).slice(0, ROWS);
  const isDown = error !== null && !data;
  return (
    <Lines
      title="Next scheduled runs"
      nothing={isDown ? 'The triggers could not be loaded; they are asked for again.' : 'No schedule is on.'}
      lines={(isDown ? [] : runs)?.map(({ workflowId, triggerId, at }) => ({
        key: `${workflowId} ${triggerId} ${at}`,
        content: (
          <>
            <span className={grid.main}>
              <Link href={paths.workflow(workflowId)} className={`${table.name} one-line inert`}>
                {names.get(workflowId) ?? workflowId}
              </Link>
              <span className={`${grid.error} one-line inert`}>{triggerId}</span>
            </span>
            <span className={grid.side}>
              <Ago at={at} />
            </span>
          </>
        ),
      }))}
    />
  );
}

function MostUsed({ workflows }: { workflows: readonly WorkflowSummary[] | undefined }) {
  return (
    <Lines
      title="Used most"
      nothing="No workflow has run yet."
      lines={
        workflows &&
        mostUsed(workflows, ROWS).map(({ id, name, metadata }) => ({
          key: id,
          content: (
            <>
              <span className={grid.main}>
                <Link href={paths.workflow(id)} className={`${table.name} one-line inert`}>
                  {name}
                </Link>
              </span>
              <span className={grid.side}>
                {metadata.executions} {metadata.executions === 1 ? 'execution' : 'executions'},{' '}
                {durationText(metadata.averageRuntime)} on average
              </span>
            </>
          ),
        }))
      }
    />
  );
}

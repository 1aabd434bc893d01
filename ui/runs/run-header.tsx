import { Button, Group, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { ExternalLink, Pause, Play, RotateCcw, X } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { request } from '#ui/api/client.ts';
import { executionDefinitionQuery, healthQuery } from '#ui/api/queries.ts';
import { type Command, useOffered } from '#ui/app/commands.ts';
import { paths } from '#ui/app/paths.ts';
import { Status } from '#ui/kit/status.tsx';
import { Ago, durationText, useNow } from '#ui/kit/time.tsx';
import { tellError } from '#ui/kit/toast.ts';
import { startedBy } from '#ui/pages/trigger-words.ts';
import { allowedActions } from './list-actions.ts';
import { RetryDialog } from './retry-dialog.tsx';
import classes from './run-page.module.css';
import { sentenceOf, temporalLink } from './sentence.ts';

type Steering = 'pause' | 'resume' | 'cancel';

const PATHS = {
  pause: '/api/executions/:id/pause',
  resume: '/api/executions/:id/resume',
  cancel: '/api/executions/:id/cancel',
} as const;

/** The line on top of an execution: what it is, how it stands, and what can be done with it now. */
export function RunHeader({ execution, away }: { execution: ExecutionView; away: number | undefined }) {
  const id = execution.executionId;
  const [isRetrying, setRetrying] = useState(false);
  const steer = useMutation({
    mutationFn: (what: Steering) => request('post', PATHS[what], { params: { id } }),
    onError: (thrown, what) => tellError(`The execution did not ${what}`, thrown),
  });
  const can = allowedActions(execution.status);
  const { mutate } = steer;
  const isClosed = execution.endTime !== null;
  const isPaused = can.includes('resume');
  const commands = useMemo(
    (): Command[] =>
      isClosed
        ? [
            {
              id: 'retry',
              title: 'Retry the execution',
              group: 'Execution',
              keys: ['R'],
              run: () => setRetrying(true),
            },
          ]
        : [
            isPaused
              ? {
                  id: 'resume',
                  title: 'Resume the execution',
                  group: 'Execution',
                  keys: ['P'],
                  run: () => mutate('resume'),
                }
              : {
                  id: 'pause',
                  title: 'Pause the execution',
                  group: 'Execution',
                  keys: ['P'],
                  run: () => mutate('pause'),
                },
            {
              id: 'cancel',
              title: 'Cancel the execution',
              group: 'Execution',
              keys: ['C'],
              run: () => mutate('cancel'),
            },
          ],
    [isClosed, isPaused, mutate],
  );
  useOffered('execution', commands);
  return (
    <header className={classes.header}>
      <Words execution={execution} away={away} />
      <TemporalLink execution={execution} />
      {can.includes('pause') && (
        <Button
          variant="default"
          leftSection={<Pause size={14} />}
          loading={steer.isPending}
          onClick={() => mutate('pause')}
        >
          Pause
        </Button>
      )}
      {can.includes('resume') && (
        <Button leftSection={<Play size={14} />} loading={steer.isPending} onClick={() => mutate('resume')}>
          Resume
        </Button>
      )}
      {can.includes('cancel') && (
        <Button
          variant="default"
          leftSection={<X size={14} />}
          loading={steer.isPending}
          onClick={() => mutate('cancel')}
        >
          Cancel
        </Button>
      )}
      {isClosed && (
        <Button leftSection={<RotateCcw size={14} />} onClick={() => setRetrying(true)}>
          Retry
        </Button>
      )}
      {isRetrying && <RetryDialog execution={execution} onClose={() => setRetrying(false)} />}
    </header>
  );
}

const TICK = 1_000;

function Words({ execution, away }: { execution: ExecutionView; away: number | undefined }) {
  const { executionId, workflowId, workflowVersion, status, startTime, endTime, duration, retryOf } =
    execution;
  const now = useNow(TICK, endTime === null);
  const { data: definition } = useQuery(executionDefinitionQuery(executionId));
  const { type, detail } = startedBy(execution.triggeredBy);
  return (
    <div className={classes.words}>
      <div className={classes.line}>
        <Text component={Link} href={paths.executions} size="sm" c="var(--house-muted)">
          Executions
        </Text>
        <span aria-hidden>/</span>
        <h1 className={`${classes.title} one-line inert`}>
          <Link href={paths.workflow(workflowId)}>{String(definition?.name ?? workflowId)}</Link>
        </h1>
        <span className={classes.muted}>
          {workflowVersion === 0 ? 'draft' : `version ${workflowVersion}`}
        </span>
        <Status status={status} />
        <span className={`${classes.muted} numbers`}>
          {durationText(duration ?? Math.max(0, now - Date.parse(startTime)))}
        </span>
      </div>
      <div className={`${classes.line} ${classes.muted}`}>
        <span className="one-line inert" role="status">
          {away === undefined
            ? sentenceOf(execution)
            : `Out of date: the server has not been heard since ${new Date(away).toLocaleTimeString()}.`}
        </span>
        <span>·</span>
        <span className="one-line inert">
          started <Ago at={startTime} />, {[type, detail].filter((part) => part !== '').join(' ')}
        </span>
        {retryOf !== null && (
          <>
            <span>·</span>
            <Link href={paths.execution(retryOf)}>retry of an earlier execution</Link>
          </>
        )}
      </div>
    </div>
  );
}

function TemporalLink({ execution }: { execution: ExecutionView }) {
  const { data: health } = useQuery(healthQuery);
  const href = health && temporalLink(health.temporal, execution);
  if (href === undefined) return null;
  return (
    <Group>
      <Button
        component="a"
        href={href}
        target="_blank"
        rel="noreferrer"
        variant="subtle"
        color="gray"
        leftSection={<ExternalLink size={14} />}
      >
        Temporal
      </Button>
    </Group>
  );
}

import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import cronstrue from 'cronstrue';
import { Check, Circle, type LucideIcon, RotateCw, X } from 'lucide-react';
import { useMemo } from 'react';
import { Link } from 'wouter';
import type { request } from '#ui/api/client.ts';
import { knownWorkflowsQuery, triggersQuery } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { CopyIcon } from '#ui/kit/copy-icon.tsx';
import { Notice } from '#ui/kit/notice.tsx';
import { StateSign } from '#ui/kit/status.tsx';
import { Ago } from '#ui/kit/time.tsx';
import grid from './grid.module.css';
import { NotLoaded, Page } from './page.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import table from './table.module.css';
import { triggerTypeName, triggerWords } from './trigger-words.ts';
import classes from './triggers.module.css';
import { useRowKeys } from './use-row-keys.ts';

type Trigger = Awaited<ReturnType<typeof request<'get', '/api/triggers'>>>['items'][number];

const COLUMNS = 5;
const MOST_RUNS = 5;

/** A cron expression in words; itself where it has none. */
function cronWords(expression: string): string {
  try {
    return cronstrue.toString(expression, { use24HourTimeFormat: true });
  } catch {
    return expression;
  }
}

/** Every trigger: what fires it, whether it works, when it fires next. */
export function Triggers() {
  const { data, error, refetch } = useQuery(triggersQuery);
  const { data: workflows } = useQuery(knownWorkflowsQuery);
  const names = useMemo(() => new Map(workflows?.map(({ id, name }) => [id, name])), [workflows]);
  return (
    <Page title="Triggers">
      {error && !data ? (
        <NotLoaded what="The triggers" error={error} onRetry={refetch} />
      ) : data?.items.length === 0 ? (
        <Notice
          title="No workflow has a trigger"
          detail="A trigger starts a workflow when a file changes, at a time, or when another system calls. Add one in the builder and publish."
          action={
            <Button component={Link} href={paths.workflows}>
              Go to the workflows
            </Button>
          }
        />
      ) : (
        <TriggerTable triggers={data?.items} names={names} />
      )}
    </Page>
  );
}

function TriggerTable({
  triggers,
  names,
}: {
  triggers: readonly Trigger[] | undefined;
  names: ReadonlyMap<string, string>;
}) {
  const keys = useRowKeys();
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${classes.table}`} aria-label="Triggers">
        <thead>
          <tr>
            <th className={classes.workflow}>Workflow</th>
            <th className={classes.trigger}>Trigger</th>
            <th>Fires</th>
            <th className={classes.state}>State</th>
            <th className={classes.next}>Next runs</th>
          </tr>
        </thead>
        <tbody ref={keys.ref} onKeyDown={keys.onKeyDown}>
          {!triggers && <SkeletonRows columns={COLUMNS} />}
          {triggers?.map((trigger) => (
            <TriggerRow key={trigger.id} trigger={trigger} name={names.get(trigger.workflowId)} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TriggerRow({ trigger, name }: { trigger: Trigger; name: string | undefined }) {
  const { workflowId, triggerId, type, config, state, nextRuns } = trigger;
  return (
    <tr>
      <td>
        <Link href={paths.workflow(workflowId)} className={`${table.name} inert`}>
          {name ?? workflowId}
        </Link>
      </td>
      <td>
        <div className="one-line inert">{triggerId}</div>
        <div className={table.muted}>{triggerTypeName(type)}</div>
      </td>
      <td>
        <div className="inert">{triggerWords(type, config, cronWords)}</div>
        {type === 'webhook' && <Address workflowId={workflowId} triggerId={triggerId} />}
      </td>
      <td>
        <TriggerState state={state} />
      </td>
      <td>
        <NextRuns times={nextRuns} />
      </td>
    </tr>
  );
}

/** Where a webhook is called, on the address that this page was reached by. */
function Address({ workflowId, triggerId }: Pick<Trigger, 'workflowId' | 'triggerId'>) {
  const path = `/hooks/${workflowId}/${triggerId}`;
  return (
    <div className={classes.address}>
      <span className={`${table.mono} one-line`} title={path}>
        {path}
      </span>
      <CopyIcon value={`${window.location.origin}${path}`} what={`the address of ${triggerId}`} />
    </div>
  );
}

const STATES: Record<string, { sign: LucideIcon; tone: string }> = {
  active: { sign: Check, tone: 'success' },
  disabled: { sign: Circle, tone: 'queued' },
  'not yet active': { sign: RotateCw, tone: 'retrying' },
};
const FAILING = { sign: X, tone: 'failure' };

/** `active`, `disabled`, `not yet active`, or `failing` and why. */
function TriggerState({ state }: { state: string }) {
  const { sign, tone } = STATES[state] ?? FAILING;
  return (
    <span className={`${classes.word} inert`} style={{ color: `var(--state-${tone})` }}>
      <StateSign of={sign} /> {state}
    </span>
  );
}

const exact = new Intl.DateTimeFormat('en', {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

function NextRuns({ times }: { times: readonly string[] }) {
  const [next, ...later] = times;
  if (next === undefined) return <span className={table.muted}>–</span>;
  return (
    <div className={`${grid.times} numbers`}>
      <strong>
        <Ago key={next} at={next} />
      </strong>
      {later.slice(0, MOST_RUNS - 1).map((at) => (
        <time key={at} dateTime={at}>
          {exact.format(new Date(at))}
        </time>
      ))}
    </div>
  );
}

import { Button, Code } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { RefreshCw } from 'lucide-react';
import { useMemo } from 'react';
import { Link } from 'wouter';
import type { request } from '#ui/api/client.ts';
import { eventsQuery } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { Ago } from '#ui/kit/time.tsx';
import classes from './activity.module.css';
import { LoadMore } from './load-more.tsx';
import { NotLoaded, Page } from './page.tsx';
import { SkeletonRows } from './skeleton-rows.tsx';
import table from './table.module.css';
import { useRowKeys } from './use-row-keys.ts';

type Event = Awaited<ReturnType<typeof request<'get', '/api/events'>>>['items'][number];

const COLUMNS = 4;

/** What happened elsewhere and asked for help, and what that started. Read anew when asked: no row moves by itself. */
export function Activity() {
  const list = useInfiniteQuery(eventsQuery);
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const refresh = (
    <Button
      variant="default"
      leftSection={<RefreshCw size={14} aria-hidden />}
      loading={list.isRefetching}
      onClick={() => void list.refetch()}
    >
      Refresh
    </Button>
  );
  return (
    <Page title="Activity" actions={refresh}>
      {list.error && !items ? (
        <NotLoaded what="The events" error={list.error} onRetry={list.refetch} />
      ) : items?.length === 0 ? (
        <Notice title="Nothing has been told yet" detail={<HowToTell />} action={refresh} />
      ) : (
        <EventTable events={items} />
      )}
      <LoadMore
        hasMore={list.hasNextPage}
        isLoading={list.isFetchingNextPage}
        hasFailed={list.isFetchNextPageError}
        onMore={list.fetchNextPage}
      />
    </Page>
  );
}

function HowToTell() {
  return (
    <>
      Other programs post events to <Code>/api/events</Code> and ask for help at <Code>/api/escalations</Code>
      ; workflows do so by a step. Each starts the workflows with a trigger for it.
    </>
  );
}

function EventTable({ events }: { events: readonly Event[] | undefined }) {
  const keys = useRowKeys();
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${classes.table}`} aria-label="Events">
        <thead>
          <tr>
            <th>Event</th>
            <th className={classes.source}>Told by</th>
            <th className={classes.started}>Started</th>
            <th className={classes.time}>When</th>
          </tr>
        </thead>
        <tbody ref={keys.ref} onKeyDown={keys.onKeyDown}>
          {!events && <SkeletonRows columns={COLUMNS} />}
          {events?.map((event) => (
            <EventRow key={event.id} told={event} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A field of an event, which its sender wrote. */
const field = ({ event }: Event, name: string): string => String(event[name] ?? '');

function EventRow({ told }: { told: Event }) {
  const isEscalation = told.kind === 'escalation';
  return (
    <tr>
      <td>
        <div className="one-line inert">{field(told, isEscalation ? 'title' : 'event')}</div>
        <div className={table.muted}>
          {isEscalation ? `escalation, ${field(told, 'severity')}` : 'activity'}
        </div>
      </td>
      <td className={`${table.muted} one-line inert`}>{field(told, 'source')}</td>
      <td>
        <Started outcome={told.outcome} />
      </td>
      <td>
        <Ago key={told.createdAt} at={told.createdAt} />
      </td>
    </tr>
  );
}

function Started({ outcome }: Pick<Event, 'outcome'>) {
  if (!outcome) return <span className={table.muted}>not told to the end</span>;
  const { executions, failed } = outcome;
  if (executions.length + failed.length === 0) return <span className={table.muted}>nothing</span>;
  return (
    <>
      {executions.map(({ executionId, workflowId }) => (
        <div key={executionId} className="one-line">
          <Link href={paths.execution(executionId)} className={`${table.name} inert`}>
            {workflowId}
          </Link>
        </div>
      ))}
      {failed.map(({ workflowId, triggerId, message }) => (
        <div key={`${workflowId}/${triggerId}`} className={`${classes.failed} inert`} title={message}>
          {workflowId}: {message}
        </div>
      ))}
    </>
  );
}

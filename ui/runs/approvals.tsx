import { Button, Skeleton, Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import { Link } from 'wouter';
import type { ApprovalView } from '#shared/contract/execution.ts';
import { approvalsQuery, knownWorkflowsQuery } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { Status } from '#ui/kit/status.tsx';
import { Ago } from '#ui/kit/time.tsx';
import grid from '#ui/pages/grid.module.css';
import { LoadMore } from '#ui/pages/load-more.tsx';
import page from '#ui/pages/page.module.css';
import { NotLoaded, Page } from '#ui/pages/page.tsx';
import classes from './approvals.module.css';
import { type Kept, kept } from './approvals-kept.ts';
import { Failure } from './failure.tsx';
import { StepRescue } from './step-rescue.tsx';

/** What has waited since the page was opened, each where it first stood. */
function useKept(waiting: readonly ApprovalView[] | undefined): readonly Kept[] | undefined {
  const shown = useRef<Kept[]>([]);
  return useMemo(() => {
    if (!waiting) return undefined;
    shown.current = kept(shown.current, waiting);
    return shown.current;
  }, [waiting]);
}

/** Everything that waits for a person: approved, rejected or rescued here. */
export function Approvals() {
  const list = useInfiniteQuery(approvalsQuery);
  const items = useKept(useMemo(() => list.data?.pages.flatMap((each) => each.items), [list.data]));
  const { data: workflows } = useQuery(knownWorkflowsQuery);
  const names = useMemo(() => new Map(workflows?.map(({ id, name }) => [id, name])), [workflows]);
  return (
    <Page title="Approvals">
      {list.error && !items ? (
        <NotLoaded what="The approvals" error={list.error} onRetry={list.refetch} />
      ) : items?.length === 0 && !list.hasNextPage ? (
        <Nothing />
      ) : (
        <div className={`${grid.body} ${grid.stack}`}>
          {!items && [1, 2, 3].map((key) => <Skeleton key={key} height={180} className={classes.card} />)}
          {items?.map(({ key, approval, isOver }) => (
            <Approval
              key={key}
              approval={approval}
              name={names.get(approval.workflowId) ?? approval.workflowId}
              isOver={isOver}
            />
          ))}
          <LoadMore
            hasMore={list.hasNextPage}
            isLoading={list.isFetchingNextPage}
            hasFailed={list.isFetchNextPageError}
            onMore={list.fetchNextPage}
          />
        </div>
      )}
    </Page>
  );
}

function Nothing() {
  return (
    <Notice
      title="Nothing waits for a person"
      detail="Steps of type approval wait here until somebody decides, and so do steps that were parked when they failed."
      action={
        <Button component={Link} href={paths.executions}>
          Go to the executions
        </Button>
      }
    />
  );
}

function Approval({
  approval: { executionId, step },
  name,
  isOver,
}: {
  approval: ApprovalView;
  /** The workflow's. */
  name: string;
  isOver: boolean;
}) {
  return (
    <section className={`${page.section} ${classes.card}`} aria-label={`${step.name}, ${executionId}`}>
      <div className={`${grid.head} ${classes.head}`}>
        <h2 className="inert">{step.name}</h2>
        <Link
          href={paths.execution(executionId)}
          className={`${classes.link} one-line inert`}
          title={executionId}
        >
          {name}
        </Link>
        <span className={classes.since}>
          {!isOver && <Status status={step.status} />}
          {step.startTime !== null && <Ago at={step.startTime} />}
        </span>
      </div>
      {isOver ? (
        <Text size="sm" px="md" pb="sm" c="var(--house-muted)">
          It no longer waits.
        </Text>
      ) : (
        <>
          <Failure step={step} />
          <StepRescue executionId={executionId} step={step} />
        </>
      )}
    </section>
  );
}

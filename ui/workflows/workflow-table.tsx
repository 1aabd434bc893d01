import { Button, VisuallyHidden } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef } from 'react';
import type { WorkflowSummary } from '#shared/contract/workflow.ts';
import { triggersQuery } from '#ui/api/queries.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { LoadMore } from '#ui/pages/load-more.tsx';
import { SkeletonRows } from '#ui/pages/skeleton-rows.tsx';
import table from '#ui/pages/table.module.css';
import { nextRunOf } from '#ui/pages/triggers-ahead.ts';
import { useRowKeys } from '#ui/pages/use-row-keys.ts';
import { steady } from './steady.ts';
import { useWorkflowActions } from './use-workflow-actions.ts';
import { WorkflowRow } from './workflow-row.tsx';
import classes from './workflows.module.css';

const COLUMNS = 8;

/** The items in the order in which they are shown already. */
function useSteady(items: readonly WorkflowSummary[] | undefined): WorkflowSummary[] | undefined {
  const shown = useRef<string[]>([]);
  return useMemo(() => {
    if (!items) return undefined;
    const byId = new Map(items.map((item) => [item.id, item]));
    shown.current = steady(shown.current, [...byId.keys()]);
    return shown.current.flatMap((id) => byId.get(id) ?? []);
  }, [items]);
}

/** The table of workflows; the rest of it is loaded on the way down. */
export function WorkflowTable({
  items,
  hasMore,
  isLoadingMore,
  hasFailed,
  onMore,
  onClear,
}: {
  /** Undefined until they are known. */
  items: readonly WorkflowSummary[] | undefined;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** The last time more was asked for. */
  hasFailed: boolean;
  onMore: () => unknown;
  onClear: () => void;
}) {
  const rows = useSteady(items);
  const actions = useWorkflowActions();
  const keys = useRowKeys();
  const { data: triggers } = useQuery(triggersQuery);
  const nextRuns = useMemo(() => nextRunOf(triggers?.items ?? []), [triggers]);
  if (rows?.length === 0)
    return (
      <Notice
        title="No workflow is like that"
        action={<Button onClick={onClear}>Show all workflows</Button>}
      />
    );
  return (
    <div className={table.scroll}>
      <table className={`${table.table} ${classes.table}`} aria-label="Workflows">
        <Head />
        <tbody ref={keys.ref} onKeyDown={keys.onKeyDown}>
          {rows ? (
            rows.map((workflow, index) => (
              <WorkflowRow
                key={workflow.id}
                workflow={workflow}
                nextRun={nextRuns.get(workflow.id)}
                actions={actions}
                isFirst={index === 0}
              />
            ))
          ) : (
            <SkeletonRows columns={COLUMNS} />
          )}
        </tbody>
      </table>
      <LoadMore hasMore={hasMore} isLoading={isLoadingMore} hasFailed={hasFailed} onMore={onMore} />
    </div>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th>Name</th>
        <th className={classes.switch}>On</th>
        <th className={`${classes.publication} ${classes.optional}`}>State</th>
        <th className={classes.lastRun}>Last run</th>
        <th className={`${classes.rate} ${classes.optional} ${table.end}`}>Success</th>
        <th className={`${classes.next} ${classes.optional}`}>Next run</th>
        <th className={`${classes.recent} ${classes.optional}`}>Recent</th>
        <th className={classes.menu}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </th>
      </tr>
    </thead>
  );
}

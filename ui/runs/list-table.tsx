import { Button, Checkbox, VisuallyHidden } from '@mantine/core';
import { ArrowUp } from 'lucide-react';
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { ExecutionSummary } from '#shared/contract/execution.ts';
import { LoadMore } from '#ui/pages/load-more.tsx';
import { SkeletonRows } from '#ui/pages/skeleton-rows.tsx';
import table from '#ui/pages/table.module.css';
import type { RowKeys } from '#ui/pages/use-row-keys.ts';
import { foremost, freshWords, type Place, parted } from './list-fresh.ts';
import { ListRow } from './list-row.tsx';
import type { Steer } from './list-steer.ts';
import classes from './list-table.module.css';

const COLUMNS = 10;

/** Which executions are picked. */
export interface Picking {
  ids: ReadonlySet<string>;
  pick(id: string, isPicked: boolean): void;
  pickAll(ids: readonly string[]): void;
}

/** Holds back what has come since the list was scrolled away from its top, so that nothing moves under the eyes. */
function useHeldBack(items: readonly ExecutionSummary[], scroller: RefObject<HTMLDivElement | null>) {
  const [shown, setShown] = useState<Place>();
  const accept = useCallback(() => setShown(foremost(items)), [items]);
  // Before the page is painted: at the top nobody is to see for a moment that something is held back.
  useLayoutEffect(() => {
    if ((scroller.current?.scrollTop ?? 0) === 0) accept();
  }, [accept, scroller]);
  return { ...parted(items, shown), accept };
}

/** The table of executions. */
export function ListTable({
  items,
  names,
  picking,
  keys,
  steer,
  hasMore,
  isLoadingMore,
  hasFailed,
  onMore,
}: {
  /** Undefined until they are known. */
  items: readonly ExecutionSummary[] | undefined;
  names: ReadonlyMap<string, string>;
  picking: Picking;
  keys: RowKeys;
  steer: Steer;
  hasMore: boolean;
  isLoadingMore: boolean;
  /** The last time more was asked for. */
  hasFailed: boolean;
  onMore: () => unknown;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const { rows, fresh, accept } = useHeldBack(items ?? [], scroller);
  const showFresh = (): void => {
    accept();
    scroller.current?.scrollTo({ top: 0 });
  };
  return (
    <div
      className={table.scroll}
      ref={scroller}
      onScroll={({ currentTarget }) => currentTarget.scrollTop === 0 && accept()}
    >
      {fresh.length > 0 && (
        <div className={classes.fresh} role="status">
          <Button
            size="compact-xs"
            radius="xl"
            leftSection={<ArrowUp size={12} aria-hidden />}
            onClick={showFresh}
          >
            {freshWords(fresh.length)}
          </Button>
        </div>
      )}
      <table className={table.table} aria-label="Executions">
        <Head ids={rows.map(({ executionId }) => executionId)} picking={picking} />
        <tbody ref={keys.ref} onKeyDown={keys.onKeyDown}>
          {!items && <SkeletonRows columns={COLUMNS} rows={12} />}
          {rows.map((execution, index) => (
            <ListRow
              key={execution.executionId}
              execution={execution}
              name={names.get(execution.workflowId) ?? execution.workflowId}
              isFirst={index === 0}
              isPicked={picking.ids.has(execution.executionId)}
              onPick={picking.pick}
              onSteer={steer}
            />
          ))}
        </tbody>
      </table>
      <LoadMore hasMore={hasMore} isLoading={isLoadingMore} hasFailed={hasFailed} onMore={onMore} />
    </div>
  );
}

function Head({ ids, picking }: { ids: readonly string[]; picking: Picking }) {
  const count = ids.filter((id) => picking.ids.has(id)).length;
  const areAll = count > 0 && count === ids.length;
  return (
    <thead>
      <tr>
        <th className={`${classes.pick} ${classes.phone}`}>
          <Checkbox
            aria-label="Pick all that are shown"
            checked={areAll}
            indeterminate={count > 0 && !areAll}
            disabled={ids.length === 0}
            onChange={() => picking.pickAll(areAll ? [] : ids)}
          />
        </th>
        <th className={classes.status}>Status</th>
        <th>Workflow</th>
        <th className={`${classes.id} ${classes.optional}`}>Execution</th>
        <th className={`${classes.by} ${classes.phone}`}>Started by</th>
        <th className={classes.started}>Started</th>
        <th className={`${classes.duration} ${classes.phone} ${table.end}`}>Duration</th>
        <th className={`${classes.version} ${classes.optional} ${table.end}`}>Version</th>
        <th className={`${classes.retry} ${classes.optional}`}>Retry of</th>
        <th className={classes.actions}>
          <VisuallyHidden>Actions</VisuallyHidden>
        </th>
      </tr>
    </thead>
  );
}

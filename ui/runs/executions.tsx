import { Button } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import type { ExecutionSummary } from '#shared/contract/execution.ts';
import { type ExecutionFilter, executionsQuery, knownWorkflowsQuery } from '#ui/api/queries.ts';
import { type Command, useOffered } from '#ui/app/commands.ts';
import { paths } from '#ui/app/paths.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { tell } from '#ui/kit/toast.ts';
import { Confirm, type Question } from '#ui/pages/confirm.tsx';
import { NotLoaded, Page } from '#ui/pages/page.tsx';
import { type RowKeys, useRowKeys } from '#ui/pages/use-row-keys.ts';
import { isAllowed, type ListAction } from './list-actions.ts';
import { ListBar, PickedBar } from './list-bar.tsx';
import { addressWith, filterOf, isFiltered } from './list-filter.ts';
import { type Steer, useSteer } from './list-steer.ts';
import { ListTable, type Picking } from './list-table.tsx';

function usePicking(): Picking {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const pick = useCallback((id: string, isPicked: boolean) => {
    setIds((before) => {
      const after = new Set(before);
      if (isPicked) after.add(id);
      else after.delete(id);
      return after;
    });
  }, []);
  const pickAll = useCallback((all: readonly string[]) => setIds(new Set(all)), []);
  return useMemo(() => ({ ids, pick, pickAll }), [ids, pick, pickAll]);
}

/** Steers, but asks before it cancels several at once; what was steered is picked no more. */
function useCarefulSteer(ask: (question: Question) => void, { pickAll }: Picking): Steer {
  const steer = useSteer();
  return useCallback(
    async (action, executions) => {
      const act = async (): Promise<void> => {
        await steer(action, executions);
        pickAll([]);
      };
      const count = executions.filter(({ status }) => isAllowed(action, status)).length;
      if (action !== 'cancel' || count < 2) return act();
      ask({
        title: `Cancel ${count} executions`,
        detail: 'What runs is stopped; undos and final steps still run.',
        verb: `Cancel ${count} executions`,
        act,
      });
    },
    [ask, pickAll, steer],
  );
}

/** What the keys act on: what is picked, or else the row with the focus. */
function useKeyCommands(
  items: readonly ExecutionSummary[],
  picking: Picking,
  keys: RowKeys,
  steer: Steer,
): void {
  const [, navigate] = useLocation();
  const commands = useMemo((): Command[] => {
    const targets = (): ExecutionSummary[] => {
      const ids = picking.ids.size > 0 ? picking.ids : new Set([keys.current()]);
      return items.filter(({ executionId }) => ids.has(executionId));
    };
    const act = (action: ListAction): void => {
      const wanted = targets().filter(({ status }) => isAllowed(action, status));
      if (wanted.length === 0)
        tell(`Move to an execution that can be ${action === 'retry' ? 'retried' : 'cancelled'} first.`);
      else void steer(action, wanted);
    };
    const row = (id: string, title: string, key: string, run: () => void): Command => ({
      id,
      title,
      group: 'Executions',
      keys: [key],
      isListed: false,
      run,
    });
    const current = (work: (id: string) => void): void => {
      const id = keys.current();
      if (id !== undefined) work(id);
    };
    return [
      row('next', 'Next execution', 'J', () => keys.move(1)),
      row('previous', 'Previous execution', 'K', () => keys.move(-1)),
      row('open', 'Open the execution', 'O', () => current((id) => navigate(paths.execution(id)))),
      row('pick', 'Pick the execution', 'X', () => current((id) => picking.pick(id, !picking.ids.has(id)))),
      row('retry', 'Retry from the start', 'R', () => act('retry')),
      row('cancel', 'Cancel the execution', 'C', () => act('cancel')),
    ];
  }, [items, picking, keys, steer, navigate]);
  useOffered('executions', commands);
}

function useNames(): ReadonlyMap<string, string> {
  const { data } = useQuery(knownWorkflowsQuery);
  return useMemo(() => new Map(data?.map(({ id, name }) => [id, name])), [data]);
}

/** Executions of several pages, each once: what starts between two pages moves the others on. */
const once = (pages: readonly { items: ExecutionSummary[] }[]): ExecutionSummary[] => [
  ...new Map(pages.flatMap(({ items }) => items).map((item) => [item.executionId, item])).values(),
];

const NONE: ExecutionSummary[] = [];

/** Every execution: watched, found, steered. */
export function Executions() {
  const query = useSearch();
  const [, navigate] = useLocation();
  const filter = useMemo(() => filterOf(query), [query]);
  const setFilter = (wanted: ExecutionFilter): void => navigate(addressWith(wanted), { replace: true });
  const list = useInfiniteQuery(executionsQuery(filter));
  const items = useMemo(() => list.data && once(list.data.pages), [list.data]);
  const names = useNames();
  const picking = usePicking();
  const keys = useRowKeys();
  const [question, setQuestion] = useState<Question>();
  const steer = useCarefulSteer(setQuestion, picking);
  useKeyCommands(items ?? NONE, picking, keys, steer);
  const picked = (items ?? NONE).filter(({ executionId }) => picking.ids.has(executionId));
  const steerPicked = (action: ListAction): void => void steer(action, picked);
  return (
    <Page title="Executions">
      {picked.length > 0 ? (
        <PickedBar picked={picked} onSteer={steerPicked} onClear={() => picking.pickAll([])} />
      ) : (
        <ListBar filter={filter} names={names} onChange={setFilter} />
      )}
      {list.error && !items ? (
        <NotLoaded what="The executions" error={list.error} onRetry={list.refetch} />
      ) : items?.length === 0 ? (
        <Nothing isFiltered={isFiltered(filter)} onClear={() => setFilter({})} />
      ) : (
        <ListTable
          key={query}
          items={items}
          names={names}
          picking={picking}
          keys={keys}
          steer={steer}
          hasMore={list.hasNextPage}
          isLoadingMore={list.isFetchingNextPage}
          hasFailed={list.isFetchNextPageError}
          onMore={list.fetchNextPage}
        />
      )}
      <Confirm question={question} onClose={() => setQuestion(undefined)} />
    </Page>
  );
}

function Nothing({ isFiltered: isNarrow, onClear }: { isFiltered: boolean; onClear: () => void }) {
  if (isNarrow)
    return (
      <Notice
        title="No execution is like that"
        action={<Button onClick={onClear}>Show all executions</Button>}
      />
    );
  return (
    <Notice
      title="Nothing has run yet"
      detail="Execute a workflow, or switch one on whose trigger starts it."
      action={
        <Button component={Link} href={paths.workflows}>
          Go to the workflows
        </Button>
      }
    />
  );
}

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { knownWorkflowsQuery, type WorkflowFilter, workflowsQuery } from '#ui/api/queries.ts';
import { type Command, useOffered } from '#ui/app/commands.ts';
import { NotLoaded, Page } from '#ui/pages/page.tsx';
import { addressWith, filterOf, isFiltered, tagsOf } from './filter.ts';
import { FilterBar } from './filter-bar.tsx';
import { NewWorkflowDialog, NewWorkflowMenu, type Way } from './new-workflow.tsx';
import { Onboarding } from './onboarding.tsx';
import { useCreate } from './use-create.ts';
import { useFileDrop } from './use-file-drop.ts';
import { WorkflowTable } from './workflow-table.tsx';
import classes from './workflows.module.css';

function useCommandsOf(focusSearch: () => void, openMenu: () => void, open: (way: Way) => void): void {
  const commands = useMemo(
    (): Command[] => [
      { id: 'search', title: 'Search workflows', group: 'Workflows', keys: ['/'], run: focusSearch },
      { id: 'new', title: 'New workflow', group: 'Workflows', keys: ['N'], run: openMenu },
      {
        id: 'new template',
        title: 'New workflow from a template',
        group: 'Workflows',
        run: () => open({ kind: 'template' }),
      },
      {
        id: 'new text',
        title: 'New workflow from YAML or JSON',
        group: 'Workflows',
        run: () => open({ kind: 'text', text: '' }),
      },
    ],
    [focusSearch, openMenu, open],
  );
  useOffered('workflows', commands);
}

function useFilter(): [WorkflowFilter, (filter: WorkflowFilter) => void] {
  const query = useSearch();
  const [, navigate] = useLocation();
  const filter = useMemo(() => filterOf(query), [query]);
  const setFilter = useCallback(
    (wanted: WorkflowFilter) => navigate(addressWith(wanted), { replace: true }),
    [navigate],
  );
  return [filter, setFilter];
}

const countText = (count: number, hasMore: boolean): string =>
  `${count}${hasMore ? '+' : ''} ${count === 1 && !hasMore ? 'workflow' : 'workflows'}`;

/** Every workflow: found, switched, run, made. */
export function Workflows() {
  const [filter, setFilter] = useFilter();
  const list = useInfiniteQuery(workflowsQuery(filter));
  const { data: known = [] } = useQuery(knownWorkflowsQuery);
  const [dialog, setDialog] = useState<Way>();
  const [isMenuOpen, setMenuOpen] = useState(false);
  const creation = useCreate();
  const search = useRef<HTMLInputElement>(null);
  const focusSearch = useCallback(() => search.current?.focus(), []);
  const openMenu = useCallback(() => setMenuOpen(true), []);
  useCommandsOf(focusSearch, openMenu, setDialog);
  const isOver = useFileDrop(useCallback((text: string) => setDialog({ kind: 'text', text }), []));
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const isEmpty = items?.length === 0 && !isFiltered(filter) && !list.isPlaceholderData;
  return (
    <Page
      title="Workflows"
      actions={<NewWorkflowMenu isOpen={isMenuOpen} onToggle={setMenuOpen} onOpen={setDialog} />}
    >
      {isEmpty ? (
        <Onboarding creation={creation} onOpen={setDialog} />
      ) : (
        <>
          <FilterBar
            filter={filter}
            tags={tagsOf(known, filter.tag)}
            count={items ? countText(items.length, list.hasNextPage) : ''}
            searchRef={search}
            onChange={setFilter}
          />
          {list.error && !items ? (
            <NotLoaded what="The workflows" error={list.error} onRetry={list.refetch} />
          ) : (
            <WorkflowTable
              key={JSON.stringify(filter)}
              items={items}
              hasMore={list.hasNextPage}
              isLoadingMore={list.isFetchingNextPage}
              hasFailed={list.isFetchNextPageError}
              onMore={list.fetchNextPage}
              onClear={() => setFilter({})}
            />
          )}
        </>
      )}
      {isOver && <div className={classes.drop}>Drop a .yaml or .json file to make a workflow of it</div>}
      <NewWorkflowDialog dialog={dialog} creation={creation} onClose={() => setDialog(undefined)} />
    </Page>
  );
}

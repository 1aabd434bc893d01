import { Button, Drawer, Group, Loader } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { History, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { routes } from '#shared/contract/routes.ts';
import type { AnswerOf } from '#ui/api/client.ts';
import { request } from '#ui/api/client.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { Ago } from '#ui/kit/time.tsx';
import { Compared, DRAFT, SideChoice, type Sides } from './compared.tsx';
import classes from './versions.module.css';

type Version = AnswerOf<(typeof routes)['listVersions']>['items'][number];

const PAGE = 50;

const useVersions = (id: string) =>
  useInfiniteQuery({
    queryKey: ['versions', id],
    queryFn: ({ signal, pageParam }) =>
      request('get', '/api/workflows/:id/versions', {
        params: { id },
        query: { limit: PAGE, ...(pageParam !== '' && { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });

function Row({ version, isChosen, onChoose }: { version: Version; isChosen: boolean; onChoose(): void }) {
  const { version: number, created, author, note } = version;
  return (
    <li>
      <button type="button" className={classes.row} aria-pressed={isChosen} onClick={onChoose}>
        <Group justify="space-between" wrap="nowrap">
          <strong>Version {number}</strong>
          <span className={classes.meta}>
            <Ago at={created} />
          </span>
        </Group>
        {note !== '' && <span className={`inert ${classes.note}`}>{note}</span>}
        <span className={`inert ${classes.meta}`}>by {author}</span>
      </button>
    </li>
  );
}

interface VersionsProps {
  workflowId: string;
  /** The text of the draft as it stands in the builder. */
  currentText: string;
  /** Takes a version's text as the draft. */
  onRestore(text: string, version: number): void;
  onClose(): void;
}

interface ListProps {
  versions: readonly Version[];
  chosen: string;
  onChoose(version: string): void;
  /** Loads older ones; `undefined` where there are none. */
  more: { load(): void; isLoading: boolean } | undefined;
}

function List({ versions, chosen, onChoose, more }: ListProps) {
  return (
    <ul className={classes.list} aria-label="Versions">
      {versions.map((version) => (
        <Row
          key={version.version}
          version={version}
          isChosen={String(version.version) === chosen}
          onChoose={() => onChoose(String(version.version))}
        />
      ))}
      {more && (
        <li>
          <Button variant="subtle" fullWidth loading={more.isLoading} onClick={more.load}>
            Show older versions
          </Button>
        </li>
      )}
    </ul>
  );
}

function Content({ workflowId, currentText, onRestore }: VersionsProps) {
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useVersions(workflowId);
  const [chosen, setChosen] = useState<Sides>();
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const sides = chosen ?? { before: String(items[0]?.version ?? DRAFT), after: DRAFT };
  const texts = new Map([
    [DRAFT, currentText],
    ...items.map(({ version, source }): [string, string] => [String(version), source]),
  ]);
  const restorable = items.find(({ version }) => String(version) === sides.before);
  if (isPending) return <Loader size="sm" aria-label="Loading the versions" />;
  if (error) return <Notice kind="error" title="The versions could not be loaded" detail={error.message} />;
  if (items.length === 0)
    return (
      <Notice title="No version yet" detail="Publish the draft; each publication is kept as a version." />
    );
  const more = hasNextPage ? { load: () => void fetchNextPage(), isLoading: isFetchingNextPage } : undefined;
  return (
    <div className={classes.columns}>
      <List
        versions={items}
        chosen={sides.before}
        onChoose={(before) => setChosen({ before, after: sides.after })}
        more={more}
      />
      <div className={classes.compare}>
        <Group justify="space-between" align="end">
          <SideChoice sides={sides} choices={[...texts.keys()]} onChange={setChosen} />
          {restorable && (
            <Button
              variant="default"
              leftSection={<RotateCcw size={14} aria-hidden />}
              onClick={() => onRestore(restorable.source, restorable.version)}
            >
              Restore version {restorable.version} as draft
            </Button>
          )}
        </Group>
        <Compared sides={sides} texts={texts} />
      </div>
    </div>
  );
}

/** A drawer with the versions of a workflow: who published what when, what differs, and the way back. */
export function Versions(props: VersionsProps) {
  return (
    <Drawer
      opened
      onClose={props.onClose}
      position="right"
      size="min(1100px, 100vw)"
      title={
        <Group gap="sm">
          <History size={16} aria-hidden />
          Versions
        </Group>
      }
      closeButtonProps={{ 'aria-label': 'Close the versions' }}
    >
      <Content {...props} />
    </Drawer>
  );
}

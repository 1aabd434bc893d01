import { ActionIcon, Button, Code, Menu, VisuallyHidden } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { EllipsisVertical } from 'lucide-react';
import { useMemo, useState } from 'react';
import { request } from '#ui/api/client.ts';
import { secretsQuery } from '#ui/api/queries.ts';
import { type Command, useOffered } from '#ui/app/commands.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { Ago } from '#ui/kit/time.tsx';
import { tell } from '#ui/kit/toast.ts';
import { Confirm, type Question } from './confirm.tsx';
import grid from './grid.module.css';
import { NotLoaded, Page } from './page.tsx';
import { SecretDialog } from './secret-dialog.tsx';
import classes from './secrets.module.css';
import { SkeletonRows } from './skeleton-rows.tsx';
import table from './table.module.css';

type Secret = Awaited<ReturnType<typeof request<'get', '/api/secrets'>>>['items'][number];

const COLUMNS = 4;

/** Secrets by name: kept, replaced, forgotten. Their values are never shown. */
export function Secrets() {
  const { data, error, refetch } = useQuery(secretsQuery);
  const [edited, setEdited] = useState<Secret | 'new'>();
  const [question, setQuestion] = useState<Question>();
  const client = useQueryClient();
  const commands = useMemo(
    (): Command[] => [
      { id: 'add', title: 'Add a secret', group: 'Secrets', keys: ['N'], run: () => setEdited('new') },
    ],
    [],
  );
  useOffered('secrets', commands);
  const add = <Button onClick={() => setEdited('new')}>Add a secret</Button>;
  const askToDelete = (name: string): void =>
    setQuestion({
      title: `Delete ${name}`,
      detail: 'Steps that refer to it fail from then on. It cannot be brought back.',
      verb: 'Delete the secret',
      async act() {
        await request('delete', '/api/secrets/:name', { params: { name } });
        await client.invalidateQueries(secretsQuery);
        tell(`Deleted ${name}.`);
      },
    });
  return (
    <Page title="Secrets" actions={add}>
      {error && !data ? (
        <NotLoaded what="The secrets" error={error} onRetry={refetch} />
      ) : data?.items.length === 0 ? (
        <Notice title="There are no secrets" detail={<HowToUse />} action={add} />
      ) : (
        <>
          <p className={`${grid.intro} ${classes.intro}`}>
            <HowToUse />
          </p>
          <SecretTable secrets={data?.items} onReplace={setEdited} onDelete={askToDelete} />
        </>
      )}
      {edited !== undefined && (
        <SecretDialog secret={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />
      )}
      <Confirm question={question} onClose={() => setQuestion(undefined)} />
    </Page>
  );
}

function HowToUse() {
  return (
    <>
      Refer to a secret in a step as <Code>{'{{ secrets.NAME }}'}</Code>. It is kept encrypted, filled in only
      where the step runs, and masked in everything that is recorded.
    </>
  );
}

function SecretTable({
  secrets,
  onReplace,
  onDelete,
}: {
  secrets: readonly Secret[] | undefined;
  onReplace: (secret: Secret) => void;
  onDelete: (name: string) => void;
}) {
  return (
    <div className={table.scroll}>
      <table className={table.table} aria-label="Secrets">
        <thead>
          <tr>
            <th>Name</th>
            <th>Description</th>
            <th className={classes.updated}>Updated</th>
            <th className={classes.menu}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody>
          {!secrets && <SkeletonRows columns={COLUMNS} />}
          {secrets?.map((secret) => (
            <tr key={secret.name}>
              <td className={`${table.mono} inert`}>{secret.name}</td>
              <td className={`${table.muted} inert`}>{secret.description}</td>
              <td>
                <Ago key={secret.updatedAt} at={secret.updatedAt} />
              </td>
              <td>
                <Menu position="bottom-end" width={160}>
                  <Menu.Target>
                    <ActionIcon aria-label={`Actions for ${secret.name}`}>
                      <EllipsisVertical size={16} aria-hidden />
                    </ActionIcon>
                  </Menu.Target>
                  <Menu.Dropdown>
                    <Menu.Item onClick={() => onReplace(secret)}>Replace</Menu.Item>
                    <Menu.Item color="var(--state-failure)" onClick={() => onDelete(secret.name)}>
                      Delete
                    </Menu.Item>
                  </Menu.Dropdown>
                </Menu>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

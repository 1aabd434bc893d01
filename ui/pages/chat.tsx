import { ActionIcon, Button, Menu, Modal, Skeleton, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { EllipsisVertical } from 'lucide-react';
import { type SyntheticEvent, useMemo, useState } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { request } from '#ui/api/client.ts';
import { chatSessionsQuery } from '#ui/api/queries.ts';
import { type Command, useOffered } from '#ui/app/commands.ts';
import { paths } from '#ui/app/paths.ts';
import { Notice } from '#ui/kit/notice.tsx';
import { Ago } from '#ui/kit/time.tsx';
import { tell, tellError } from '#ui/kit/toast.ts';
import classes from './chat.module.css';
import { Conversation } from './chat-conversation.tsx';
import { Confirm, type Question } from './confirm.tsx';
import { NotLoaded, Page } from './page.tsx';
import { addressOf } from './query-text.ts';

type Session = Awaited<ReturnType<typeof request<'get', '/api/chat/sessions'>>>['items'][number];

/** What the title of a session is asked for: a new one, or one there is. */
type Titled = Session | 'new';

const LONGEST_TITLE = 200;

const addressOfSession = (session: string): string => addressOf(paths.chat, { session });

/** Conversations of people and workflows. */
export function Chat() {
  const { data: sessions, error, refetch } = useQuery(chatSessionsQuery);
  const wanted = new URLSearchParams(useSearch()).get('session');
  const current = sessions?.find(({ id }) => id === wanted) ?? sessions?.[0];
  const [titled, setTitled] = useState<Titled>();
  const [question, setQuestion] = useState<Question>();
  const askToDelete = useAskToDelete(setQuestion);
  const commands = useMemo(
    (): Command[] => [
      { id: 'new', title: 'New chat session', group: 'Chat', keys: ['N'], run: () => setTitled('new') },
    ],
    [],
  );
  useOffered('chat', commands);
  const add = <Button onClick={() => setTitled('new')}>New session</Button>;
  return (
    <Page title="Chat" actions={add}>
      {error && !sessions ? (
        <NotLoaded what="The chat" error={error} onRetry={refetch} />
      ) : sessions?.length === 0 ? (
        <Notice
          title="Nobody has said anything yet"
          detail="Workflows post here with the action chat.send; you can answer them, and begin sessions of your own."
          action={add}
        />
      ) : (
        <div className={classes.room}>
          <Sessions sessions={sessions} current={current?.id} onRename={setTitled} onDelete={askToDelete} />
          {current && <Conversation key={current.id} sessionId={current.id} title={current.title} />}
        </div>
      )}
      {titled && <TitleDialog titled={titled} onClose={() => setTitled(undefined)} />}
      <Confirm question={question} onClose={() => setQuestion(undefined)} />
    </Page>
  );
}

function useAskToDelete(ask: (question: Question) => void): (session: Session) => void {
  const client = useQueryClient();
  return ({ id, title }) =>
    ask({
      title: 'Delete the session',
      detail: `“${title}” and all its messages are deleted. They cannot be brought back.`,
      verb: 'Delete the session',
      async act() {
        await request('delete', '/api/chat/sessions/:id', { params: { id } });
        await client.invalidateQueries(chatSessionsQuery);
        tell(`Deleted “${title}”.`);
      },
    });
}

function Sessions({
  sessions,
  current,
  onRename,
  onDelete,
}: {
  sessions: readonly Session[] | undefined;
  current: string | undefined;
  onRename: (session: Session) => void;
  onDelete: (session: Session) => void;
}) {
  return (
    <nav className={classes.sessions} aria-label="Chat sessions">
      {!sessions && [1, 2, 3, 4].map((key) => <Skeleton key={key} height={44} m={8} w="auto" />)}
      {sessions?.map((session) => (
        <div key={session.id} className={classes.session} data-current={session.id === current || undefined}>
          <Link
            href={addressOfSession(session.id)}
            className={classes.open}
            aria-current={session.id === current ? 'true' : undefined}
          >
            <span className={`${classes.title} one-line inert`}>{session.title}</span>
            <span className={classes.when}>
              <Ago key={session.updatedAt} at={session.updatedAt} />
            </span>
          </Link>
          <Menu position="bottom-end" width={140}>
            <Menu.Target>
              <ActionIcon aria-label={`Actions for ${session.title}`}>
                <EllipsisVertical size={15} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => onRename(session)}>Rename</Menu.Item>
              <Menu.Item color="var(--state-failure)" onClick={() => onDelete(session)}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      ))}
    </nav>
  );
}

/** Asks for the title of a session: of a new one, or another for one there is. */
function TitleDialog({ titled, onClose }: { titled: Titled; onClose: () => void }) {
  const isNew = titled === 'new';
  const [title, setTitle] = useState(isNew ? '' : titled.title);
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const submit = async (event: SyntheticEvent): Promise<void> => {
    event.preventDefault();
    const body = { title: title.trim() };
    if (body.title === '') return;
    try {
      const { id } = isNew
        ? await request('post', '/api/chat/sessions', { body })
        : await request('put', '/api/chat/sessions/:id', { params: { id: titled.id }, body });
      await client.invalidateQueries(chatSessionsQuery);
      navigate(addressOfSession(id));
      onClose();
    } catch (thrown) {
      tellError(isNew ? 'The session was not made' : 'The session was not renamed', thrown);
    }
  };
  return (
    <Modal opened onClose={onClose} title={isNew ? 'New chat session' : 'Rename the session'}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <TextInput
            label="Title"
            value={title}
            maxLength={LONGEST_TITLE}
            onChange={({ currentTarget }) => setTitle(currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" disabled={title.trim() === ''} ml="auto">
            {isNew ? 'Create session' : 'Rename'}
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}

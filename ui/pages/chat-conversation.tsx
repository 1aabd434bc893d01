import { Button, Skeleton, Textarea } from '@mantine/core';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import {
  type KeyboardEvent,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { Link } from 'wouter';
import { request } from '#ui/api/client.ts';
import { chatMessagesQuery } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { tellError } from '#ui/kit/toast.ts';
import classes from './chat.module.css';
import { byDay, inOrder, withMessage } from './chat-messages.ts';
import { NotLoaded } from './page.tsx';
import { useChatStream } from './use-chat-stream.ts';

type Message = Awaited<ReturnType<typeof request<'get', '/api/chat/sessions/:id/messages'>>>['items'][number];

const LONGEST = 200_000;
/** Scrolled up by no more than this, in pixels, somebody is still at the end. */
const NEAR = 40;

/** Keeps the end in view while somebody is there; further up nothing moves, whatever is added at either end. */
function useStickToEnd(messages: readonly Message[]): {
  ref: RefObject<HTMLDivElement | null>;
  onScroll: () => void;
} {
  const ref = useRef<HTMLDivElement>(null);
  const fromEnd = useRef(0);
  const oldest = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    const hasEarlier = oldest.current !== undefined && oldest.current !== messages[0]?.id;
    oldest.current = messages[0]?.id;
    if (fromEnd.current <= NEAR) box.scrollTop = box.scrollHeight;
    else if (hasEarlier) box.scrollTop = box.scrollHeight - box.clientHeight - fromEnd.current;
  }, [messages]);
  const onScroll = (): void => {
    const box = ref.current;
    if (box) fromEnd.current = box.scrollHeight - box.clientHeight - box.scrollTop;
  };
  return { ref, onScroll };
}

/** The messages of one session, the newest at the bottom, and the field for another. */
export function Conversation({ sessionId, title }: { sessionId: string; title: string }) {
  const list = useInfiniteQuery(chatMessagesQuery(sessionId));
  const messages = useMemo(() => inOrder(list.data), [list.data]);
  const isLive = useChatStream(sessionId, list.data && (messages.at(-1)?.id ?? 0));
  const { ref, onScroll } = useStickToEnd(messages);
  return (
    <section className={classes.conversation} aria-label={title}>
      <div
        className={classes.messages}
        ref={ref}
        onScroll={onScroll}
        role="log"
        aria-label="Messages"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be within reach of the keyboard
        tabIndex={0}
      >
        {list.hasNextPage && (
          <Button
            variant="subtle"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Load earlier messages
          </Button>
        )}
        {list.error && !list.data && (
          <NotLoaded what="The messages" error={list.error} onRetry={list.refetch} />
        )}
        {list.isPending && [1, 2, 3].map((key) => <Skeleton key={key} height={48} w="60%" />)}
        {list.data && messages.length === 0 && <p className={classes.nothing}>No messages yet.</p>}
        {byDay(messages).map(({ day, messages: some }) => (
          <div key={day} className={classes.day}>
            <h2 className={classes.date}>
              {new Date(`${day}T12:00`).toLocaleDateString(undefined, { dateStyle: 'full' })}
            </h2>
            {some.map((message) => (
              <MessageBox key={message.id} message={message} />
            ))}
          </div>
        ))}
      </div>
      <p className={classes.live} role="status">
        {isLive ? '' : 'The connection was lost; it is tried again. New messages may be missing.'}
      </p>
      <Composer sessionId={sessionId} />
    </section>
  );
}

function MessageBox({ message }: { message: Message }) {
  const { role, author, text, data, executionId, createdAt } = message;
  return (
    <article className={classes.message} data-role={role}>
      <header className={classes.by}>
        <strong className="inert">{author ?? (role === 'user' ? 'You' : 'Workflow')}</strong>
        <time dateTime={createdAt} title={new Date(createdAt).toLocaleString()}>
          {new Date(createdAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })}
        </time>
        {executionId !== null && <Link href={paths.execution(executionId)}>Open its execution</Link>}
      </header>
      <Words text={text} />
      {data !== null && (
        <details>
          <summary>Data</summary>
          <pre className={`${classes.data} inert`}>{JSON.stringify(data, null, 2)}</pre>
        </details>
      )}
    </article>
  );
}

/** From this many characters on a browser takes seconds to break a text without spaces into lines. */
const MANY = 5_000;

/** What a message says; of a very long one the beginning, until all of it is asked for. */
function Words({ text }: { text: string }) {
  const [isWhole, setWhole] = useState(text.length <= MANY);
  return (
    <>
      <div className={`${classes.text} inert`}>{isWhole ? text : `${text.slice(0, MANY)}…`}</div>
      {!isWhole && (
        <Button variant="subtle" size="compact-xs" onClick={() => setWhole(true)}>
          Show all {text.length.toLocaleString('en')} characters
        </Button>
      )}
    </>
  );
}

function Composer({ sessionId }: { sessionId: string }) {
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const client = useQueryClient();
  // Sent again after a failure, the same text is still one message.
  const key = useRef<string | undefined>(undefined);
  useEffect(() => field.current?.focus(), []);
  const send = async (): Promise<void> => {
    if (text.trim() === '' || isBusy) return;
    key.current ??= `${Date.now()}-${Math.random()}`;
    setBusy(true);
    try {
      const message = await request('post', '/api/chat/sessions/:id/messages', {
        params: { id: sessionId },
        body: { text, idempotencyKey: key.current },
      });
      client.setQueryData(chatMessagesQuery(sessionId).queryKey, (before) => withMessage(before, message));
      key.current = undefined;
      setText('');
    } catch (thrown) {
      tellError('The message was not sent', thrown);
    } finally {
      setBusy(false);
      field.current?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <div className={classes.composer}>
      <Textarea
        ref={field}
        className={classes.field}
        aria-label="Message"
        placeholder="Write a message (Enter sends, Shift+Enter begins a new line)"
        value={text}
        maxLength={LONGEST}
        autosize
        minRows={1}
        maxRows={8}
        onChange={({ currentTarget }) => {
          key.current = undefined;
          setText(currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      <Button
        leftSection={<Send size={14} aria-hidden />}
        loading={isBusy}
        disabled={text.trim() === ''}
        onClick={() => void send()}
      >
        Send
      </Button>
    </div>
  );
}

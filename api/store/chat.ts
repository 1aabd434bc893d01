import type { Selectable } from 'kysely';
import type { Json } from '#shared/json.ts';
import { boundedLimit, type Page, type PageRequest, pageOf, readCursor } from './paging.ts';
import type { ChatMessagesTable, ChatSessionsTable, Db } from './tables.ts';
import { fromStored, jsonToTextOrNull, textToJsonOrNull, toStored } from './text.ts';

export interface ChatSession {
  id: string;
  title: string;
  createdAt: string;
  /** When the last message came, or the title changed. */
  updatedAt: string;
}

export interface NewChatMessage {
  sessionId: string;
  role: 'user' | 'workflow';
  author: string | null;
  text: string;
  data: Json;
  executionId: string | null;
  /** The same key is one message, however often it is appended. */
  key: string;
}

export interface ChatMessage extends Omit<NewChatMessage, 'key'> {
  /** Later messages of a session have greater ids. */
  id: number;
  createdAt: string;
}

export interface MessageFilter extends PageRequest {
  /** Only messages after the one with this id, the oldest first; without it the newest come first. */
  after?: number | undefined;
}

/** Conversations of people and workflows. */
export interface Chat {
  /** False, with nothing changed, where the id is taken. */
  create(session: Pick<ChatSession, 'id' | 'title'>): Promise<boolean>;
  session(id: string): Promise<ChatSession | undefined>;
  /**
   * The last spoken in first.
   * @throws AppError `request.bad_cursor`
   */
  sessions(page: PageRequest): Promise<Page<ChatSession>>;
  /** False where there is none. */
  rename(id: string, title: string): Promise<boolean>;
  /** Removes a session with its messages; false where there is none. */
  remove(id: string): Promise<boolean>;
  /** Adds a message, to a new session where there is none of that id. A key known already changes nothing. */
  append(message: NewChatMessage): Promise<ChatMessage>;
  /**
   * Messages of a session. `nextCursor` leads on in the direction the list was begun in.
   * @throws AppError `request.bad_cursor`
   */
  messages(sessionId: string, filter: MessageFilter): Promise<Page<ChatMessage>>;
  /** Id of the last message of a session; 0 where it has none. */
  lastMessage(sessionId: string): Promise<number>;
}

const sessionOf = (row: Selectable<ChatSessionsTable>): ChatSession => ({
  id: fromStored(row.id),
  title: fromStored(row.title),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const storedOrNull = (text: string | null): string | null => (text === null ? null : toStored(text));
const readOrNull = (text: string | null): string | null => (text === null ? null : fromStored(text));

const messageOf = (row: Selectable<ChatMessagesTable>): ChatMessage => ({
  id: row.id,
  sessionId: fromStored(row.session_id),
  role: row.role,
  author: readOrNull(row.author),
  text: fromStored(row.text),
  data: textToJsonOrNull(row.data),
  executionId: readOrNull(row.execution_id),
  createdAt: row.created_at,
});

async function sessions(db: Db, { limit, cursor }: PageRequest): Promise<Page<ChatSession>> {
  const after = readCursor<[string, string]>(cursor, ['time', 'text']);
  let query = db.selectFrom('chat_sessions').selectAll();
  if (after !== undefined)
    query = query.where(({ or, and, eb }) =>
      or([
        eb('updated_at', '<', after[0]),
        and([eb('updated_at', '=', after[0]), eb('id', '>', toStored(after[1]))]),
      ]),
    );
  const rows = await query
    .orderBy('updated_at', 'desc')
    .orderBy('id')
    .limit(boundedLimit(limit) + 1)
    .execute();
  return pageOf(rows, limit, sessionOf, (row) => [row.updated_at, fromStored(row.id)]);
}

async function createSession(db: Db, { id, title }: Pick<ChatSession, 'id' | 'title'>): Promise<boolean> {
  const now = new Date().toISOString();
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('chat_sessions')
    .values({ id: toStored(id), title: toStored(title), created_at: now, updated_at: now })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

const byKey = (db: Db, key: string) =>
  db.selectFrom('chat_messages').selectAll().where('idempotency_key', '=', toStored(key)).executeTakeFirst();

async function rename(db: Db, id: string, title: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('chat_sessions')
    .set({ title: toStored(title), updated_at: new Date().toISOString() })
    .where('id', '=', toStored(id))
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

async function remove(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('chat_sessions')
    .where('id', '=', toStored(id))
    .executeTakeFirstOrThrow();
  return numDeletedRows === 1n;
}

const append = (db: Db, message: NewChatMessage): Promise<ChatMessage> =>
  db.transaction().execute(async (trx) => {
    const known = await byKey(trx, message.key);
    if (known) return messageOf(known);
    const { sessionId, role, author, text, data, executionId, key } = message;
    await createSession(trx, { id: sessionId, title: sessionId });
    const now = new Date().toISOString();
    // Holds the session until the commit: its messages then become visible in the order of their ids, and who
    // asks for those after the last one seen misses none.
    await trx
      .updateTable('chat_sessions')
      .set({ updated_at: now })
      .where('id', '=', toStored(sessionId))
      .execute();
    const row = await trx
      .insertInto('chat_messages')
      .values({
        session_id: toStored(sessionId),
        role,
        author: storedOrNull(author),
        text: toStored(text),
        data: jsonToTextOrNull(data),
        execution_id: storedOrNull(executionId),
        idempotency_key: toStored(key),
        created_at: now,
      })
      .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
      .returningAll()
      .executeTakeFirst();
    // Somebody else was faster with the same key.
    return messageOf(row ?? (await byKey(trx, key).then(present)));
  });

function present<T>(row: T | undefined): T {
  if (row === undefined) throw new Error('A message that conflicts is there.');
  return row;
}

async function messages(
  db: Db,
  sessionId: string,
  { limit, cursor, after }: MessageFilter,
): Promise<Page<ChatMessage>> {
  // Negative in the cursor of a list that goes back.
  const [at] = readCursor<[number]>(cursor, ['number']) ?? [after];
  const isForward = at !== undefined && at >= 0;
  let query = db.selectFrom('chat_messages').selectAll().where('session_id', '=', toStored(sessionId));
  if (at !== undefined) query = query.where('id', isForward ? '>' : '<', Math.abs(at));
  const rows = await query
    .orderBy('id', isForward ? 'asc' : 'desc')
    .limit(boundedLimit(limit) + 1)
    .execute();
  return pageOf(rows, limit, messageOf, ({ id }) => [isForward ? id : -id]);
}

async function lastMessage(db: Db, sessionId: string): Promise<number> {
  const row = await db
    .selectFrom('chat_messages')
    .select('id')
    .where('session_id', '=', toStored(sessionId))
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? 0;
}

export const chatOf = (db: Db): Chat => ({
  create: (session) => createSession(db, session),
  async session(id) {
    const row = await db
      .selectFrom('chat_sessions')
      .selectAll()
      .where('id', '=', toStored(id))
      .executeTakeFirst();
    return row && sessionOf(row);
  },
  sessions: (page) => sessions(db, page),
  rename: (id, title) => rename(db, id, title),
  remove: (id) => remove(db, id),
  append: (message) => append(db, message),
  messages: (sessionId, filter) => messages(db, sessionId, filter),
  lastMessage: (sessionId) => lastMessage(db, sessionId),
});

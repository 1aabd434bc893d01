import { randomUUID } from 'node:crypto';
import { CHAT_SESSION_ID } from '#shared/contract/chat.ts';
import { dashed } from '#shared/definition/slug.ts';
import { AppError } from '#shared/errors.ts';
import type { Deps } from '../deps.ts';
import type { Handlers } from '../http/mount.ts';
import { runCommand } from '../incoming/chat-command.ts';
import type { ChatSession } from '../store/chat.ts';
import { ChatStreams } from './stream.ts';

type ChatRoutes =
  | 'listChatSessions'
  | 'createChatSession'
  | 'getChatSession'
  | 'renameChatSession'
  | 'deleteChatSession'
  | 'listChatMessages'
  | 'sendChatMessage'
  | 'streamChatMessages';

const unknown = (id: string): AppError =>
  new AppError('chat.not_found', `There is no chat session "${id}".`, {
    fix: 'GET /api/chat/sessions lists them; the first message sent to a session makes it.',
  });

const exists = (id: string): AppError =>
  new AppError('chat.exists', `There is a chat session "${id}" already.`, {
    fix: 'Send to that one, or give another id.',
  });

const badName = (id: string): AppError =>
  new AppError('chat.bad_session', `"${id.slice(0, 100)}" cannot name a chat session.`, {
    fix: 'Use small letters, digits, - and _, at most 80, and begin with a letter or digit.',
  });

/** The number a client saw last, as its header says; undefined where that is none of ours. */
const lastEventId = (header: string | undefined): number | undefined =>
  header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;

/** Answers everything about chat. */
export function chatHandlers(deps: Deps): Pick<Handlers, ChatRoutes> {
  const {
    store: { chat },
    log,
  } = deps;
  const streams = new ChatStreams({ store: { chat }, log });
  const sessionOf = async (id = ''): Promise<ChatSession> => {
    const found = await chat.session(id);
    if (!found) throw unknown(id);
    return found;
  };
  return {
    listChatSessions: ({ query }) => chat.sessions(query),
    async createChatSession({ body: { id: given, title } }) {
      const id = given ?? dashed(title ?? '');
      if (!(await chat.create({ id, title: title ?? id }))) throw exists(id);
      return sessionOf(id);
    },
    getChatSession: ({ params }) => sessionOf(params.id),
    async renameChatSession({ params: { id = '' }, body: { title } }) {
      if (!(await chat.rename(id, title))) throw unknown(id);
      return sessionOf(id);
    },
    async deleteChatSession({ params: { id = '' } }) {
      if (!(await chat.remove(id))) throw unknown(id);
      streams.notify(id);
      return { id };
    },
    async listChatMessages({ params, query }) {
      const { id } = await sessionOf(params.id);
      return chat.messages(id, query);
    },
    async sendChatMessage({ params: { id: sessionId = '' }, body }) {
      if (!CHAT_SESSION_ID.test(sessionId)) throw badName(sessionId);
      const { text, role, author = null, data = null, executionId = null } = body;
      const key = body.idempotencyKey ?? randomUUID();
      const message = await chat.append({ sessionId, role, author, text, data, executionId, key });
      streams.notify(message.sessionId);
      await runCommand(deps, message, key);
      streams.notify(message.sessionId);
      return message;
    },
    async streamChatMessages({ params, query, request, response }) {
      const { id } = await sessionOf(params.id);
      const after = lastEventId(request.get('last-event-id')) ?? query.after ?? (await chat.lastMessage(id));
      streams.watch(id, after, request, response);
      return undefined;
    },
  };
}

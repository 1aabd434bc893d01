import { z } from 'zod';
import * as chat from '../chat.ts';
import { paging } from '../common.ts';
import { route, text } from './route.ts';

const removed = z.object({ id: z.string() });

/** Chat: sessions and their messages. */
export const chatRoutes = {
  listChatSessions: route({
    method: 'get',
    path: '/api/chat/sessions',
    summary: 'List chat sessions, the one last spoken in first',
    query: z.object(paging),
    status: 200,
    response: chat.chatSessionPage,
  }),
  createChatSession: route({
    method: 'post',
    path: '/api/chat/sessions',
    summary: 'Create a chat session',
    body: chat.newChatSession,
    status: 201,
    response: chat.chatSession,
  }),
  getChatSession: route({
    method: 'get',
    path: '/api/chat/sessions/:id',
    summary: 'Get a chat session',
    status: 200,
    response: chat.chatSession,
  }),
  renameChatSession: route({
    method: 'put',
    path: '/api/chat/sessions/:id',
    summary: 'Give a chat session another title',
    body: chat.chatSessionChange,
    status: 200,
    response: chat.chatSession,
  }),
  deleteChatSession: route({
    method: 'delete',
    path: '/api/chat/sessions/:id',
    summary: 'Delete a chat session with its messages',
    status: 200,
    response: removed,
  }),
  listChatMessages: route({
    method: 'get',
    path: '/api/chat/sessions/:id/messages',
    summary: 'List messages, newest first, or those after one, oldest first',
    query: chat.chatMessageFilter,
    status: 200,
    response: chat.chatMessagePage,
  }),
  sendChatMessage: route({
    method: 'post',
    path: '/api/chat/sessions/:id/messages',
    summary: 'Send a message; a session that is not there is made',
    body: chat.newChatMessage,
    status: 201,
    response: chat.chatMessage,
  }),
  streamChatMessages: route({
    method: 'get',
    path: '/api/chat/sessions/:id/stream',
    summary: 'Every new message (server-sent events)',
    query: chat.chatStreamQuery,
    status: 200,
    response: text,
    produces: 'text/event-stream',
  }),
} as const;

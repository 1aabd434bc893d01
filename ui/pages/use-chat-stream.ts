import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { request } from '#ui/api/client.ts';
import { chatMessagesQuery, chatSessionsQuery } from '#ui/api/queries.ts';
import { withMessage } from './chat-messages.ts';

type Message = Awaited<ReturnType<typeof request<'get', '/api/chat/sessions/:id/messages'>>>['items'][number];

/**
 * Puts each new message of a session into the messages loaded before. It begins after the one with the id `after`,
 * once that is known, and goes on by itself where the connection was lost. True while it is connected.
 */
export function useChatStream(sessionId: string, after: number | undefined): boolean {
  const client = useQueryClient();
  const [isLive, setLive] = useState(true);
  const [begin, setBegin] = useState(after);
  if (begin === undefined && after !== undefined) setBegin(after);
  useEffect(() => {
    if (begin === undefined) return;
    const source = new EventSource(
      `/api/chat/sessions/${encodeURIComponent(sessionId)}/stream?after=${begin}`,
    );
    const { queryKey } = chatMessagesQuery(sessionId);
    source.onopen = () => setLive(true);
    source.onerror = () => setLive(false);
    source.addEventListener('message', ({ data }) => {
      const message = JSON.parse(String(data)) as Message;
      client.setQueryData(queryKey, (before) => withMessage(before, message));
      void client.invalidateQueries(chatSessionsQuery);
    });
    source.addEventListener('end', () => {
      source.close();
      void client.invalidateQueries(chatSessionsQuery);
    });
    return () => source.close();
  }, [sessionId, begin, client]);
  return isLive;
}

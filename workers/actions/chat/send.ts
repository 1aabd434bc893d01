import { z } from 'zod';
import { CHAT_SESSION_ID, LONGEST_CHAT_TEXT } from '#shared/contract/chat.ts';
import { defineAction } from '../../action.ts';
import { askApi, executionOf } from '../_api.ts';

const input = z.strictObject({
  message: z.string().min(1).max(LONGEST_CHAT_TEXT).describe('What to say'),
  session: z
    .string()
    .regex(CHAT_SESSION_ID)
    .default('general')
    .describe('Chat session to say it in: small letters, digits, - and _; made where there is none'),
  author: z.string().min(1).max(200).optional().describe('Who says it; the workflow when absent'),
  data: z.json().optional().describe('Data that goes with it, up to 256 KiB'),
});

export default defineAction({
  type: 'chat.send',
  title: 'Send a chat message',
  description: 'Posts a message to a session of the runner’s own chat, once however often the step is tried.',
  icon: 'message-square',
  input,
  output: z.object({
    messageId: z.number().describe('Id of the message'),
    session: z.string().describe('Session it is in'),
    createdAt: z.string().describe('When it was sent, ISO 8601'),
  }),
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Say that a build is done',
      input: { message: 'Build 42 is done.', session: 'builds' },
      needsNetwork: true,
    },
  ],
  dryRun: ({ session }) => `Send a message to the chat session ${session}.`,
  async run({ input: { message, session, author, data }, settings, signal, idempotencyKey }) {
    const sent = await askApi({
      apiUrl: settings.apiUrl,
      method: 'POST',
      path: `/chat/sessions/${session}/messages`,
      body: {
        text: message,
        role: 'workflow',
        idempotencyKey,
        executionId: executionOf(idempotencyKey),
        ...(author !== undefined && { author }),
        ...(data !== undefined && { data }),
      },
      signal,
      codes: { unreachable: 'chat.unreachable', refused: 'chat.refused' },
    });
    return {
      messageId: Number(sent.id),
      session: String(sent.sessionId),
      createdAt: String(sent.createdAt),
    };
  },
});

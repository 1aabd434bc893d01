import { z } from 'zod';
import { instant, json, page, paging } from './common.ts';

/** Form of a session's id. */
export const CHAT_SESSION_ID = /^[a-z0-9][a-z0-9_-]{0,79}$/;

/** Longest text of a message, in characters. */
export const LONGEST_CHAT_TEXT = 200_000;

/** Largest data of a message, in characters of JSON. */
const LARGEST_DATA = 256 * 1024;

const title = z.string().trim().min(1).max(200);
const sessionId = z
  .string()
  .regex(CHAT_SESSION_ID, 'A session is named with small letters, digits, - and _ only.');
const lastSeen = z.coerce.number<string>().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const chatSession = z
  .object({ id: z.string(), title: z.string(), createdAt: instant, updatedAt: instant })
  .meta({ id: 'ChatSession' });

export const chatSessionPage = page(chatSession);

export const newChatSession = z
  .strictObject({ id: sessionId.optional(), title: title.optional() })
  .refine(({ id, title: named }) => id !== undefined || named !== undefined, 'Give an id or a title.');

export const chatSessionChange = z.strictObject({ title });

export const chatMessage = z
  .object({
    id: z.int().meta({ description: 'Later messages have greater ids.' }),
    sessionId: z.string(),
    role: z.enum(['user', 'workflow']),
    author: z.string().nullable(),
    text: z.string(),
    data: json.nullable(),
    executionId: z.string().nullable(),
    createdAt: instant,
  })
  .meta({ id: 'ChatMessage' });

export const chatMessagePage = page(chatMessage);

export const chatMessageFilter = z.object({
  ...paging,
  after: lastSeen.optional().meta({
    description:
      'Only messages after the one with this id, the oldest first; otherwise the newest come first.',
  }),
});

export const newChatMessage = z.strictObject({
  text: z.string().min(1).max(LONGEST_CHAT_TEXT),
  role: z.enum(['user', 'workflow']).default('user'),
  author: z.string().max(200).optional(),
  data: json
    .refine((value) => JSON.stringify(value).length <= LARGEST_DATA, 'It is larger than 256 KiB.')
    .optional(),
  executionId: z.string().max(1_000).optional(),
  idempotencyKey: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .meta({ description: 'The same key makes one message, however often it is sent.' }),
});

export const chatStreamQuery = z.object({
  after: lastSeen.optional().meta({
    description:
      'Begin after the message with this id, as the header Last-Event-ID does; with the next one otherwise.',
  }),
});

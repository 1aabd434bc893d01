import { z } from 'zod';
import { CHAT_SESSION_ID } from '../contract/chat.ts';
import type { TriggerType } from './trigger-type.ts';
import { whenSchema } from './when.ts';

/** Which messages of people start a run. */
export const chatConfig = z.strictObject({
  command: z
    .string()
    .regex(
      /^\/[a-z0-9][a-z0-9_-]{0,49}$/,
      'A command is a slash and small letters, digits, _ and -: /deploy.',
    )
    .meta({ description: 'What a message begins with, such as /deploy.' }),
  session: z
    .string()
    .regex(CHAT_SESSION_ID, 'A session is named with small letters, digits, - and _ only.')
    .optional()
    .meta({ description: 'Only in this chat session; in all of them when absent.' }),
  when: whenSchema.optional(),
});

export const chat: TriggerType = {
  type: 'chat',
  title: 'Chat command',
  description: 'Somebody writes a message that begins with the command in the chat.',
  icon: 'message-circle',
  config: chatConfig,
  sample: { command: '/deploy', text: 'web to staging', session: 'general', author: 'ana', messageId: 1 },
};

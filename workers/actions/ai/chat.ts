import { z } from 'zod';
import { defineAction, Terminal } from '../../action.ts';
import type { Message } from '../../ai/provider.ts';
import { ask, commonInput, includeContext, output, sentence, text } from './_ask.ts';

const input = z.strictObject({
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['user', 'assistant']).describe('Who said it'),
        content: z.string().min(1).describe('What was said'),
      }),
    )
    .max(1_000)
    .default([])
    .describe('The conversation so far, oldest first'),
  prompt: z
    .string()
    .min(1)
    .optional()
    .describe('What the user says next; may be left out where messages end with it'),
  ...commonInput,
  includeContext: includeContext(false),
});

/** The conversation, which must end with the user. */
function conversation({ messages, prompt }: z.infer<typeof input>): Message[] {
  const said: Message[] = messages.map(({ role, content }) => ({ role, content: [text(content)] }));
  if (prompt !== undefined) said.push({ role: 'user', content: [text(prompt)] });
  if (said.at(-1)?.role === 'user') return said;
  throw new Terminal('ai.nothing_to_answer', 'The conversation does not end with a message of the user.', {
    fix: 'Give prompt, or end messages with one whose role is user.',
  });
}

export default defineAction({
  type: 'ai.chat',
  title: 'Chat with AI',
  description: 'Has a model continue a conversation.',
  icon: 'messages-square',
  input,
  output,
  effect: 'read',
  idempotent: true,
  defaults: { timeout: 300_000 },
  examples: [
    {
      title: 'Ask again',
      input: {
        provider: 'gemini',
        messages: [
          { role: 'user', content: 'Name a tree.' },
          { role: 'assistant', content: 'Oak.' },
        ],
        prompt: 'And another one?',
      },
      needsNetwork: true,
    },
  ],
  dryRun: (given) => sentence('Continue a conversation with', given),
  run: (attempt) => ask(attempt, conversation(attempt.input)),
});

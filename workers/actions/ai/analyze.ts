import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { ask, commonInput, includeContext, output, sentence, text } from './_ask.ts';

const input = z.strictObject({
  prompt: z.string().min(1).describe('What to find out'),
  ...commonInput,
  includeContext: includeContext(true),
});

export default defineAction({
  type: 'ai.analyze',
  title: 'Analyze with AI',
  description:
    'Has a model judge the context of the execution, texts, PDFs or images; with a schema, its findings are data.',
  icon: 'scan-search',
  input,
  output,
  effect: 'read',
  idempotent: true,
  defaults: { timeout: 300_000 },
  examples: [
    {
      title: 'Sort a ticket',
      input: {
        provider: 'openai',
        prompt: 'What is this ticket about, and how urgent is it?',
        files: ['ticket.txt'],
        schema: {
          type: 'object',
          properties: {
            topic: { type: 'string' },
            urgency: { enum: ['low', 'normal', 'high'] },
          },
          required: ['topic', 'urgency'],
          additionalProperties: false,
        },
      },
      needsNetwork: true,
    },
  ],
  dryRun: (given) => sentence('Have data analyzed by', given),
  run: (attempt) => ask(attempt, [{ role: 'user', content: [text(attempt.input.prompt)] }]),
});

import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { ask, commonInput, includeContext, output, sentence, text } from './_ask.ts';

const input = z.strictObject({
  prompt: z.string().min(1).describe('What to write'),
  ...commonInput,
  includeContext: includeContext(false),
});

export default defineAction({
  type: 'ai.generate',
  title: 'Write with AI',
  description:
    'Has a model of Claude, OpenAI, Gemini or a compatible server write a text, or data by a schema.',
  icon: 'sparkles',
  input,
  output,
  effect: 'read',
  idempotent: true,
  defaults: { timeout: 300_000 },
  examples: [
    {
      title: 'Write release notes',
      input: {
        provider: 'claude',
        prompt: 'Write release notes, one line each, of these commits: …',
        maxTokens: 2000,
      },
      needsNetwork: true,
    },
    {
      title: 'Ask a model on this machine',
      input: {
        provider: 'openai',
        baseUrl: 'http://127.0.0.1:11434/v1',
        model: 'qwen3',
        prompt: 'Say hello.',
      },
      needsNetwork: true,
    },
  ],
  dryRun: (given) => sentence('Have a text written by', given),
  run: (attempt) => ask(attempt, [{ role: 'user', content: [text(attempt.input.prompt)] }]),
});

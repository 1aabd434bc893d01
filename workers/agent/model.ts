import { z } from 'zod';
import type { Attempt } from '../action.ts';
import { defaultModel } from '../ai/cost.ts';
import { openProvider, PROVIDERS, type Provider } from '../ai/provider.ts';
import { callResult } from './messages.ts';

/** What every action of an agent is told: whom to ask, how, and where the conversation stands. */
export const modelInput = {
  provider: z.enum(PROVIDERS),
  model: z.string().min(1).optional(),
  system: z.string().optional(),
  apiKey: z.string().min(1).optional(),
  baseUrl: z.string().min(1).optional(),
  maxTokens: z.int().min(1).default(4_096),
  temperature: z.number().min(0).max(2).optional(),
  conversation: z.string().nullable(),
  results: z.array(callResult),
};

const modelSchema = z.object(modelInput);

/** What every action of an agent gives. */
export const modelOutput = {
  tokens: z.object({ input: z.number(), output: z.number() }),
  cost: z.number().nullable(),
  model: z.string(),
  conversation: z.string(),
};

/** The model an agent's step asks. */
export function modelOf({ input, settings, network }: Attempt<z.infer<typeof modelSchema>>): {
  provider: Provider;
  model: string;
} {
  const { provider, baseUrl, apiKey } = input;
  return {
    provider: openProvider(provider, settings.ai, { baseUrl, apiKey, network }),
    model: input.model ?? defaultModel(provider),
  };
}

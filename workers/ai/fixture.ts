import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type AiServer, startAiServer } from '../../test/support/ai-server.ts';
import type { Settings } from '../action.ts';
import { defaultModel } from './cost.ts';
import { type Ask, openProvider, type ProviderName, type ToolSpec, type Turn } from './provider.ts';

/** The operator's key in these tests. */
export const KEY = 'sk-test-0123456789';

/** An error, with what ours carry. */
export type Failure = Error & { code?: string; after?: number; fix?: string; details?: unknown };

/** What a configuration says of all three providers; `null` for no key. */
export const settingsWith = (baseUrl?: string, apiKey: string | null = KEY): Settings['ai'] => {
  const one = { apiKey: apiKey ?? undefined, baseUrl };
  return { anthropic: one, openai: one, gemini: one };
};

/** A small question to a provider's default model. */
export const askOf = (name: ProviderName, more: Partial<Ask> = {}): Ask => ({
  model: defaultModel(name),
  messages: [{ role: 'user', content: [{ type: 'text', text: 'Say something' }] }],
  maxTokens: 100,
  signal: new AbortController().signal,
  idempotencyKey: 'execution/step',
  ...more,
});

/** The error that work ends with. */
export const failure = async (work: Promise<unknown>): Promise<Failure> =>
  (await work.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  )) as Failure;

export const TOOL: ToolSpec = {
  name: 'look_up',
  description: 'Looks something up',
  inputSchema: { type: 'object', properties: { word: { type: 'string' } }, required: ['word'] },
};

/** Runs a scripted server for the tests of a file, empty for each; and asks it as the operator's. */
export function withServer(): {
  server(): AiServer;
  complete(name: ProviderName, more?: Partial<Ask>): Promise<Turn>;
} {
  let running: AiServer | undefined;
  const server = (): AiServer => {
    if (!running) throw new Error('The server runs only during a test.');
    return running;
  };
  beforeAll(async () => {
    running = await startAiServer();
  });
  afterAll(() => running?.close());
  beforeEach(() => running?.reset());
  return {
    server,
    complete: (name, more) =>
      openProvider(name, settingsWith(server().baseUrl(name)), { network: { allow: [] } }).complete(
        askOf(name, more),
      ),
  };
}

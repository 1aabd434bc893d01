import type { Json, JsonObject } from '#shared/json.ts';
import type { Network, Settings } from '../action.ts';
import { call } from './call.ts';
import { completeClaude } from './claude.ts';
import { endpointOf } from './endpoint.ts';
import { completeGemini } from './gemini.ts';
import { completeOpenai } from './openai.ts';

/** The wire formats spoken; `openai` also reaches every compatible server, such as Ollama or vLLM. */
export const PROVIDERS = ['claude', 'openai', 'gemini'] as const;

export type ProviderName = (typeof PROVIDERS)[number];

/** A tool that the model may ask to be called. */
export interface ToolSpec {
  /** Letters, digits, `_` and `-`, at most 64: what all three providers take. */
  name: string;
  description: string;
  inputSchema: JsonObject;
}

/** A piece of what is said; `data` is base64. */
export type Part =
  | { type: 'text'; text: string }
  | { type: 'image'; mediaType: string; data: string }
  | { type: 'file'; name: string; mediaType: string; data: string };

/** What the model asks to be called, and with what. */
export interface ToolCall {
  /** Unique in the conversation, and the same if the same request is made again. */
  id: string;
  name: string;
  arguments: JsonObject;
  /** Set where the model wrote something else than a JSON object: what it wrote. `arguments` is then empty. */
  malformed?: string;
}

/** What a tool call gave. */
export interface ToolResult {
  callId: string;
  name: string;
  content: string;
  isError: boolean;
}

export type Message =
  | { role: 'user'; content: Part[] }
  /** `raw` is what the turn gave: the provider needs it back, for its signed thoughts. */
  | { role: 'assistant'; content: Part[]; toolCalls?: ToolCall[]; raw?: Json }
  | { role: 'tool'; results: ToolResult[] };

/** Why the model stopped. `max_tokens` is also said where the model's context was full. */
export type StopReason = 'end' | 'max_tokens' | 'tool_calls' | 'refusal' | 'stop_sequence' | 'other';

export interface Tokens {
  /** All that was read, cached or not. */
  input: number;
  /** All that was written, thoughts included. */
  output: number;
}

/** One answer of a model. */
export interface Turn {
  text: string;
  toolCalls: ToolCall[];
  tokens: Tokens;
  /** The model as the provider names it. */
  model: string;
  stopReason: StopReason;
  /** To be put into the assistant message made of this turn; JSON, may be stored. */
  raw?: Json;
}

/** One question to a model. */
export interface Ask {
  model: string;
  system?: string | undefined;
  messages: Message[];
  tools?: ToolSpec[] | undefined;
  /** JSON Schema that the answer is to follow; the provider tries, `askFor` makes sure. */
  schema?: JsonObject | undefined;
  maxTokens: number;
  /** The provider's default when absent. */
  temperature?: number | undefined;
  signal: AbortSignal;
  /** The same for each attempt at this question and for no other; sent hashed as `Idempotency-Key`. */
  idempotencyKey: string;
  /** Called with all the text there is, whenever there is more. */
  onText?: ((textSoFar: string) => void) | undefined;
}

export interface Provider {
  name: ProviderName;
  /**
   * Asks a model once, without retries; the answer is streamed.
   * @throws Terminal `ai.key_refused`, `ai.request_refused`, `ai.context_too_long`, `ai.quota_exhausted`,
   * `ai.answer_too_large`, `http.address_refused`; Retryable `ai.rate_limited`, `ai.unavailable`, `ai.unreachable`,
   * `ai.bad_answer`; the signal's reason
   */
  complete(ask: Ask): Promise<Turn>;
}

const COMPLETE = { claude: completeClaude, openai: completeOpenai, gemini: completeGemini };

/**
 * A provider as the configuration and a step's parameters set it up. A base URL given here is held to the address
 * guard and gets only the key given here: the operator's key goes nowhere else than where the operator sends it.
 * @throws Terminal `ai.no_key`, `http.bad_url`
 */
export function openProvider(
  name: ProviderName,
  settings: Settings['ai'],
  options: { baseUrl?: string | undefined; apiKey?: string | undefined; network: Network },
): Provider {
  const endpoint = endpointOf(name, settings, options);
  return { name, complete: (ask) => call(endpoint, ask, COMPLETE[name]) };
}

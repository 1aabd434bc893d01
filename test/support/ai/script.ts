import type { Json, JsonObject } from '#shared/json.ts';

export type Dialect = 'claude' | 'openai' | 'gemini';

/** What a request says, whatever its wire format. */
export interface Said {
  model: string;
  system: string;
  messages: SaidMessage[];
  tools: { name: string; description: string; inputSchema: Json }[];
  /** The schema the answer is to follow, where one was sent in the format's own way. */
  schema: Json | undefined;
  maxTokens: number | undefined;
  temperature: number | undefined;
}

export interface SaidMessage {
  role: 'user' | 'assistant' | 'tool';
  text: string;
  /** Media types of what is attached. */
  attached: string[];
  toolCalls: { id: string; name: string; arguments: Json }[];
  results: { callId: string; content: string; isError: boolean }[];
}

export interface ScriptedCall {
  /** Given by position when absent; Gemini leaves ids out then. */
  id?: string;
  name: string;
  arguments?: JsonObject;
  /** Arguments as the model wrote them, for those that are no JSON. Gemini has no such thing. */
  text?: string;
}

/** An answer of a model. */
export interface ScriptedTurn {
  text?: string;
  toolCalls?: ScriptedCall[];
  usage?: { input: number; output: number };
  stop?: 'max_tokens' | 'refusal';
  /** Signs a thought that the next request must bring back (Claude, Gemini). */
  signature?: string;
  /** The name the model answers under. */
  model?: string;
  /** Characters of text per event. Default 7. */
  eventSize?: number;
  /** Bytes per write, so that events and characters are torn apart. Default: an event at a time. */
  writeSize?: number;
  /** Milliseconds between writes. */
  delay?: number;
}

/** Something that goes wrong. The last five come after a piece of the answer. */
export type Fault =
  | 'rate_limit'
  | 'server_error'
  | 'overloaded'
  | 'wrong_key'
  | 'no_quota'
  | 'context_too_long'
  | 'refused'
  | 'malformed_body'
  | 'hang'
  | 'reset'
  | 'malformed_stream'
  | 'stream_error'
  | 'stall'
  | 'cut'
  | 'early_end';

export type Answer =
  | string
  | ScriptedTurn
  | { fault: Fault; headers?: Record<string, string>; words?: string }
  | { status: number; body: Json; headers?: Record<string, string> };

/** How one wire format is read and written. */
export interface Speech {
  said(body: JsonObject, path: string): Said;
  /** The answer as server-sent events. */
  events(turn: ScriptedTurn, model: string): string[];
  /** The answer as one body. */
  whole(turn: ScriptedTurn, model: string): Json;
  /** An error's body. */
  error(status: number, kind: Fault, words: string): Json;
  /** The event that says an error in the middle of a stream. */
  errorEvent(words: string): string;
  /** An event that is broken. */
  malformed: string;
}

export const pieces = (text: string, size = 7): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
    text.slice(index * size, (index + 1) * size),
  );

export const argumentsText = ({ text, arguments: given = {} }: ScriptedCall): string =>
  text ?? JSON.stringify(given);

export const usageOf = ({ usage }: ScriptedTurn): { input: number; output: number } =>
  usage ?? { input: 10, output: 5 };

export const list = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? (value as JsonObject[]) : [];

export const textIn = (value: Json | undefined): string =>
  typeof value === 'string'
    ? value
    : list(value)
        .map(({ text }) => (typeof text === 'string' ? text : ''))
        .join('');

import {
  type Content,
  type Part as GeminiPart,
  type GenerateContentResponse,
  GoogleGenAI,
} from '@google/genai';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { Endpoint } from './endpoint.ts';
import type { Ask, Message, Part, StopReason, ToolCall, Turn } from './provider.ts';
import { callId } from './tool-call.ts';

const REFUSALS = /SAFETY|RECITATION|BLOCKLIST|PROHIBITED_CONTENT|SPII|MODEL_ARMOR|JAILBREAK/;

function partOf(part: Part): GeminiPart {
  if (part.type === 'text') return { text: part.text };
  return { inlineData: { mimeType: part.mediaType, data: part.data } };
}

/** The provider's own parts, where the turn came from it: they carry the signatures of its thoughts. */
function ownParts(raw: Json | undefined): GeminiPart[] | undefined {
  if (!isObject(raw ?? null) || (raw as JsonObject).provider !== 'gemini') return undefined;
  return (raw as JsonObject).parts as unknown as GeminiPart[];
}

/** Calls without an id got one of ours, which the provider does not know. */
const idOf = (id: string): { id?: string } => (/^call_[0-9a-f]{16}_\d+$/.test(id) ? {} : { id });

function contentOf(message: Message): Content {
  if (message.role === 'user') return { role: 'user', parts: message.content.map(partOf) };
  if (message.role === 'tool')
    return {
      role: 'user',
      parts: message.results.map(({ callId: id, name, content, isError }) => ({
        functionResponse: { ...idOf(id), name, response: isError ? { error: content } : { output: content } },
      })),
    };
  const calls = (message.toolCalls ?? []).map(({ id, name, arguments: args }) => ({
    functionCall: { ...idOf(id), name, args },
  }));
  return { role: 'model', parts: ownParts(message.raw) ?? [...message.content.map(partOf), ...calls] };
}

function paramsOf(ask: Ask) {
  const { model, messages, system, tools, schema, maxTokens, temperature, signal } = ask;
  return {
    model,
    contents: messages.map(contentOf),
    config: {
      maxOutputTokens: maxTokens,
      abortSignal: signal,
      ...(system && { systemInstruction: system }),
      ...(temperature !== undefined && { temperature }),
      ...(schema && { responseMimeType: 'application/json', responseJsonSchema: schema }),
      ...(tools?.length && {
        tools: [
          {
            functionDeclarations: tools.map(({ name, description, inputSchema }) => ({
              name,
              description,
              parametersJsonSchema: inputSchema,
            })),
          },
        ],
      }),
    },
  };
}

interface Gathered {
  text: string;
  parts: GeminiPart[];
  finish: string | undefined;
  blocked: string | undefined;
  model: string;
  tokens: { input: number; output: number };
}

/** Adds a part; runs of plain text become one, everything signed stays as it came. */
function addPart(parts: GeminiPart[], part: GeminiPart): void {
  const last = parts.at(-1);
  const isPlain = (one: GeminiPart | undefined): boolean =>
    one?.text !== undefined && Object.keys(one).every((key) => key === 'text' || key === 'thought');
  if (last && isPlain(last) && isPlain(part) && last.thought === part.thought)
    last.text = `${last.text ?? ''}${part.text ?? ''}`;
  else parts.push({ ...part });
}

function gather(into: Gathered, chunk: GenerateContentResponse): void {
  const { usageMetadata: usage, candidates, promptFeedback } = chunk;
  into.model = chunk.modelVersion || into.model;
  into.blocked = promptFeedback?.blockReason ?? into.blocked;
  if (usage)
    into.tokens = {
      input: (usage.promptTokenCount ?? 0) + (usage.toolUsePromptTokenCount ?? 0),
      output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
    };
  const [candidate] = candidates ?? [];
  into.finish = candidate?.finishReason ?? into.finish;
  for (const part of candidate?.content?.parts ?? []) {
    addPart(into.parts, part);
    if (part.text !== undefined && !part.thought) into.text += part.text;
  }
}

function stopOf(finish: string, hasCalls: boolean): StopReason {
  if (REFUSALS.test(finish)) return 'refusal';
  if (finish === 'MAX_TOKENS') return 'max_tokens';
  if (finish === 'STOP') return hasCalls ? 'tool_calls' : 'end';
  return 'other';
}

function turnOf({ text, parts, finish, blocked, model, tokens }: Gathered, key: string): Turn {
  if (blocked === undefined && finish === undefined)
    throw new Error('the stream ended before the answer did');
  const toolCalls: ToolCall[] = parts.flatMap(({ functionCall }, index) =>
    functionCall
      ? [
          {
            id: functionCall.id || callId(key, index),
            name: functionCall.name ?? '',
            arguments: (functionCall.args ?? {}) as JsonObject,
          },
        ]
      : [],
  );
  return {
    text,
    toolCalls,
    tokens,
    model,
    stopReason: finish === undefined ? 'refusal' : stopOf(finish, toolCalls.length > 0),
    raw: JSON.parse(JSON.stringify({ provider: 'gemini', parts })) as Json,
  };
}

/** Speaks Google's Gemini API. */
export async function completeGemini(
  { baseUrl }: Endpoint,
  ask: Ask,
  fetch: typeof globalThis.fetch,
): Promise<Turn> {
  const client = new GoogleGenAI({
    // The key is added by `fetch`; with none named, the SDK would read those of the environment.
    apiKey: 'unused',
    vertexai: false,
    httpOptions: { baseUrl, fetch },
  });
  const gathered: Gathered = {
    text: '',
    parts: [],
    finish: undefined,
    blocked: undefined,
    model: ask.model,
    tokens: { input: 0, output: 0 },
  };
  for await (const chunk of await client.models.generateContentStream(paramsOf(ask))) {
    const before = gathered.text.length;
    gather(gathered, chunk);
    if (gathered.text.length > before) ask.onText?.(gathered.text);
  }
  ask.signal.throwIfAborted();
  return turnOf(gathered, ask.idempotencyKey);
}

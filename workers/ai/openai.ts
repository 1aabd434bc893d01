import OpenAI from 'openai';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { Endpoint } from './endpoint.ts';
import type { Ask, Message, Part, StopReason, Turn } from './provider.ts';
import { schemaInstruction } from './schema-instruction.ts';
import { callId, toolCall } from './tool-call.ts';

const STOPS: Record<string, StopReason> = {
  stop: 'end',
  length: 'max_tokens',
  tool_calls: 'tool_calls',
  function_call: 'tool_calls',
  content_filter: 'refusal',
};

type ChatMessage = OpenAI.ChatCompletionMessageParam;

function partOf(part: Part): OpenAI.ChatCompletionContentPart {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const url = `data:${part.mediaType};base64,${part.data}`;
  if (part.type === 'image') return { type: 'image_url', image_url: { url } };
  return { type: 'file', file: { filename: part.name, file_data: url } };
}

const textOf = (parts: Part[], separator = ''): string =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(separator);

function messagesOf(message: Message): ChatMessage[] {
  if (message.role === 'tool')
    return message.results.map(({ callId: tool_call_id, content, isError }) => ({
      role: 'tool',
      tool_call_id,
      // The format has no mark for errors.
      content: isError ? `Error: ${content}` : content,
    }));
  if (message.role === 'user') {
    const isPlain = message.content.every(({ type }) => type === 'text');
    return [
      { role: 'user', content: isPlain ? textOf(message.content, '\n\n') : message.content.map(partOf) },
    ];
  }
  const calls = (message.toolCalls ?? []).map(({ id, name, arguments: given, malformed }) => ({
    type: 'function' as const,
    id,
    function: { name, arguments: malformed ?? JSON.stringify(given) },
  }));
  return [
    {
      role: 'assistant',
      content: textOf(message.content) || null,
      ...(calls.length > 0 && { tool_calls: calls }),
    },
  ];
}

/** Keywords that strict mode does not take. */
const LOOSE = /"(oneOf|allOf|not|if|then|else|patternProperties|dependentRequired|dependentSchemas)":/;

/** Whether a schema fits strict mode: every object names all its properties, requires them and allows no others. */
export function isStrict(schema: JsonObject): boolean {
  const fits = (value: Json): boolean => {
    if (Array.isArray(value)) return value.every(fits);
    if (!isObject(value)) return true;
    const { properties, required, additionalProperties } = value;
    const isSchema = value.type === 'object' || isObject(properties ?? null);
    const names = isObject(properties ?? null) ? Object.keys(properties as JsonObject) : [];
    const demanded = Array.isArray(required) ? required : [];
    if (isSchema && (additionalProperties !== false || !names.every((name) => demanded.includes(name))))
      return false;
    return Object.values(value).every(fits);
  };
  return schema.type === 'object' && !LOOSE.test(JSON.stringify(schema)) && fits(schema);
}

function formatOf(schema: JsonObject): OpenAI.ChatCompletionCreateParams['response_format'] {
  const strict = isStrict(schema);
  return { type: 'json_schema', json_schema: { name: 'answer', schema, strict } };
}

/** Its own models take no `max_tokens` any more; compatible servers know nothing else. */
const limitOf = ({ isOfficial }: Endpoint, { model, maxTokens }: Ask) =>
  isOfficial || /^(gpt-(?!oss)|o\d|chatgpt-)/.test(model)
    ? { max_completion_tokens: maxTokens }
    : { max_tokens: maxTokens };

function paramsOf(endpoint: Endpoint, ask: Ask): OpenAI.ChatCompletionCreateParamsStreaming {
  const { model, messages, tools, schema, temperature } = ask;
  // Only strict mode is enforced; otherwise words help more than the format alone.
  const system = [ask.system, schema && !isStrict(schema) ? schemaInstruction(schema) : undefined];
  const systemText = system.filter(Boolean).join('\n\n');
  return {
    model,
    ...limitOf(endpoint, ask),
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      ...(systemText === '' ? [] : [{ role: 'system' as const, content: systemText }]),
      ...messages.flatMap(messagesOf),
    ],
    // A format for something else than an object is refused; the words must do.
    ...(schema?.type === 'object' && { response_format: formatOf(schema) }),
    ...(temperature !== undefined && { temperature }),
    ...(tools?.length && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        type: 'function' as const,
        function: { name, description, parameters: inputSchema },
      })),
    }),
  };
}

interface Gathered {
  text: string;
  refusal: string;
  calls: Map<number, { id: string; name: string; text: string }>;
  finish: string | undefined;
  model: string;
  tokens: { input: number; output: number };
}

function gather(into: Gathered, chunk: OpenAI.ChatCompletionChunk, key: string): void {
  into.model = chunk.model || into.model;
  if (chunk.usage) into.tokens = { input: chunk.usage.prompt_tokens, output: chunk.usage.completion_tokens };
  const choice = chunk.choices?.[0];
  if (!choice) return;
  into.finish = choice.finish_reason ?? into.finish;
  into.text += choice.delta?.content ?? '';
  into.refusal += choice.delta?.refusal ?? '';
  for (const part of choice.delta?.tool_calls ?? []) {
    // Some compatible servers leave the index out.
    const index = part.index ?? into.calls.size;
    const call = into.calls.get(index) ?? { id: '', name: '', text: '' };
    call.id = part.id || call.id || callId(key, index);
    call.name += part.function?.name ?? '';
    call.text += part.function?.arguments ?? '';
    into.calls.set(index, call);
  }
}

function turnOf({ text, refusal, calls, finish, model, tokens }: Gathered): Turn {
  if (finish === undefined) throw new Error('the stream ended before the answer did');
  const toolCalls = [...calls.values()].map((call) => toolCall(call.id, call.name, call.text));
  const stopReason = refusal === '' ? (STOPS[finish] ?? 'other') : 'refusal';
  return {
    text: text || refusal,
    toolCalls,
    tokens,
    model,
    // Some compatible servers say "stop" although they call tools.
    stopReason: stopReason === 'end' && toolCalls.length > 0 ? 'tool_calls' : stopReason,
  };
}

/** Speaks OpenAI's Chat Completions API, which every compatible server speaks. */
export async function completeOpenai(
  endpoint: Endpoint,
  ask: Ask,
  fetch: typeof globalThis.fetch,
): Promise<Turn> {
  const client = new OpenAI({
    // The key is added by `fetch`; with none named, the SDK would read those of the environment.
    apiKey: 'unused',
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: endpoint.baseUrl,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
    fetch,
  });
  const gathered: Gathered = {
    text: '',
    refusal: '',
    calls: new Map(),
    finish: undefined,
    model: ask.model,
    tokens: { input: 0, output: 0 },
  };
  const stream = await client.chat.completions.create(paramsOf(endpoint, ask), { signal: ask.signal });
  for await (const chunk of stream) {
    const before = gathered.text.length;
    gather(gathered, chunk, ask.idempotencyKey);
    if (gathered.text.length > before) ask.onText?.(gathered.text);
  }
  // The SDK ends the stream quietly when it was aborted.
  ask.signal.throwIfAborted();
  return turnOf(gathered);
}

import Anthropic from '@anthropic-ai/sdk';
import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { Endpoint } from './endpoint.ts';
import type { Ask, Message, Part, StopReason, Turn } from './provider.ts';
import { schemaInstruction } from './schema-instruction.ts';
import { toolCall } from './tool-call.ts';

/** The API version that still takes a temperature; whether the model does, it says itself. */
const VERSION_WITH_TEMPERATURE = '2023-06-01';

const STOPS: Record<string, StopReason> = {
  end_turn: 'end',
  max_tokens: 'max_tokens',
  model_context_window_exceeded: 'max_tokens',
  tool_use: 'tool_calls',
  refusal: 'refusal',
  stop_sequence: 'stop_sequence',
};

const IMAGES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'] as const;

function blockOf(
  part: Part,
): Anthropic.TextBlockParam | Anthropic.ImageBlockParam | Anthropic.DocumentBlockParam {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { data } = part;
  const image = IMAGES.find((type) => type === part.mediaType);
  if (part.type === 'image' && image)
    return { type: 'image', source: { type: 'base64', media_type: image, data } };
  const title = part.type === 'file' ? part.name : undefined;
  return {
    type: 'document',
    source: { type: 'base64', media_type: 'application/pdf', data },
    ...(title && { title }),
  };
}

/** The provider's own blocks, where the turn came from it. */
function ownBlocks(raw: Json | undefined): Anthropic.ContentBlockParam[] | undefined {
  if (!isObject(raw ?? null) || (raw as JsonObject).provider !== 'claude') return undefined;
  return (raw as JsonObject).content as unknown as Anthropic.ContentBlockParam[];
}

function messageOf(message: Message): Anthropic.MessageParam {
  if (message.role === 'user') return { role: 'user', content: message.content.map(blockOf) };
  if (message.role === 'tool')
    return {
      role: 'user',
      content: message.results.map(({ callId, content, isError }) => ({
        type: 'tool_result' as const,
        tool_use_id: callId,
        content,
        is_error: isError,
      })),
    };
  const calls = (message.toolCalls ?? []).map(({ id, name, arguments: input }) => ({
    type: 'tool_use' as const,
    id,
    name,
    input,
  }));
  const texts = message.content.flatMap((part) =>
    part.type === 'text' && part.text !== '' ? [{ type: 'text' as const, text: part.text }] : [],
  );
  return { role: 'assistant', content: ownBlocks(message.raw) ?? [...texts, ...calls] };
}

/** Whether some object of a schema takes keys that the schema does not name. */
function hasFreeKeys(schema: Json): boolean {
  if (Array.isArray(schema)) return schema.some(hasFreeKeys);
  if (!isObject(schema)) return false;
  const { type, properties = null, additionalProperties = false, patternProperties } = schema;
  const isFree = additionalProperties !== false || patternProperties !== undefined;
  return (type === 'object' && (isFree || !isObject(properties))) || Object.values(schema).some(hasFreeKeys);
}

/** A schema that the provider can enforce; undefined for one it cannot, such as of objects with free keys. */
export function enforceable(schema: JsonObject): JsonObject | undefined {
  if (hasFreeKeys(schema)) return undefined;
  try {
    return transformJSONSchema(schema as never) as JsonObject;
  } catch {
    // It throws for what it cannot express; the model is then told in words.
    return undefined;
  }
}

function paramsOf(ask: Ask): Anthropic.MessageCreateParamsStreaming {
  const { model, messages, tools, maxTokens, temperature } = ask;
  const format = ask.schema && enforceable(ask.schema);
  const system = [ask.system, ask.schema && !format ? schemaInstruction(ask.schema) : undefined];
  return {
    model,
    max_tokens: maxTokens,
    messages: messages.map(messageOf),
    stream: true,
    ...(system.some(Boolean) && { system: system.filter(Boolean).join('\n\n') }),
    ...(format && { output_config: { format: { type: 'json_schema', schema: format } } }),
    ...(temperature !== undefined && { temperature }),
    ...(tools?.length && {
      tools: tools.map(({ name, description, inputSchema }) => ({
        name,
        description,
        input_schema: { ...inputSchema, type: 'object' as const },
      })),
    }),
  };
}

function turnOf(message: Anthropic.Message, inputs: Map<number, string>): Turn {
  const { usage, content } = message;
  const toolCalls = content.flatMap((block, index) =>
    block.type === 'tool_use'
      ? [toolCall(block.id, block.name, inputs.get(index) ?? JSON.stringify(block.input))]
      : [],
  );
  const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
  return {
    text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
    toolCalls,
    tokens: { input: usage.input_tokens + cached, output: usage.output_tokens },
    model: message.model,
    stopReason: STOPS[message.stop_reason ?? ''] ?? 'other',
    raw: JSON.parse(JSON.stringify({ provider: 'claude', content })) as Json,
  };
}

/** Speaks Anthropic's Messages API. */
export async function completeClaude(
  { baseUrl }: Endpoint,
  ask: Ask,
  fetch: typeof globalThis.fetch,
): Promise<Turn> {
  const client = new Anthropic({
    // The key is added by `fetch`; one must be named here, or the SDK looks for others on this machine.
    apiKey: 'unused',
    baseURL: baseUrl,
    webhookKey: null,
    maxRetries: 0,
    timeout: 2 ** 31 - 1,
    logLevel: 'off',
    openTelemetry: false,
    fetch,
  });
  const headers = ask.temperature === undefined ? {} : { 'anthropic-version': VERSION_WITH_TEMPERATURE };
  const stream = client.messages.stream(paramsOf(ask), { signal: ask.signal, headers });
  // The SDK mends cut-off JSON; a tool must not be called with half of its arguments.
  const inputs = new Map<number, string>();
  stream.on('streamEvent', (event) => {
    if (event.type !== 'content_block_delta' || event.delta.type !== 'input_json_delta') return;
    inputs.set(event.index, (inputs.get(event.index) ?? '') + event.delta.partial_json);
  });
  let before = '';
  stream.on('text', (delta) => {
    before += delta;
    ask.onText?.(before);
  });
  return turnOf(await stream.finalMessage(), inputs);
}

import type { Json, JsonObject } from '#shared/json.ts';
import {
  argumentsText,
  list,
  pieces,
  type SaidMessage,
  type ScriptedTurn,
  type Speech,
  textIn,
  usageOf,
} from './script.ts';

const STATUS_TYPES: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

function saidIn(message: JsonObject): SaidMessage {
  const blocks =
    typeof message.content === 'string' ? [{ type: 'text', text: message.content }] : list(message.content);
  const of = (type: string) => blocks.filter((block) => block.type === type);
  const results = of('tool_result').map((block) => ({
    callId: String(block.tool_use_id),
    content: textIn(block.content),
    isError: block.is_error === true,
  }));
  return {
    role: results.length > 0 ? 'tool' : (message.role as 'user' | 'assistant'),
    text: textIn(of('text')),
    attached: [...of('image'), ...of('document')].map((block) =>
      String((block.source as JsonObject).media_type),
    ),
    toolCalls: of('tool_use').map(({ id, name, input }) => ({
      id: String(id),
      name: String(name),
      arguments: input ?? null,
    })),
    results,
  };
}

const event = (type: string, data: JsonObject): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

const stopOf = ({ stop, toolCalls }: ScriptedTurn): string =>
  stop ?? (toolCalls?.length ? 'tool_use' : 'end_turn');

function headOf(turn: ScriptedTurn, model: string): JsonObject {
  const usage = { input_tokens: usageOf(turn).input, output_tokens: 1 };
  const name = turn.model ?? model;
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: name,
    content: [],
    stop_reason: null,
    usage,
  };
}

interface Block {
  start: JsonObject;
  deltas: JsonObject[];
}

function blocksOf({ text = '', toolCalls = [], signature, eventSize }: ScriptedTurn): Block[] {
  const thought: Block = {
    start: { type: 'thinking', thinking: '', signature: '' },
    deltas: [
      { type: 'thinking_delta', thinking: 'hm' },
      { type: 'signature_delta', signature: signature ?? '' },
    ],
  };
  const said: Block = {
    start: { type: 'text', text: '' },
    deltas: pieces(text, eventSize).map((piece) => ({ type: 'text_delta', text: piece })),
  };
  const calls = toolCalls.map((call, index) => ({
    start: { type: 'tool_use', id: call.id ?? `toolu_${index}`, name: call.name, input: {} },
    deltas: pieces(argumentsText(call), eventSize).map((piece) => ({
      type: 'input_json_delta',
      partial_json: piece,
    })),
  }));
  return [...(signature ? [thought] : []), ...(text === '' ? [] : [said]), ...calls];
}

export const claude: Speech = {
  said: (body) => {
    const format = (body.output_config as JsonObject | undefined)?.format as JsonObject | undefined;
    return {
      model: String(body.model),
      system: textIn(body.system),
      messages: list(body.messages).map(saidIn),
      tools: list(body.tools).map(({ name, description, input_schema }) => ({
        name: String(name),
        description: String(description),
        inputSchema: input_schema ?? null,
      })),
      schema: format?.schema,
      maxTokens: body.max_tokens as number | undefined,
      temperature: body.temperature as number | undefined,
    };
  },
  events: (turn, model) => [
    event('message_start', { message: headOf(turn, model) }),
    event('ping', {}),
    ...blocksOf(turn).flatMap(({ start, deltas }, index) => [
      event('content_block_start', { index, content_block: start }),
      ...deltas.map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ]),
    event('message_delta', {
      delta: { stop_reason: stopOf(turn), stop_sequence: null },
      usage: { output_tokens: usageOf(turn).output },
    }),
    event('message_stop', {}),
  ],
  whole: (turn, model) => {
    const { text = '', toolCalls = [] } = turn;
    const content: Json[] = [
      ...(text === '' ? [] : [{ type: 'text', text }]),
      ...toolCalls.map((call, index) => ({
        type: 'tool_use',
        id: call.id ?? `toolu_${index}`,
        name: call.name,
        input: call.arguments ?? {},
      })),
    ];
    const { input, output } = usageOf(turn);
    const usage = { input_tokens: input, output_tokens: output };
    return { ...headOf(turn, model), content, stop_reason: stopOf(turn), usage };
  },
  error: (status, kind, message) => {
    const type = kind === 'no_quota' ? 'billing_error' : (STATUS_TYPES[status] ?? 'api_error');
    return { type: 'error', error: { type, message } };
  },
  errorEvent: (message) => event('error', { error: { type: 'overloaded_error', message } }),
  malformed: 'event: content_block_delta\ndata: {"oops\n\n',
};

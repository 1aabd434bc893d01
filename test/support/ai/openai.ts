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

const mediaTypeOf = (url: Json | undefined): string => /^data:([^;]+)/.exec(String(url))?.[1] ?? '';

function parse(text: Json | undefined): Json {
  try {
    return JSON.parse(String(text)) as Json;
  } catch {
    // The tests send broken arguments back on purpose.
    return text ?? null;
  }
}

function saidIn(message: JsonObject): SaidMessage {
  const parts = list(message.content);
  const result = {
    callId: String(message.tool_call_id),
    content: textIn(message.content),
    isError: textIn(message.content).startsWith('Error: '),
  };
  return {
    role: message.role as SaidMessage['role'],
    text: textIn(message.content),
    attached: parts.flatMap(({ image_url, file }) =>
      image_url || file
        ? [mediaTypeOf((image_url as JsonObject)?.url ?? (file as JsonObject)?.file_data)]
        : [],
    ),
    toolCalls: list(message.tool_calls).map(({ id, function: called }) => ({
      id: String(id),
      name: String((called as JsonObject).name),
      arguments: parse((called as JsonObject).arguments),
    })),
    results: message.role === 'tool' ? [result] : [],
  };
}

const finishOf = ({ stop, toolCalls }: ScriptedTurn): string => {
  if (stop) return stop === 'refusal' ? 'content_filter' : 'length';
  return toolCalls?.length ? 'tool_calls' : 'stop';
};

const usageIn = (turn: ScriptedTurn): JsonObject => {
  const { input, output } = usageOf(turn);
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
};

const event = (data: Json): string => `data: ${JSON.stringify(data)}\n\n`;

function deltasOf({ text = '', toolCalls = [], eventSize }: ScriptedTurn): JsonObject[] {
  return [
    { role: 'assistant', content: '' },
    ...pieces(text, eventSize).map((content) => ({ content })),
    ...toolCalls.flatMap((call, index) => [
      {
        tool_calls: [
          {
            index,
            id: call.id ?? `call_openai_${index}`,
            type: 'function',
            function: { name: call.name, arguments: '' },
          },
        ],
      },
      ...pieces(argumentsText(call), eventSize).map((piece) => ({
        tool_calls: [{ index, function: { arguments: piece } }],
      })),
    ]),
  ];
}

export const openai: Speech = {
  said: (body) => {
    const messages = list(body.messages);
    const format = (body.response_format as JsonObject | undefined)?.json_schema as JsonObject | undefined;
    return {
      model: String(body.model),
      system: messages
        .filter(({ role }) => role === 'system')
        .map(({ content }) => textIn(content))
        .join('\n'),
      messages: messages.filter(({ role }) => role !== 'system').map(saidIn),
      tools: list(body.tools).map(({ function: tool }) => {
        const { name, description, parameters } = tool as JsonObject;
        return { name: String(name), description: String(description), inputSchema: parameters ?? null };
      }),
      schema: format?.schema,
      maxTokens: (body.max_completion_tokens ?? body.max_tokens) as number | undefined,
      temperature: body.temperature as number | undefined,
    };
  },
  events: (turn, model) => {
    const head = {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1,
      model: turn.model ?? model,
    };
    const chunk = (delta: JsonObject, finish_reason: string | null): string =>
      event({ ...head, choices: [{ index: 0, delta, finish_reason }] });
    return [
      ...deltasOf(turn).map((delta) => chunk(delta, null)),
      chunk({}, finishOf(turn)),
      event({ ...head, choices: [], usage: usageIn(turn) }),
      'data: [DONE]\n\n',
    ];
  },
  whole: (turn, model) => ({
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1,
    model: turn.model ?? model,
    choices: [
      {
        index: 0,
        finish_reason: finishOf(turn),
        message: {
          role: 'assistant',
          content: turn.text ?? null,
          ...(turn.toolCalls?.length && {
            tool_calls: turn.toolCalls.map((call, index) => ({
              id: call.id ?? `call_openai_${index}`,
              type: 'function',
              function: { name: call.name, arguments: argumentsText(call) },
            })),
          }),
        },
      },
    ],
    usage: usageIn(turn),
  }),
  error: (status, kind, message) => {
    if (kind === 'no_quota')
      return { error: { message, type: 'insufficient_quota', param: null, code: 'insufficient_quota' } };
    const code = { context_too_long: 'context_length_exceeded', wrong_key: 'invalid_api_key' }[
      kind as string
    ];
    const type = status >= 500 ? 'server_error' : 'invalid_request_error';
    return { error: { message, type, param: null, code: code ?? null } };
  },
  errorEvent: (message) => event({ error: { message, type: 'server_error', code: null } }),
  malformed: 'data: {"oops\n\n',
};

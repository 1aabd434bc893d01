import type { Json, JsonObject } from '#shared/json.ts';
import { list, pieces, type SaidMessage, type ScriptedTurn, type Speech, textIn, usageOf } from './script.ts';

const STATUS_NAMES: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  429: 'RESOURCE_EXHAUSTED',
  503: 'UNAVAILABLE',
};

const callsIn = (parts: JsonObject[], key: string): JsonObject[] =>
  parts.flatMap((part) => (part[key] ? [part[key] as JsonObject] : []));

function saidIn(message: JsonObject): SaidMessage {
  const parts = list(message.parts);
  const results = callsIn(parts, 'functionResponse').map(({ id, name, response }) => {
    const { output, error } = response as JsonObject;
    return { callId: String(id ?? name), content: String(output ?? error), isError: error !== undefined };
  });
  return {
    role: results.length > 0 ? 'tool' : message.role === 'model' ? 'assistant' : 'user',
    text: textIn(parts.filter(({ thought }) => thought !== true)),
    attached: callsIn(parts, 'inlineData').map(({ mimeType }) => String(mimeType)),
    toolCalls: callsIn(parts, 'functionCall').map(({ id, name, args }) => ({
      id: String(id ?? ''),
      name: String(name),
      arguments: args ?? null,
    })),
    results,
  };
}

const finishOf = ({ stop }: ScriptedTurn): string => {
  if (stop) return stop === 'refusal' ? 'SAFETY' : 'MAX_TOKENS';
  return 'STOP';
};

const usageIn = (turn: ScriptedTurn): JsonObject => {
  const { input, output } = usageOf(turn);
  const thoughts = output > 1 ? 1 : 0;
  return {
    promptTokenCount: input,
    candidatesTokenCount: output - thoughts,
    thoughtsTokenCount: thoughts,
    totalTokenCount: input + output,
  };
};

function callParts({ toolCalls = [], signature }: ScriptedTurn): JsonObject[] {
  return toolCalls.map(({ id, name, arguments: args = {} }, index) => ({
    functionCall: { ...(id !== undefined && { id }), name, args },
    ...(signature && index === 0 && { thoughtSignature: signature }),
  }));
}

function chunk(turn: ScriptedTurn, model: string, parts: JsonObject[], isLast: boolean): JsonObject {
  return {
    candidates: [
      { index: 0, content: { role: 'model', parts }, ...(isLast && { finishReason: finishOf(turn) }) },
    ],
    modelVersion: turn.model ?? model,
    ...(isLast && { usageMetadata: usageIn(turn) }),
  };
}

const event = (data: Json): string => `data: ${JSON.stringify(data)}\r\n\r\n`;

export const gemini: Speech = {
  said: (body, path) => {
    const config = (body.generationConfig ?? {}) as JsonObject;
    const declared = list(body.tools).flatMap(({ functionDeclarations }) => list(functionDeclarations));
    return {
      model: decodeURIComponent(/models\/([^:]+):/.exec(path)?.[1] ?? ''),
      system: textIn((body.systemInstruction as JsonObject | undefined)?.parts),
      messages: list(body.contents).map(saidIn),
      tools: declared.map(({ name, description, parametersJsonSchema }) => ({
        name: String(name),
        description: String(description),
        inputSchema: parametersJsonSchema ?? null,
      })),
      schema: config.responseJsonSchema,
      maxTokens: config.maxOutputTokens as number | undefined,
      temperature: config.temperature as number | undefined,
    };
  },
  events: (turn, model) => [
    ...pieces(turn.text ?? '', turn.eventSize).map((text) => event(chunk(turn, model, [{ text }], false))),
    event(chunk(turn, model, callParts(turn), true)),
  ],
  whole: (turn, model) =>
    chunk(turn, model, [...(turn.text ? [{ text: turn.text }] : []), ...callParts(turn)], true),
  error: (status, kind, message) => ({
    error: {
      code: status,
      message,
      status: STATUS_NAMES[status] ?? 'INTERNAL',
      details:
        kind === 'rate_limit'
          ? [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17.5s' }]
          : [],
    },
  }),
  errorEvent: (message) => event({ error: { code: 503, message, status: 'UNAVAILABLE' } }),
  malformed: 'data: {"oops\r\n\r\n',
};

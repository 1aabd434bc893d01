import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { messageOf } from '#shared/errors.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import { Terminal } from '../action.ts';
import { costOf } from './cost.ts';
import type { Ask, Provider, Tokens, Turn } from './provider.ts';

/** Problems of an answer that the model and the reader are told. */
const SHOWN_PROBLEMS = 10;

/** Characters of an answer that an error shows. */
const EXCERPT = 2_000;

/** What came of a question, repair included. */
export interface Reply {
  turn: Turn;
  /** Of all requests together. */
  tokens: Tokens;
  /** In US dollars; null where the model has no price. */
  cost: number | null;
  /** The answer as data, where a schema was given and the model did not refuse. */
  data?: Json;
}

/**
 * Compiles a JSON Schema: draft 2020-12, or draft-07 where it says so.
 * @throws Terminal `ai.bad_schema`
 */
export function compileSchema(schema: JsonObject): ValidateFunction {
  const isOld = typeof schema.$schema === 'string' && /draft-0[67]/.test(schema.$schema);
  const ajv = new (isOld ? Ajv : Ajv2020)({
    allErrors: true,
    strict: false,
    validateFormats: false,
    logger: false,
  });
  try {
    return ajv.compile(schema);
  } catch (thrown) {
    throw new Terminal('ai.bad_schema', `The schema is not a JSON Schema: ${messageOf(thrown)}.`, {
      fix: 'Correct the parameter schema.',
      cause: thrown,
    });
  }
}

/** Reads JSON that may stand in a code fence: small models cannot leave it. */
function parseAnswer(text: string): { data: Json } | { problem: string } {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?```\s*$/.exec(text);
  try {
    return { data: JSON.parse(fenced?.[1] ?? text) as Json };
  } catch (thrown) {
    return { problem: `it is not JSON (${messageOf(thrown)})` };
  }
}

const problemOf = ({ instancePath, message, params }: ErrorObject): string =>
  `${instancePath || 'the value'} ${message ?? 'is wrong'} ${JSON.stringify(params).slice(0, 200)}`;

/** An answer as data, or what is wrong with it. */
export function checkAnswer(
  text: string,
  isValid: ValidateFunction,
): { data: Json } | { problems: string[] } {
  const answer = parseAnswer(text);
  if ('problem' in answer) return { problems: [answer.problem] };
  if (isValid(answer.data)) return answer;
  return { problems: (isValid.errors ?? []).slice(0, SHOWN_PROBLEMS).map(problemOf) };
}

const plus = (a: Tokens, b: Tokens): Tokens => ({ input: a.input + b.input, output: a.output + b.output });

/** What an answer cost, by the model that gave it or else the one that was asked; null where neither has a price. */
export const costOfTurn = (turn: Turn, asked: string): number | null =>
  costOf(turn.model, turn.tokens) ?? costOf(asked, turn.tokens);

function repairOf(ask: Ask, turn: Turn, problems: string[]): Ask {
  const text = [
    'That answer does not follow the schema:',
    ...problems.map((problem) => `- ${problem}`),
    'Answer again with nothing but the corrected JSON.',
  ].join('\n');
  const said = {
    role: 'assistant' as const,
    content: [{ type: 'text' as const, text: turn.text }],
    raw: turn.raw,
  };
  return {
    ...ask,
    idempotencyKey: `${ask.idempotencyKey}/repair`,
    messages: [
      ...ask.messages,
      ...(turn.text === '' ? [] : [said]),
      { role: 'user', content: [{ type: 'text', text }] },
    ],
  };
}

function invalid(turn: Turn, problems: string[]): Terminal {
  const wasCut = turn.stopReason === 'max_tokens';
  const why = wasCut ? 'it was cut off at maxTokens' : problems.join('; ');
  return new Terminal(
    'ai.invalid_output',
    `The answer of ${turn.model} does not follow the schema: ${why}.`,
    {
      fix: wasCut
        ? 'Raise maxTokens.'
        : 'Make the schema simpler, describe its fields, or use another model.',
      details: { problems, response: turn.text.slice(0, EXCERPT) },
    },
  );
}

/**
 * Asks a model; where `ask.schema` is set, its answer is checked, and the model gets one chance to mend it.
 * @throws what `complete` throws; Terminal `ai.bad_schema`, `ai.invalid_output`
 */
export async function askFor(provider: Provider, ask: Ask): Promise<Reply> {
  const isValid = ask.schema && compileSchema(ask.schema);
  const first = await provider.complete(ask);
  const reply = { turn: first, tokens: first.tokens, cost: costOfTurn(first, ask.model) };
  if (!isValid || first.stopReason === 'refusal') return reply;
  const result = checkAnswer(first.text, isValid);
  if ('data' in result) return { ...reply, data: result.data };
  if (first.stopReason === 'max_tokens') throw invalid(first, result.problems);
  const second = await provider.complete(repairOf(ask, first, result.problems));
  const more = costOfTurn(second, ask.model);
  const both = {
    turn: second,
    tokens: plus(first.tokens, second.tokens),
    cost: reply.cost === null || more === null ? null : Number((reply.cost + more).toFixed(9)),
  };
  if (second.stopReason === 'refusal') return both;
  const mended = checkAnswer(second.text, isValid);
  if ('data' in mended) return { ...both, data: mended.data };
  throw invalid(second, mended.problems);
}

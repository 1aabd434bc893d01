import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { StepError } from '../../machine/protocol.ts';
import type { StepRun } from '../../machine/step-run.ts';
import type { FrameResult, StepType } from '../../machine/step-type.ts';
import { configSchema } from './config.ts';
import { APPROVAL, CALL, listOf } from './lists.ts';
import { toolName, toolsOf } from './tools.ts';

/** Turns a model gets unless `limits.turns` says otherwise. */
const MOST_TURNS = 20;

/** Calls one turn may ask for; the rest are refused, for the model to ask again. */
const MOST_CALLS = 16;

type Tokens = { input: number; output: number };

/** A call the model asked for; `key` is its frame's, absent where it could not be made. */
type Call = { callId: string; name: string; key?: string; refused?: string };

/** What an agent remembers between events. The conversation itself is stored; this holds its reference. */
interface Memo extends JsonObject {
  turn: number;
  conversation: string | null;
  /** What the next turn is told: results of calls, and a note of ours. */
  results: Json[];
  note: string | null;
  tokens: Tokens;
  cost: number | null;
  calls: Json[];
  toolCalls: number;
  /** The turn before which the conversation was last summed up. */
  compacted: number;
}

/** What a turn of the model gives; see the action `ai.turn`. */
interface TurnOutput {
  text: string;
  toolCalls: { id: string; name: string; arguments: JsonObject; malformed?: string }[];
  tokens: Tokens;
  cost: number | null;
  model: string;
  stopReason: string;
  conversation: string;
  data?: Json;
  /** What is wrong with a final answer that does not follow the schema. */
  invalid?: string;
}

const memoOf = (run: StepRun): Memo => run.memo as Memo;

function openTurn(run: StepRun): void {
  const memo = memoOf(run);
  const limit = exceeded(run, memo);
  if (limit) {
    run.fail(limit);
    return;
  }
  memo.turn++;
  const { conversation, results, note } = memo;
  run.openFrame(String(memo.turn), { conversation, results, note });
}

/** The limit that leaves no room for another turn. */
function exceeded({ path, step }: StepRun, { turn, tokens, cost }: Memo): StepError | undefined {
  const { turns = MOST_TURNS, tokens: mostTokens, cost: mostCost } = (step.config.limits ?? {}) as JsonObject;
  const used = tokens.input + tokens.output;
  const over = (what: string, limit: Json, spent: number): StepError => ({
    code: `limit.${what}`,
    message: `The agent "${path}" has reached its limit of ${limit} ${what === 'cost' ? 'US dollars' : what}, with ${spent} used.`,
    fix: `Raise limits.${what}, or give it a smaller goal.`,
    details: { turns: turn, tokens, cost },
  });
  if (turn >= Number(turns)) return over('turns', turns, turn);
  if (mostTokens !== undefined && used >= Number(mostTokens)) return over('tokens', mostTokens, used);
  if (mostCost !== undefined && (cost ?? 0) >= Number(mostCost)) return over('cost', mostCost, cost ?? 0);
  return undefined;
}

const sum = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : Math.round((a + b) * 1e9) / 1e9;

function spend(memo: Memo, { tokens, cost }: Pick<TurnOutput, 'tokens' | 'cost'>): void {
  memo.tokens = { input: memo.tokens.input + tokens.input, output: memo.tokens.output + tokens.output };
  memo.cost = sum(memo.cost, cost);
}

/** Whether a value is what a turn gives: a person may have completed one by hand. */
const isTurn = (value: Json): value is Json & TurnOutput =>
  isObject(value) &&
  Array.isArray(value.toolCalls) &&
  isObject(value.tokens) &&
  typeof value.conversation === 'string';

const notATurn = (path: string): StepError => ({
  code: 'ai_flow.bad_turn',
  message: `A turn of the agent "${path}" gave something that is no answer of a model.`,
  fix: 'Let the model answer: retry the turn instead of completing it by hand.',
});

function turnEnded(run: StepRun, result: FrameResult): void {
  const memo = memoOf(run);
  const { error } = result;
  if (result.outcome !== 'success') {
    if (error?.code === 'ai.context_too_long' && memo.conversation !== null && memo.compacted < memo.turn)
      openCompaction(run);
    else run.fail(error ?? { code: 'ai_flow.failed', message: `Turn ${memo.turn} failed.` });
    return;
  }
  const turn = result.output;
  if (!isTurn(turn)) {
    run.fail(notATurn(run.path));
    return;
  }
  spend(memo, turn);
  Object.assign(memo, { conversation: turn.conversation, results: [], note: turn.invalid ?? null });
  if (turn.toolCalls.length > 0) callTools(run, turn);
  else if (turn.invalid !== undefined) openTurn(run);
  else succeed(run, turn);
}

function succeed(run: StepRun, { text, data, model, stopReason }: TurnOutput): void {
  const { turn, tokens, cost, toolCalls, conversation } = memoOf(run);
  run.succeed({
    response: text,
    ...(data !== undefined && { data }),
    tokens,
    cost,
    model,
    stopReason,
    turns: turn,
    toolCalls,
    conversation,
  });
}

/** Before the same turn is tried again, what was said so far is summed up. */
function openCompaction(run: StepRun): void {
  const memo = memoOf(run);
  const { turn, conversation, results } = memo;
  memo.compacted = turn;
  run.openFrame(`${turn}-compact`, { conversation, results, note: null });
}

function compactionEnded(run: StepRun, result: FrameResult): void {
  const memo = memoOf(run);
  if (result.outcome !== 'success') {
    run.fail(result.error ?? { code: 'ai_flow.failed', message: 'The conversation could not be summed up.' });
    return;
  }
  const summary = { toolCalls: [], ...(isObject(result.output) && result.output) };
  if (!isTurn(summary)) {
    run.fail(notATurn(run.path));
    return;
  }
  spend(memo, summary);
  Object.assign(memo, { conversation: summary.conversation, results: [], note: null });
  openTurn(run);
}

function callTools(run: StepRun, { toolCalls }: TurnOutput): void {
  const memo = memoOf(run);
  const known = toolsOf(run.step.config).map(toolName);
  const refusal = (call: TurnOutput['toolCalls'][number], position: number): string | undefined => {
    if (position >= MOST_CALLS)
      return `Only ${MOST_CALLS} calls are made in one turn; ask for this one again.`;
    if (!known.includes(call.name))
      return `There is no tool "${call.name}". The tools are: ${known.join(', ')}.`;
    return call.malformed === undefined ? undefined : `The arguments are no JSON object: ${call.malformed}`;
  };
  const calls = toolCalls.map((call, position): Call => {
    const refused = refusal(call, position);
    const base = { callId: call.id, name: call.name };
    return refused === undefined
      ? { ...base, key: `${memo.turn}-${position + 1}:${call.name}` }
      : { ...base, refused };
  });
  memo.calls = calls as unknown as Json[];
  memo.toolCalls += calls.length;
  for (const [position, { key }] of calls.entries())
    if (key !== undefined) run.openFrame(key, { given: toolCalls[position]?.arguments ?? {} });
  if (run.openFrames === 0) toolsEnded(run);
}

/** The results of all calls of a turn, as the model is told them: data, and never a template. */
function toolsEnded(run: StepRun): void {
  const memo = memoOf(run);
  memo.results = (memo.calls as unknown as Call[]).map(({ callId, name, key, refused }) => {
    const { output, isError } =
      key === undefined ? { output: refused ?? '', isError: true } : resultOf(run, key);
    return { callId, name, output, isError };
  });
  memo.calls = [];
  openTurn(run);
}

function resultOf(run: StepRun, key: string): { output: Json; isError: boolean } {
  const call = run.inside(key, CALL);
  if (call?.status === 'success') return { output: call.output ?? null, isError: false };
  if (call?.error) {
    const { code, message, details } = call.error;
    return { output: { code, message, ...(details !== undefined && { details }) }, isError: true };
  }
  const decision = run.inside(key, APPROVAL)?.output;
  const reason = isObject(decision) ? decision.reason : undefined;
  return {
    output: `The call was not made. ${typeof reason === 'string' ? reason : ''}`.trim(),
    isError: true,
  };
}

export const aiFlow: StepType = {
  type: 'ai_flow',
  title: 'AI agent',
  description:
    'A model works towards a goal with tools. Every turn and every call is kept, so that none is paid twice.',
  icon: 'bot',
  config: configSchema,
  examples: [
    `
- id: fix
  type: ai_flow
  config:
    goal: "Find out why config.json is not valid JSON, and mend it."
    provider: claude
    tools:
      - { action: file.read }
      - { action: file.write, approval: true }
    limits: { turns: 10, cost: 0.5 }
  timeout: 15m`,
  ],
  nested: { map: (config) => config, list: listOf },
  tools: toolsOf,
  start(run) {
    run.memo = {
      turn: 0,
      conversation: null,
      results: [],
      note: null,
      tokens: { input: 0, output: 0 },
      cost: 0,
      calls: [],
      toolCalls: 0,
      compacted: 0,
    } satisfies Memo;
    openTurn(run);
  },
  frameClosed(run, key, result) {
    if (/^\d+$/.test(key)) turnEnded(run, result);
    else if (key.endsWith('-compact')) compactionEnded(run, result);
    else if (run.openFrames === 0) toolsEnded(run);
  },
};

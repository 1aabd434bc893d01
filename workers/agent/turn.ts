import { z } from 'zod';
import type { Json, JsonObject } from '#shared/json.ts';
import { extendConversation, loadConversation } from '#shared/node/conversation.ts';
import { TURN } from '#shared/steps/ai-flow/lists.ts';
import { defineAction } from '../action.ts';
import { reporter } from '../ai/progress.ts';
import type { Message, Turn } from '../ai/provider.ts';
import { schemaInstruction } from '../ai/schema-instruction.ts';
import { checkAnswer, compileSchema, costOfTurn } from '../ai/structured.ts';
import type { Registry } from '../registry.ts';
import { answered, said } from './messages.ts';
import { modelInput, modelOf, modelOutput } from './model.ts';
import { toolReference, toolSpecs } from './tool-specs.ts';

const input = z.strictObject({
  ...modelInput,
  goal: z.string().optional(),
  note: z.string().nullable(),
  tools: z.array(toolReference),
  schema: z.record(z.string(), z.json()).optional(),
});

const output = z.object({
  ...modelOutput,
  text: z.string(),
  toolCalls: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      arguments: z.record(z.string(), z.json()),
      malformed: z.string().optional(),
    }),
  ),
  stopReason: z.string(),
  data: z.json().optional(),
  invalid: z.string().optional(),
});

/** A final answer held to the schema: as data, or with what is wrong with it. */
function judged(turn: Turn, schema: JsonObject | undefined) {
  if (!schema || turn.toolCalls.length > 0 || turn.stopReason === 'refusal') return {};
  const result = checkAnswer(turn.text, compileSchema(schema));
  if ('data' in result) return { data: result.data };
  const problems = result.problems.map((problem) => `- ${problem}`).join('\n');
  return { invalid: `That answer does not follow the schema:\n${problems}\n${schemaInstruction(schema)}` };
}

/**
 * One answer of an agent's model. It is an action like any other, kept in the history with what it cost; only the
 * steps that `ai_flow` makes use it. What was said before is stored, and comes and goes as a reference.
 */
export const turnAction = (registry: Registry) =>
  defineAction({
    type: TURN,
    title: 'Model turn',
    description: 'Asks the model of an agent for its next step.',
    icon: 'bot',
    input,
    output,
    effect: 'read',
    idempotent: true,
    examples: [],
    async run(attempt) {
      const { input, blobs, signal, idempotencyKey, report } = attempt;
      const { goal, results, note, tools, schema, maxTokens, temperature } = input;
      const { provider, model } = modelOf(attempt);
      const news = said(goal, results, note);
      const specs = await toolSpecs(tools, registry, attempt);
      // Not every model can both call tools and be held to a schema; asked in words, all of them try.
      const isInWords = schema !== undefined && specs.length > 0;
      const system = [
        input.system,
        isInWords ? `Once you are done: ${schemaInstruction(schema)}` : undefined,
      ];
      const turn = await provider.complete({
        model,
        system: system.filter((part) => part !== undefined).join('\n\n') || undefined,
        messages: [...((await loadConversation(blobs, input.conversation)) as Message[]), ...news],
        tools: specs.length > 0 ? specs : undefined,
        schema: isInWords ? undefined : schema,
        maxTokens,
        temperature,
        signal,
        idempotencyKey,
        onText: reporter(report),
      });
      return {
        text: turn.text,
        toolCalls: turn.toolCalls,
        tokens: turn.tokens,
        cost: costOfTurn(turn, model),
        model: turn.model,
        stopReason: turn.stopReason,
        conversation: await extendConversation(blobs, input.conversation, [
          ...news,
          answered(turn),
        ] as Json[]),
        ...judged(turn, schema),
      };
    },
  });

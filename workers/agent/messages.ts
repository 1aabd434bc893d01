import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import type { Message, ToolResult, Turn } from '../ai/provider.ts';

/** Characters of one result that a model is given; of a longer one it is told how much is missing. */
const LONGEST_RESULT = 100_000;

/** What a call of a tool gave, as the machine reports it. */
export const callResult = z.strictObject({
  callId: z.string(),
  name: z.string(),
  output: z.json(),
  isError: z.boolean(),
});

type CallResult = z.infer<typeof callResult>;

export const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });

function textOf(output: Json): string {
  const text = typeof output === 'string' ? output : JSON.stringify(output);
  if (text.length <= LONGEST_RESULT) return text;
  return `${text.slice(0, LONGEST_RESULT)}\n[${text.length - LONGEST_RESULT} more characters were left out]`;
}

/** What a turn begins with: the goal, what the calls gave, and what we have to say about the last answer. */
export function said(goal: string | undefined, results: CallResult[], note: string | null): Message[] {
  const toolResults = results.map(
    ({ callId, name, output, isError }): ToolResult => ({ callId, name, content: textOf(output), isError }),
  );
  return [
    ...(goal === undefined ? [] : [user(goal)]),
    ...(toolResults.length > 0 ? [{ role: 'tool' as const, results: toolResults }] : []),
    ...(note === null ? [] : [user(note)]),
  ];
}

/** What the model said, as the conversation keeps it. */
export const answered = ({ text, toolCalls, raw }: Turn): Message => ({
  role: 'assistant',
  content: text === '' ? [] : [{ type: 'text', text }],
  ...(toolCalls.length > 0 && { toolCalls }),
  ...(raw !== undefined && { raw }),
});

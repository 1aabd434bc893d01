import { AppError } from '#shared/errors.ts';
import { isObject, type Json } from '#shared/json.ts';
import { loadConversation } from '#shared/node/conversation.ts';
import type { Deps } from '../deps.ts';
import { readExecution } from './read.ts';

const conversationIn = (output: Json): string | undefined =>
  isObject(output) && typeof output.conversation === 'string' ? output.conversation : undefined;

/**
 * What an agent and its tools have said so far. `path` is that of the agent's step, or of one of its turns for what
 * was said up to then.
 * @throws AppError `execution.not_found`, `step.no_transcript`
 */
export async function readTranscript(deps: Deps, id: string, path: string): Promise<{ messages: Json[] }> {
  const { steps } = await readExecution(deps, id);
  const inside = steps.filter((step) => step.path === path || step.path.startsWith(`${path}[`));
  const own = steps.find((step) => step.path === path);
  const ref =
    conversationIn(own?.output ?? null) ??
    inside.map(({ output }) => conversationIn(output)).findLast(Boolean);
  if (ref !== undefined) return { messages: await loadConversation(deps.blobs, ref) };
  throw new AppError('step.no_transcript', `No agent has said anything at "${path}" of this execution.`, {
    fix: 'Take the path of a step of type ai_flow from the execution view, and wait for its first turn.',
  });
}

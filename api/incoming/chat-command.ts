import { messageOf } from '#shared/errors.ts';
import type { JsonObject } from '#shared/json.ts';
import { chatConfig } from '#shared/triggers/chat.ts';
import { holds } from '#shared/triggers/when.ts';
import type { Deps } from '../deps.ts';
import { isPassing } from '../http/problems.ts';
import type { ChatMessage } from '../store/chat.ts';
import type { TriggerRecord } from '../store/triggers.ts';
import { triggersOn } from '../triggers/wanted.ts';
import { fire } from './fire.ts';

/** A message that begins with a command, taken apart: `/deploy web to staging`. */
function commandOf({ text, role }: Pick<ChatMessage, 'text' | 'role'>) {
  const [, command, rest = ''] = /^(\/[a-z0-9][a-z0-9_-]{0,49})(?:\s+([\s\S]*))?$/.exec(text.trim()) ?? [];
  return role === 'user' && command !== undefined ? { command, text: rest.trim() } : undefined;
}

interface Answer {
  text: string;
  executionId: string | null;
}

/** What a trigger makes of a command; `undefined` where it is not meant. */
async function answerOf(
  deps: Deps,
  trigger: TriggerRecord,
  event: JsonObject,
  key: string,
): Promise<Answer | undefined> {
  const { command, session, when } = chatConfig.parse(trigger.config);
  if (command !== event.command || (session ?? event.session) !== event.session) return undefined;
  try {
    if (!holds(when, event)) return undefined;
    const executionId = await fire(deps, trigger, event, key);
    return { text: `Started ${trigger.workflowId}.`, executionId };
  } catch (thrown) {
    if (isPassing(thrown)) throw thrown;
    return { text: `${trigger.workflowId} could not start: ${messageOf(thrown)}`, executionId: null };
  }
}

/**
 * Starts the workflows that take a message's command, and says in its session what became of it. Done again for the same
 * message, known by the key it was sent under, it starts and says nothing again. Its number will not do: once a session
 * is deleted, its messages' numbers may be given again.
 * @throws AppError `temporal.*`: the message is kept, and sending it again with its key starts what it starts
 */
export async function runCommand(deps: Deps, message: ChatMessage, key: string): Promise<void> {
  const command = commandOf(message);
  if (!command) return;
  const { id, sessionId, author } = message;
  const event = { ...command, session: sessionId, author, messageId: id };
  const say = (answer: Answer, from: string) =>
    deps.store.chat.append({
      sessionId,
      role: 'workflow',
      author: null,
      data: null,
      key: `answer ${from} ${key}`,
      ...answer,
    });
  let isTaken = false;
  for (const trigger of await triggersOn(deps, 'chat')) {
    const answer = await answerOf(deps, trigger, event, `chat ${key}`);
    if (!answer) continue;
    isTaken = true;
    await say(answer, trigger.id);
  }
  if (!isTaken)
    await say({ text: `No workflow takes the command ${command.command}.`, executionId: null }, '');
}

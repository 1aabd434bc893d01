import { createHash } from 'node:crypto';
import { isObject } from '#shared/json.ts';
import type { ToolCall } from './provider.ts';

/** A call whose arguments came as text; what is no JSON object is kept as it came, for the model to be told. */
export function toolCall(id: string, name: string, text: string): ToolCall {
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text);
    if (isObject(value)) return { id, name, arguments: value };
  } catch {
    // Said by `malformed` below: models do write broken JSON, and are cut off in the middle of it.
  }
  return { id, name, arguments: {}, malformed: text };
}

/** An id for a call that came without one: the same when the same question is asked again. */
export const callId = (idempotencyKey: string, index: number): string =>
  `call_${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 16)}_${index}`;

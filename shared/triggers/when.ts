import { z } from 'zod';
import { messageOf } from '../errors.ts';
import { condition, evaluate, references, scopeOf } from '../expression/index.ts';
import type { JsonObject } from '../json.ts';

/** Why a text is no condition on an event; `undefined` where it is one. */
function problemOf(text: string): string | undefined {
  try {
    condition(text);
    const stranger = references(text).find(({ path }) => path[0] !== 'trigger');
    return stranger && `It sees the event only, as trigger; there is no ${stranger.path[0]} before a run.`;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** A condition on the event that a trigger fires with. */
export const whenSchema = z
  .string()
  .min(1)
  .max(10_000)
  .superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ description: 'An expression over the event, as trigger; only where it holds a run starts.' });

/**
 * Whether an event is one that a trigger is to fire for.
 * @throws AppError `expression.*` where the condition cannot be evaluated against it
 */
export const holds = (when: string | undefined, event: JsonObject): boolean =>
  when === undefined || Boolean(evaluate(condition(when), scopeOf({ trigger: event })));

import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Event, StepError } from './protocol.ts';

/** An activity's failure, reduced to what both the live workflow and a recorded history know of it. */
export type ActivityEnd =
  | { kind: 'application'; code: string; message: string; facts: Json }
  | { kind: 'timeout'; timeout: string }
  | { kind: 'cancelled' };

const TIMEOUTS: Record<string, string> = {
  SCHEDULE_TO_CLOSE: 'It could not be finished within the time allowed for all its attempts.',
  SCHEDULE_TO_START: 'No worker took it up in time.',
};

function cutOff(path: string, timeout: string): StepError {
  const reason = TIMEOUTS[timeout] ?? 'The worker that ran it stopped answering.';
  return {
    code: 'action.cut_off',
    message: `The action of step "${path}" was cut off. ${reason}`,
    step: path,
    fix: 'Check whether it took effect, then retry from this step.',
  };
}

function applicationError(path: string, end: Extract<ActivityEnd, { kind: 'application' }>): StepError {
  const facts: JsonObject = isObject(end.facts) ? end.facts : {};
  return {
    code: end.code,
    message: end.message,
    step: path,
    ...(typeof facts.fix === 'string' && { fix: facts.fix }),
    ...(facts.details !== undefined && { details: facts.details }),
  };
}

/** The machine's event for an activity that did not complete. */
export function failureEvent(path: string, at: number, end: ActivityEnd): Event {
  if (end.kind === 'cancelled') return { type: 'cancelled', path, at };
  if (end.kind === 'timeout')
    return { type: 'failed', path, at, error: cutOff(path, end.timeout), cutOff: true };
  const isUnknown = end.code === 'action.outcome_unknown';
  return { type: 'failed', path, at, error: applicationError(path, end), ...(isUnknown && { cutOff: true }) };
}

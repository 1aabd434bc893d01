import type { RetryPolicy } from '#shared/definition/workflow.ts';
import { durationOf, formatDuration } from '#shared/duration.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';

/** What holds where neither the action, the workflow nor the step says otherwise; intervals are milliseconds. */
const STANDARD: RetryPolicy = {
  maximumAttempts: 3,
  initialInterval: 1_000,
  backoffCoefficient: 2,
  maximumInterval: 60_000,
  nonRetryableErrors: [],
};

const numberIn = (value: Json | undefined, otherwise: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? value : otherwise;

/** The policy that holds, from what is written at each level, the last one winning. */
export function policyOf(...levels: (Json | undefined)[]): RetryPolicy {
  const given: JsonObject = Object.assign({}, ...levels.filter(isObject));
  const errors = given.nonRetryableErrors;
  return {
    maximumAttempts: numberIn(given.maximumAttempts, STANDARD.maximumAttempts),
    initialInterval:
      durationOf(given.initialInterval ?? STANDARD.initialInterval) ?? STANDARD.initialInterval,
    backoffCoefficient: numberIn(given.backoffCoefficient, STANDARD.backoffCoefficient),
    maximumInterval:
      durationOf(given.maximumInterval ?? STANDARD.maximumInterval) ?? STANDARD.maximumInterval,
    nonRetryableErrors: Array.isArray(errors) ? errors.filter((error) => typeof error === 'string') : [],
  };
}

/** The first waits between attempts, in milliseconds; at most `most` of them. */
export function waitsOf(policy: RetryPolicy, most = 100): number[] {
  const { maximumAttempts, initialInterval, backoffCoefficient, maximumInterval } = policy;
  const count = Math.max(0, Math.min(most, maximumAttempts - 1));
  return Array.from({ length: count }, (_, index) =>
    Math.round(Math.min(maximumInterval, initialInterval * backoffCoefficient ** index)),
  );
}

const UNITS: [string, number][] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
];

/** `1 s`, `1.5 min`, `300 ms` of milliseconds. */
export function waitText(milliseconds: number): string {
  const [unit, size] = UNITS.find(([, length]) => milliseconds >= length) ?? ['ms', 1];
  return `${Number((milliseconds / size).toFixed(1))} ${unit}`;
}

const SHOWN = 4;

/** A policy as people say it: `3 attempts, after 1 s and 2 s`. */
export function retryText(policy: RetryPolicy): string {
  if (policy.maximumAttempts <= 1) return '1 attempt, no retries';
  const waits = waitsOf(policy, SHOWN + 1).map(waitText);
  const isCut = policy.maximumAttempts - 1 > SHOWN;
  const shown = isCut ? [...waits.slice(0, SHOWN - 1), 'so on'] : waits;
  const list = shown.length === 1 ? shown[0] : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
  const limit = isCut ? `, at most ${waitText(policy.maximumInterval)}` : '';
  return `${policy.maximumAttempts} attempts, after ${list}${limit}`;
}

const duration = (standard: number, description: string): JsonObject => ({
  format: 'duration',
  type: ['number', 'string'],
  default: formatDuration(standard),
  description,
});

/** JSON Schema of a retry policy, with what holds where nothing is written. */
export function retrySchema(holds: RetryPolicy): JsonObject {
  return {
    type: 'object',
    properties: {
      maximumAttempts: {
        type: 'integer',
        minimum: 1,
        maximum: 1_000,
        default: holds.maximumAttempts,
        description: 'Attempts in all, the first included',
      },
      initialInterval: duration(holds.initialInterval, 'Wait before the second attempt'),
      backoffCoefficient: {
        type: 'number',
        minimum: 1,
        maximum: 100,
        default: holds.backoffCoefficient,
        description: 'How much longer each wait is than the one before',
      },
      maximumInterval: duration(holds.maximumInterval, 'Longest wait'),
      nonRetryableErrors: {
        type: 'array',
        items: { type: 'string' },
        default: holds.nonRetryableErrors,
        description: 'Codes of errors that end the step at once',
      },
    },
    additionalProperties: false,
  };
}

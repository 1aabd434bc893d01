import { LONGEST, parseDuration } from '../duration.ts';
import { AppError } from '../errors.ts';
import type { Json } from '../json.ts';
import type { StepRun } from '../machine/step-run.ts';
import type { StepType } from '../machine/step-type.ts';

function instant(value: Json, path: string, now: number): number {
  const at = typeof value === 'number' ? value : Date.parse(String(value));
  if (Math.abs(at - now) <= LONGEST) return at;
  throw new AppError(
    'step.invalid_time',
    `Step "${path}" waits until ${JSON.stringify(value)}, which is no time within ten years of now.`,
    {
      fix: 'Give an ISO 8601 time such as 2027-01-31T09:00:00Z, or milliseconds since the epoch.',
    },
  );
}

function milliseconds(run: StepRun): number {
  const config = run.step.config;
  if (config.until !== undefined)
    return Math.max(0, instant(run.render(config.until), run.path, run.now) - run.now);
  return parseDuration(run.render(config.for ?? 0));
}

export const delay: StepType = {
  type: 'delay',
  title: 'Delay',
  description:
    'Waits for a time or until an instant. Costs nothing while it waits, and survives any restart.',
  icon: 'clock',
  config: ({ z, duration, value }) =>
    z.union([z.strictObject({ for: duration }), z.strictObject({ until: value })]),
  examples: [
    `
- { id: breathe, type: delay, config: { for: 50ms } }`,
  ],
  start(run) {
    run.wait(milliseconds(run));
  },
  timerFired(run) {
    run.succeed({ waitedUntil: new Date(run.now).toISOString() });
  },
};

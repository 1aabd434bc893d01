import { Cron } from 'croner';
import { z } from 'zod';
import { durationOf } from '../duration.ts';
import type { TriggerType } from './trigger-type.ts';

/** Whether Temporal and people agree that this is a cron expression: five fields, or a name such as @daily. */
function isCron(text: string): boolean {
  if (/^@(yearly|annually|monthly|weekly|daily|midnight|hourly)$/.test(text)) return true;
  if (text.trim().split(/\s+/).length !== 5) return false;
  try {
    return new Cron(text, { paused: true }) !== undefined;
  } catch {
    return false;
  }
}

function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** When a schedule fires, and what happens around it. */
export const scheduleConfig = z
  .strictObject({
    cron: z
      .string()
      .refine(isCron, 'This is no cron expression: five fields, such as 0 9 * * 1-5.')
      .optional(),
    every: z
      .union([z.int().min(1_000), z.string()])
      .refine((every) => (durationOf(every) ?? 0) >= 1_000, 'An interval is at least 1s.')
      .optional(),
    timezone: z
      .string()
      .refine(isZone, 'There is no such time zone; use an IANA name such as Europe/Berlin.')
      .default('UTC'),
    overlap: z.enum(['skip', 'queue_one', 'queue_all', 'cancel_running', 'allow']).default('skip'),
    catchup: z
      .union([z.int().min(0), z.string()])
      .refine((catchup) => durationOf(catchup) !== undefined, 'This is no duration.')
      .default('10m')
      .meta({ description: 'How late a missed start may still be made up for.' }),
    jitter: z
      .union([z.int().min(0), z.string()])
      .refine((jitter) => durationOf(jitter) !== undefined, 'This is no duration.')
      .optional(),
  })
  .refine(({ cron, every }) => (cron === undefined) !== (every === undefined), {
    message: 'A schedule takes exactly one of cron and every.',
  });

export type ScheduleConfig = z.infer<typeof scheduleConfig>;

export const schedule: TriggerType = {
  type: 'schedule',
  title: 'Schedule',
  description: 'At times given by a cron expression or an interval, in any time zone.',
  icon: 'calendar-clock',
  config: scheduleConfig,
  sample: { scheduledTime: '2027-01-31T09:00:00.000Z' },
};

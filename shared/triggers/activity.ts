import { z } from 'zod';
import type { TriggerType } from './trigger-type.ts';
import { whenSchema } from './when.ts';

/** Which activity events start a run. */
export const activityConfig = z.strictObject({
  event: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: 'Name of the event, or a pattern such as build.* or deploy.{start,end}.' }),
  when: whenSchema.optional(),
});

export const activity: TriggerType = {
  type: 'activity',
  title: 'Activity',
  description: 'Something happened elsewhere: posted to /api/events, or told by another workflow.',
  icon: 'activity',
  config: activityConfig,
  sample: { eventId: 1, event: 'build.failed', source: 'ci', data: { branch: 'main' } },
};

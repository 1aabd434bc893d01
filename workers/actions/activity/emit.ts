import { z } from 'zod';
import { defineAction } from '../../action.ts';
import { tellEvent, told } from '../_event.ts';

const input = z.strictObject({
  event: z.string().min(1).max(200).describe('What happened, such as report.ready'),
  data: z.json().default({}).describe('What there is to tell of it, up to 256 KiB'),
});

export default defineAction({
  type: 'activity.emit',
  title: 'Tell an activity event',
  description:
    'Tells that something happened, once however often the step is tried; starts the workflows that wait for such events.',
  icon: 'activity',
  input,
  output: told,
  effect: 'write',
  idempotent: true,
  examples: [
    {
      title: 'Say that a report is ready',
      input: { event: 'report.ready', data: { path: 'reports/today.md' } },
      needsNetwork: true,
    },
  ],
  dryRun: ({ event }) => `Tell the activity event ${event}.`,
  run: (attempt) => tellEvent(attempt, '/events', attempt.input),
});

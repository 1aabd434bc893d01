import { scheduleActivity } from '@temporalio/workflow';
import { LOAD_ACTIVITY, STORE_ACTIVITY } from '#shared/execution/protocol.ts';

/** Options of the runner's own activities: they are short, and nothing goes on without them. */
export const storage = {
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 day',
  retry: { maximumAttempts: 1_000, maximumInterval: '1 minute' },
} as const;

export const store = (part: string): Promise<string> =>
  scheduleActivity<string>(STORE_ACTIVITY, [part], storage);

export const load = (ref: string): Promise<string> => scheduleActivity<string>(LOAD_ACTIVITY, [ref], storage);

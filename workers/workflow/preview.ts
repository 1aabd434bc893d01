import { proxyActivities } from '@temporalio/workflow';
import type { Previewed, Previews } from '#shared/execution/preview.ts';

const { 'actions.preview': ask } = proxyActivities<{
  'actions.preview'(actions: Previewed[]): Promise<Previews>;
}>({
  startToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
});

/** What actions would do. Started by the API for a dry run, and over at once. */
export const preview = (actions: Previewed[]): Promise<Previews> => ask(actions);

import { proxyActivities } from '@temporalio/workflow';
import type { PluginsAnswer } from '#shared/execution/plugins.ts';

const { 'plugins.describe': describe } = proxyActivities<{ 'plugins.describe'(): Promise<PluginsAnswer> }>({
  startToCloseTimeout: '5 seconds',
  retry: { maximumAttempts: 1 },
});

/** What a worker's plugins offer. Started by the API whenever it wants to know, and over at once. */
export const plugins = (): Promise<PluginsAnswer> => describe();

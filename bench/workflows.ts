import { proxyActivities } from '@temporalio/workflow';
import type { AttemptPolicy } from '#shared/execution/protocol.ts';

export { execution } from '#workers/workflow/execution.ts';

type Activities = {
  echo(value: number): Promise<number>;
  'bench.echo'(parameters: { value: number }, policy: AttemptPolicy): Promise<number>;
};

const bare = proxyActivities<Activities>({ startToCloseTimeout: '1 minute' });

const careful = proxyActivities<Activities>({
  startToCloseTimeout: '1 minute',
  scheduleToCloseTimeout: '1 hour',
  heartbeatTimeout: '20 seconds',
  retry: { maximumAttempts: 3 },
});

const policy: AttemptPolicy = { timeout: 60_000, maximumAttempts: 3, nonRetryableErrors: [] };

/** What somebody would write by hand on Temporal with the actions that the interpreter is measured with. */
export async function handWritten(steps: number): Promise<number> {
  let last = 0;
  for (let value = 0; value < steps; value++) last = await careful['bench.echo']({ value }, policy);
  return last;
}

/** The same on bare functions: without the action host, and so without heartbeats, limits and checks of an action. */
export async function handWrittenBare(steps: number): Promise<number> {
  let last = 0;
  for (let value = 0; value < steps; value++) last = await bare.echo(value);
  return last;
}

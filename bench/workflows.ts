import { proxyActivities } from '@temporalio/workflow';

export { execution } from '#workers/workflow/execution.ts';

const { echo } = proxyActivities<{ echo(value: number): Promise<number> }>({
  startToCloseTimeout: '1 minute',
});

/** What somebody would write by hand on Temporal for the work that the interpreter is measured with. */
export async function handWritten(steps: number): Promise<number> {
  let last = 0;
  for (let step = 0; step < steps; step++) last = await echo(step);
  return last;
}

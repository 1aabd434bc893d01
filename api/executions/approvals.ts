import type { z } from 'zod';
import type { ApprovalView, approvalFilter } from '#shared/contract/execution.ts';
import { canDecide, canRescue } from '#shared/machine/rescue.ts';
import type { Deps } from '../deps.ts';
import { fetchChain } from '../temporal/history.ts';
import { listExecutions, WAITING_FOR_PERSON } from './list.ts';
import { describeExecution, rebuild, viewOf } from './read.ts';

/** Steps of an execution that wait for a person; none where it has ended or gone on meanwhile. */
async function waitingIn(deps: Deps, id: string): Promise<ApprovalView[]> {
  const description = await describeExecution(deps, id);
  if (description?.status.name !== 'RUNNING') return [];
  const rebuilt = rebuild(id, await fetchChain(deps.client, deps.blobs, id));
  const { machine } = rebuilt;
  if (!machine) return [];
  const { executionId, workflowId, workflowVersion, steps } = viewOf(description, rebuilt);
  return steps
    .filter(({ path }) => canDecide(machine, path) || canRescue(machine, path))
    .map((step) => ({ executionId, workflowId, workflowVersion, step }));
}

/** What waits for a person, page by page of executions: the one that was started last comes first. */
export async function listApprovals(
  deps: Deps,
  filter: z.output<typeof approvalFilter>,
): Promise<{ items: ApprovalView[]; nextCursor: string | null }> {
  const { items, nextCursor } = await listExecutions(deps, { ...filter, waitsFor: 'person' });
  const waiting = await Promise.all(items.map(({ executionId }) => waitingIn(deps, executionId)));
  return { items: waiting.flat(), nextCursor };
}

/** In how many executions something waits for a person. */
export async function countApprovals({ client }: Deps): Promise<number> {
  return (await client.workflow.count(WAITING_FOR_PERSON)).count;
}

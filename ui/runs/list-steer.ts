import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ExecutionSummary } from '#shared/contract/execution.ts';
import { request } from '#ui/api/client.ts';
import { tell, tellError } from '#ui/kit/toast.ts';
import { isAllowed, type ListAction, outcomeWords } from './list-actions.ts';

const ASK: Record<ListAction, (id: string) => Promise<unknown>> = {
  pause: (id) => request('post', '/api/executions/:id/pause', { params: { id } }),
  resume: (id) => request('post', '/api/executions/:id/resume', { params: { id } }),
  cancel: (id) => request('post', '/api/executions/:id/cancel', { params: { id } }),
  retry: (id) => request('post', '/api/executions/:id/retry', { params: { id } }),
};

async function steer(
  client: QueryClient,
  action: ListAction,
  executions: readonly ExecutionSummary[],
): Promise<void> {
  const wanted = executions.filter(({ status }) => isAllowed(action, status));
  const answers = await Promise.allSettled(wanted.map(({ executionId }) => ASK[action](executionId)));
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
  const words = outcomeWords(action, answers.length - failures.length, failures.length);
  if (failures.length > 0) tellError(words, failures[0]);
  else tell(words);
  void client.invalidateQueries({ queryKey: ['executions'] });
}

/** Does something with those of the executions that are in a state for it, and tells how it went. */
export type Steer = (action: ListAction, executions: readonly ExecutionSummary[]) => Promise<void>;

export function useSteer(): Steer {
  const client = useQueryClient();
  return useMemo(() => (action, executions) => steer(client, action, executions), [client]);
}

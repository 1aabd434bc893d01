import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { catalogQuery, lastRunQuery, secretsQuery } from '#ui/api/queries.ts';
import type { Known } from './scope.ts';

/** What the server knows that helps to write a workflow. */
export function useKnown(workflowId: string): Known {
  const { data: catalog } = useQuery(catalogQuery);
  const { data: lastRun } = useQuery(lastRunQuery(workflowId));
  const { data: secrets } = useQuery(secretsQuery);
  return useMemo(
    () => ({ catalog, lastRun: lastRun ?? undefined, secrets: secrets?.items.map(({ name }) => name) ?? [] }),
    [catalog, lastRun, secrets],
  );
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { executionQuery } from '#ui/api/queries.ts';

/** Since when the stream is away, in milliseconds since 1970; undefined while it is there or not needed. */
type AwaySince = number | undefined;

/** An execution, followed while it runs: the server tells of every change. */
export function useExecution(id: string | undefined) {
  const client = useQueryClient();
  const query = useQuery({ ...executionQuery(id ?? ''), enabled: id !== undefined });
  const [away, setAway] = useState<AwaySince>();
  const isOpen = query.data !== undefined && query.data.endTime === null;
  useEffect(() => {
    if (id === undefined || !isOpen) return;
    const source = new EventSource(`/api/executions/${encodeURIComponent(id)}/stream`);
    source.addEventListener('execution', ({ data }: MessageEvent<string>) => {
      setAway(undefined);
      client.setQueryData(executionQuery(id).queryKey, JSON.parse(data) as ExecutionView);
    });
    source.addEventListener('end', () => source.close());
    // The browser connects again by itself; until then what is shown may be old.
    source.onerror = () => setAway((since) => since ?? Date.now());
    return () => source.close();
  }, [id, isOpen, client]);
  return { ...query, away };
}

import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { executionHistoryQuery, executionPastQuery } from '#ui/api/queries.ts';
import { momentsOf } from './moments.ts';

/** Milliseconds without a move after which a moment is asked for. */
const STILL = 60;

/**
 * Looking back on an execution: the moments of its history, none where that is no longer kept; the event up to which
 * it is looked at, undefined for how it stands; and how it stood then, once that is known.
 */
export function useLookBack({ executionId, endTime, temporal }: ExecutionView) {
  const [at, setAt] = useState<number>();
  const { data: events } = useQuery({
    ...executionHistoryQuery(executionId, endTime === null),
    enabled: temporal !== undefined,
  });
  const moments = useMemo(() => momentsOf(events ?? []), [events]);
  const [still] = useDebouncedValue(at, STILL);
  const { data: found } = useQuery({
    ...executionPastQuery(executionId, still ?? 0),
    enabled: still !== undefined,
    placeholderData: keepPreviousData,
  });
  const past = at === undefined ? undefined : found;
  const moment = moments.find(({ upTo }) => upTo === at);
  /** The time of the moment, in milliseconds since 1970. */
  const time = moment && Date.parse(moment.at);
  return { moments, at, setAt, past, time };
}

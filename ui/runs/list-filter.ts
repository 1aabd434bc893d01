import { type ExecutionStatus, executionStatuses } from '#shared/machine/status.ts';
import type { ExecutionFilter } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { addressOf, queryValue } from '#ui/pages/query-text.ts';

const HOUR = 3_600_000;

/** How far back the list goes, by the word for it in the address. */
export const SPANS = [
  { value: 'hour', label: 'Last hour', within: HOUR },
  { value: 'day', label: 'Last day', within: 24 * HOUR },
  { value: 'week', label: 'Last week', within: 7 * 24 * HOUR },
] as const;

const isStatus = (text: string | undefined): text is ExecutionStatus =>
  (executionStatuses as readonly (string | undefined)[]).includes(text);

/** The filter that a URL's query stands for. What is no filter of this list is left out. */
export function filterOf(query: string): ExecutionFilter {
  const values = new URLSearchParams(query);
  const status = queryValue(values, 'status');
  const since = queryValue(values, 'since');
  return {
    workflowId: queryValue(values, 'workflowId'),
    status: isStatus(status) ? status : undefined,
    within: SPANS.find(({ value }) => value === since)?.within,
  };
}

/** The address of the list with a filter. */
export const addressWith = ({ workflowId, status, within }: ExecutionFilter): string =>
  addressOf(paths.executions, {
    workflowId,
    status,
    since: SPANS.find((span) => span.within === within)?.value,
  });

/** Whether anything is filtered out. */
export const isFiltered = (filter: ExecutionFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined);

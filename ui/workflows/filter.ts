import type { WorkflowFilter } from '#ui/api/queries.ts';
import { paths } from '#ui/app/paths.ts';
import { addressOf, queryValue } from '#ui/pages/query-text.ts';

const SWITCH: Record<string, boolean> = { yes: true, no: false };

/** The filter that a URL's query stands for. What is no filter of this list is left out. */
export function filterOf(query: string): WorkflowFilter {
  const values = new URLSearchParams(query);
  return {
    search: queryValue(values, 'search'),
    tag: queryValue(values, 'tag'),
    enabled: SWITCH[queryValue(values, 'enabled') ?? ''],
  };
}

/** The address of the list with a filter. */
export const addressWith = ({ search, tag, enabled }: WorkflowFilter): string =>
  addressOf(paths.workflows, {
    search,
    tag,
    enabled: enabled === undefined ? undefined : enabled ? 'yes' : 'no',
  });

/** Whether anything is filtered out. */
export const isFiltered = (filter: WorkflowFilter): boolean =>
  Object.values(filter).some((value) => value !== undefined);

/** Every tag there is, the most used first. `also` is in it whatever happens. */
export function tagsOf(
  workflows: readonly { metadata: { tags: readonly string[] } }[],
  also?: string,
): string[] {
  const counts = new Map<string, number>(also === undefined ? [] : [[also, 0]]);
  for (const { metadata } of workflows)
    for (const tag of metadata.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b)).map(([tag]) => tag);
}

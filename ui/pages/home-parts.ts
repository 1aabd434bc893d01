/** The workflows with the most executions, the most used first; those never executed are none of them. */
export const mostUsed = <Workflow extends { metadata: { executions: number } }>(
  workflows: readonly Workflow[],
  count: number,
): Workflow[] =>
  workflows
    .filter(({ metadata }) => metadata.executions > 0)
    .sort((a, b) => b.metadata.executions - a.metadata.executions)
    .slice(0, count);

/** Lists of executions as one, the last started first; undefined while one of them is not known yet. */
export function openFirst<Execution extends { startTime: string }>(
  lists: readonly (readonly Execution[] | undefined)[],
  count: number,
): Execution[] | undefined {
  const known = lists.flatMap((list) => (list ? [list] : []));
  if (known.length < lists.length) return undefined;
  return known
    .flat()
    .sort((a, b) => b.startTime.localeCompare(a.startTime))
    .slice(0, count);
}

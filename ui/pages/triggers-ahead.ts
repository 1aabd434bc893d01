/** The parts of a trigger that say when it fires. */
export interface Ahead {
  workflowId: string;
  triggerId: string;
  /** ISO-8601. */
  nextRuns: readonly string[];
}

/** The next start of each workflow that has one. */
export function nextRunOf(triggers: readonly Ahead[]): Map<string, string> {
  const next = new Map<string, string>();
  for (const { workflowId, at } of comingRuns(triggers)) if (!next.has(workflowId)) next.set(workflowId, at);
  return next;
}

/** Starts that are coming, the soonest first. */
export const comingRuns = (
  triggers: readonly Ahead[],
): { workflowId: string; triggerId: string; at: string }[] =>
  triggers
    .flatMap(({ workflowId, triggerId, nextRuns }) => nextRuns.map((at) => ({ workflowId, triggerId, at })))
    .sort((a, b) => a.at.localeCompare(b.at));

import type { JsonObject } from '#shared/json.ts';
import type { Deps } from '../deps.ts';
import { executionId, startExecution } from '../executions/start.ts';
import type { TriggerRecord } from '../store/triggers.ts';
import { latest, workflowOf } from '../workflows/definitions.ts';

/**
 * Starts the run of an event, of the version that is published now, and gives its id. Once this resolves, Temporal has
 * it. The same key of the same trigger starts one run, however often and from wherever it comes.
 * @throws AppError `workflow.not_found`, `workflow.not_published`, `workflow.invalid`, `variables.invalid`,
 * `request.reserved_key`, `temporal.*`
 */
export async function fire(
  deps: Deps,
  { workflowId, triggerId, type }: TriggerRecord,
  event: JsonObject,
  key: string,
): Promise<string> {
  const definition = await latest(deps, await workflowOf(deps, workflowId));
  const start = { ...definition, trigger: { ...event, id: triggerId, type }, variables: {} };
  return startExecution(deps, start, executionId(workflowId, JSON.stringify([triggerId, key])));
}

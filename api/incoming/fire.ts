import type { JsonObject } from '#shared/json.ts';
import type { Deps } from '../deps.ts';
import { executionId, type Start, startExecution } from '../executions/start.ts';
import type { TriggerRecord } from '../store/triggers.ts';
import { latest, workflowOf } from '../workflows/definitions.ts';

/**
 * The run that an event of a trigger starts: of the version that is published now.
 * @throws AppError `workflow.not_found`, `workflow.not_published`, `workflow.invalid`
 */
export async function startFor(
  deps: Deps,
  { workflowId, triggerId, type }: Pick<TriggerRecord, 'workflowId' | 'triggerId' | 'type'>,
  event: JsonObject,
): Promise<Start> {
  const definition = await latest(deps, await workflowOf(deps, workflowId));
  return { ...definition, trigger: { ...event, id: triggerId, type }, variables: {} };
}

/**
 * Starts the run of an event and gives its id. Once this resolves, Temporal has it. The same key of the same trigger
 * starts one run, however often and from wherever it comes.
 * @throws what {@link startFor} throws, and AppError `variables.invalid`, `request.reserved_key`, `temporal.*`
 */
export async function fire(
  deps: Deps,
  trigger: TriggerRecord,
  event: JsonObject,
  key: string,
): Promise<string> {
  const id = executionId(trigger.workflowId, JSON.stringify([trigger.triggerId, key]));
  return startExecution(deps, await startFor(deps, trigger, event), id);
}

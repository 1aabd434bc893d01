import type { z } from 'zod';
import type { retryRequest } from '#shared/contract/execution.ts';
import { allSteps } from '#shared/definition/walk.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import { AppError } from '#shared/errors.ts';
import type { Run } from '#shared/execution/protocol.ts';
import type { JsonObject } from '#shared/json.ts';
import { idOf } from '#shared/machine/paths.ts';
import { seed } from '#shared/machine/seed.ts';
import type { Deps } from '../deps.ts';
import { fetchChain } from '../temporal/history.ts';
import { latest, workflowOf } from '../workflows/definitions.ts';
import { describeExecution, rebuild, unknownExecution } from './read.ts';
import { executionId, startExecution } from './start.ts';

type RetryRequest = z.output<typeof retryRequest>;

/** Variables that the definition still has; those it no longer declares are left behind. */
function kept(workflow: Workflow, variables: JsonObject): JsonObject {
  const declared = new Set(workflow.variables.map(({ name }) => name));
  return Object.fromEntries(
    Object.entries(variables).filter(([name, value]) => declared.has(name) && value !== null),
  );
}

/** The results that stood in for steps of a run from its start: its definition passes those steps over. */
function pinnedIn({ workflow, given = {} }: Run): NonNullable<Run['given']> {
  const passedOver = new Set(
    [...allSteps(workflow)].flatMap(({ step: { id, disabled } }) => (disabled ? [id] : [])),
  );
  return Object.fromEntries(Object.entries(given).filter(([path]) => passedOver.has(idOf(path))));
}

/**
 * Starts a new execution linked to a closed one: the whole of it again, or from a step on with all before it
 * taken over; on the definition it ran or on the latest. The same request id starts one execution.
 */
export async function retryExecution(
  deps: Deps,
  id: string,
  { from, definition, variables }: RetryRequest,
  requestId: string,
): Promise<string> {
  const description = await describeExecution(deps, id);
  if (!description) {
    if (!(await deps.store.executions.get(id))) throw unknownExecution(id);
    throw new AppError('retry.no_history', `Temporal no longer keeps the history of "${id}".`, {
      fix: 'Execute the workflow anew.',
    });
  }
  if (description.status.name === 'RUNNING')
    throw new AppError('execution.running', `The execution "${id}" is still running.`, {
      fix: 'Wait for its end, or cancel it first.',
    });
  const chain = await fetchChain(deps.client, deps.blobs, id);
  const { machine } = rebuild(id, chain);
  const run = chain[0]?.run;
  if (!run || !machine)
    throw new AppError('retry.no_history', `The execution "${id}" never began.`, {
      fix: 'Execute the workflow anew.',
    });
  const after =
    definition === 'latest'
      ? await latest(deps, await workflowOf(deps, run.workflow.id))
      : { workflow: run.workflow, version: run.workflowVersion };
  const values = { ...kept(after.workflow, run.variables), ...variables };
  const seeded = from === undefined ? {} : seed(run.workflow, machine.state, after.workflow, from);
  const given = { ...(after.workflow === run.workflow && pinnedIn(run)), ...seeded };
  const start = {
    ...after,
    trigger: machine.state.trigger,
    variables: values,
    retryOf: id,
    ...(Object.keys(given).length > 0 && { given }),
  };
  return startExecution(deps, start, executionId(run.workflow.id, `${id}/${requestId}`));
}

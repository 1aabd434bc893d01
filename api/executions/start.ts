import { createHash, randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { factsOf } from '#shared/catalog/facts.ts';
import type { executeRequest } from '#shared/contract/execution.ts';
import { fillVariables } from '#shared/definition/variables.ts';
import { allSteps } from '#shared/definition/walk.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { Run } from '#shared/execution/protocol.ts';
import { reservedKeyIn } from '#shared/execution/reserved.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { Facts } from '#shared/machine/protocol.ts';
import { startRun } from '#shared/node/start-execution.ts';
import { actionOf } from '#shared/steps/ai-flow/tools.ts';
import { actionOfStep, findStepType } from '#shared/steps/index.ts';
import type { Deps } from '../deps.ts';
import { Invalid } from '../http/problems.ts';
import type { WorkflowRecord } from '../store/workflow-record.ts';
import { latest, runnable } from '../workflows/definitions.ts';
import { partOf, reduced } from './partial.ts';

/** A run about to start. */
export interface Start {
  workflow: Workflow;
  version: number;
  trigger: JsonObject;
  variables: JsonObject;
  retryOf?: string;
  given?: Run['given'];
}

/** The id of a new execution; of the same one again for the same key. */
export function executionId(workflowId: string, key?: string): string {
  const suffix =
    key === undefined ? randomUUID() : createHash('sha256').update(key).digest('hex').slice(0, 32);
  return `${workflowId}-${suffix}`;
}

/** What the machine must know of the actions a workflow uses. */
export function factsFor({ catalog }: Pick<Deps, 'catalog'>, workflow: Workflow): Facts {
  const all = factsOf(catalog);
  const used = [...allSteps(workflow)].flatMap(({ step }) => [
    actionOfStep(step)?.type,
    step.errorHandling.undo?.action.type,
    ...(findStepType(step.type)?.tools?.(step.config) ?? []).map((tool) => actionOf(tool, '').type),
  ]);
  return Object.fromEntries(used.flatMap((type) => (type && all[type] ? [[type, all[type]]] : [])));
}

/** @throws AppError `request.reserved_key` where data from outside holds a key that the runner itself gives a meaning */
export function refuseReserved(value: Json, path: string): void {
  const found = reservedKeyIn(value);
  if (!found) return;
  const message = `"${found.at(-1)}" may not be a key of what an execution starts with.`;
  throw new Invalid('request.reserved_key', message, [
    { code: 'request.reserved_key', message, path: [path, ...found].join('.'), fix: 'Rename it.' },
  ]);
}

/** The snapshot a run starts with. Throws `variables.invalid`, `request.reserved_key`. */
export function runOf(
  deps: Pick<Deps, 'catalog'>,
  { workflow, version, trigger, variables, retryOf, given }: Start,
): Run {
  const { values, problems } = fillVariables(workflow.variables, variables);
  if (problems.length > 0)
    throw new Invalid('variables.invalid', problems.map(({ message }) => message).join(' '), problems);
  refuseReserved(trigger, 'trigger');
  refuseReserved(values, 'variables');
  const facts = factsFor(deps, workflow);
  return {
    workflow,
    workflowVersion: version,
    facts,
    trigger,
    variables: values,
    ...(retryOf && { retryOf }),
    ...(given && { given }),
  };
}

/**
 * Starts an execution of a workflow. The same id starts one run, however often, also once Temporal has forgotten
 * the run. Throws `variables.invalid`.
 */
export async function startExecution(deps: Deps, start: Start, id: string): Promise<string> {
  const run = runOf(deps, start);
  const known = await deps.store.executions.archivedAmong([id]);
  if (!known.has(id)) await startRun(deps, run, id);
  return id;
}

type ExecuteRequest = z.output<typeof executeRequest>;

/** The definition a request means: the one it brings along, the draft, or the published version. */
async function asked(deps: Deps, record: WorkflowRecord, { definition, draft }: ExecuteRequest) {
  if (!definition) return latest(deps, record, draft);
  const workflow = runnable(record.id, await deps.reader.check(definition));
  return { workflow, version: record.publishedVersion ?? 0 };
}

/**
 * Starts an execution as a person asked for it: of all of a workflow or a part of it. Throws `workflow.invalid`,
 * `workflow.not_published`, `variables.invalid`, `request.reserved_key`, `execution.unknown_step`,
 * `execution.inner_step`, `execution.missing_outputs`.
 */
export async function executeWorkflow(
  deps: Deps,
  record: WorkflowRecord,
  request: ExecuteRequest,
): Promise<string> {
  const { workflow: whole, version } = await asked(deps, record, request);
  refuseReserved(request.outputs ?? {}, 'outputs');
  const { workflow, given } = reduced(whole, request, Date.now());
  const trigger = { id: 'manual', type: 'manual', ...request.trigger, ...partOf(request) };
  const start: Start = {
    workflow,
    version,
    trigger,
    variables: request.variables ?? {},
    ...(Object.keys(given).length > 0 && { given }),
  };
  return startExecution(deps, start, executionId(record.id, request.idempotencyKey));
}

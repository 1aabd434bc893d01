import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import type { ExecutionView } from '#shared/contract/execution.ts';
import { AppError } from '#shared/errors.ts';
import { type ActionRecord, Projection } from '#shared/execution/projection.ts';
import { EXECUTION } from '#shared/execution/protocol.ts';
import type { JsonObject } from '#shared/json.ts';
import type { Machine } from '#shared/machine/machine.ts';
import { executionStatus } from '#shared/machine/status.ts';
import type { Deps } from '../deps.ts';
import { fetchChain, type RecordedRun } from '../temporal/history.ts';
import { archivedView } from './archived.ts';
import { engineProblem, pendingActions } from './pending.ts';
import { queuedRow, stepRows } from './steps.ts';

export const unknownExecution = (id: string): AppError =>
  new AppError('execution.not_found', `There is no execution "${id}".`, {
    fix: 'GET /api/executions lists them.',
  });

/** What Temporal says of an execution; `undefined` where it does not know it, or no longer does. */
export async function describeExecution(
  { client }: Deps,
  id: string,
): Promise<WorkflowExecutionDescription | undefined> {
  try {
    const description = await client.workflow.getHandle(id).describe();
    return description.type === EXECUTION ? description : undefined;
  } catch (thrown) {
    if (thrown instanceof WorkflowNotFoundError) return undefined;
    throw thrown;
  }
}

/** An execution rebuilt from its histories. */
export interface Rebuilt {
  machine: Machine | undefined;
  actions: Map<string, ActionRecord>;
  chain: RecordedRun[];
}

/** Rebuilds an execution as it stood after an event of its last history, or as it stands. */
export function rebuild(id: string, chain: RecordedRun[], at?: number): Rebuilt {
  const actions = new Map<string, ActionRecord>();
  let machine: Machine | undefined;
  for (const [position, { run, events }] of chain.entries()) {
    const isLast = position === chain.length - 1;
    const projection = new Projection(id, structuredClone(run));
    projection.apply(isLast && at !== undefined ? events.filter((event) => event.id <= at) : events);
    for (const [path, record] of projection.actions) actions.set(path, record);
    machine = projection.machine;
  }
  return { machine, actions, chain };
}

type Forced = Pick<ExecutionView, 'error' | 'note'> & { status?: ExecutionView['status'] };

const TOLD: Record<string, ExecutionView['status']> = {
  COMPLETED: 'success',
  FAILED: 'failure',
  CANCELLED: 'cancelled',
  TIMED_OUT: 'timeout',
};

/** What Temporal says of an execution's end that the projection of its history does not tell. */
function endOf(description: WorkflowExecutionDescription, { machine, chain }: Rebuilt): Forced {
  const { name } = description.status;
  const last = chain.at(-1)?.events.at(-1);
  if (name === 'TERMINATED') {
    const reason = last?.type === 'terminated' && last.reason ? `: ${last.reason}` : '';
    const message = `The execution was terminated in Temporal${reason}.`;
    const fix = 'Retry it; undos and the finally list have not run.';
    return { status: 'cancelled', error: { code: 'execution.terminated', message, fix } };
  }
  const status = TOLD[name];
  if (status === undefined || machine?.state.phase === 'closed') return { error: null };
  const note =
    'The history of this execution no longer fits the engine in every detail; the outcome is the one recorded.';
  return { status, error: null, note };
}

/** The view of an execution that Temporal knows; or as it once stood, where only the events up to then were read. */
export function viewOf(
  description: WorkflowExecutionDescription,
  rebuilt: Rebuilt,
  isPast = false,
): ExecutionView {
  const { machine, actions, chain } = rebuilt;
  const { run } = chain[0] as RecordedRun;
  const state = machine?.state;
  const isOpen = description.status.name === 'RUNNING' || (isPast && state?.phase !== 'closed');
  const pending = isOpen && !isPast ? pendingActions(description) : new Map();
  const forced: Forced = isPast ? { error: null } : endOf(description, rebuilt);
  const status = forced.status ?? (state ? executionStatus(state) : 'queued');
  const startTime = chain[0]?.events[0]?.at ?? description.startTime.getTime();
  const endTime = isOpen ? undefined : (description.closeTime?.getTime() ?? state?.endTime);
  const problem = isOpen && !isPast ? engineProblem(description) : undefined;
  return {
    executionId: description.workflowId,
    workflowId: run.workflow.id,
    workflowVersion: run.workflowVersion,
    status,
    triggeredBy: state?.trigger ?? run.trigger,
    startTime: new Date(startTime).toISOString(),
    endTime: endTime === undefined ? null : new Date(endTime).toISOString(),
    duration: endTime === undefined ? null : Math.max(0, endTime - startTime),
    retryOf: run.retryOf ?? null,
    variables: run.variables,
    steps: machine ? stepRows({ machine, actions, pending }) : run.workflow.steps.map(queuedRow),
    output: state?.phase === 'closed' ? (state.ending?.output ?? null) : null,
    error: forced.error ?? state?.ending?.error ?? null,
    ...(problem && { engineProblem: problem }),
    ...(forced.note && { note: forced.note }),
    temporal: {
      workflowId: description.workflowId,
      runId: description.runId,
      historyLength: description.historyLength,
    },
  };
}

/** An execution in full, live or closed: from Temporal's history, or from the index once that is gone. */
export async function readExecution(deps: Deps, id: string): Promise<ExecutionView> {
  const description = await describeExecution(deps, id);
  if (description) return viewOf(description, rebuild(id, await fetchChain(deps.client, deps.blobs, id)));
  const archived = await deps.store.executions.get(id);
  if (archived) return archivedView(archived);
  throw unknownExecution(id);
}

/** The execution as it stood after an event, with all events to choose from. */
export async function readHistory(deps: Deps, id: string, at: number | undefined) {
  const description = await describeExecution(deps, id);
  if (!description) throw await withoutHistory(deps, id);
  const chain = await fetchChain(deps.client, deps.blobs, id);
  const events = chain.at(-1)?.events ?? [];
  const paths = new Map(
    events.flatMap((event) => (event.type === 'activity_scheduled' ? [[event.id, event.path]] : [])),
  );
  const listed = events.map((event) => {
    const step = 'path' in event ? event.path : 'scheduled' in event ? paths.get(event.scheduled) : undefined;
    return {
      id: event.id,
      at: new Date(event.at).toISOString(),
      type: event.type,
      ...(step !== undefined && { step }),
    };
  });
  const isPast = at !== undefined && at < (events.at(-1)?.id ?? 0);
  return { events: listed, execution: viewOf(description, rebuild(id, chain, at), isPast) };
}

/** The definition an execution runs, in normal form. */
export async function readDefinition(deps: Deps, id: string): Promise<JsonObject> {
  if (!(await describeExecution(deps, id))) throw await withoutHistory(deps, id);
  const [first] = await fetchChain(deps.client, deps.blobs, id);
  return first?.run.workflow as unknown as JsonObject;
}

/** Why there is no history of an execution: there never was one, or Temporal no longer keeps it. */
async function withoutHistory(deps: Deps, id: string): Promise<AppError> {
  if (!(await deps.store.executions.get(id))) return unknownExecution(id);
  return new AppError('execution.no_history', `Temporal no longer keeps the history of "${id}".`, {
    fix: `GET /api/executions/${id} shows what the index holds of it.`,
  });
}

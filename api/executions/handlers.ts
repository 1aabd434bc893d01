import { AppError } from '#shared/errors.ts';
import type { UpdateName, UpdateRequest } from '#shared/execution/protocol.ts';
import type { Json } from '#shared/json.ts';
import type { Deps } from '../deps.ts';
import type { Handlers } from '../http/mount.ts';
import { workflowOf } from '../workflows/definitions.ts';
import { countApprovals, listApprovals } from './approvals.ts';
import { cancelExecution, updateExecution } from './control.ts';
import { listExecutions } from './list.ts';
import { readDefinition, readExecution, readHistory } from './read.ts';
import { retryExecution } from './retry.ts';
import { executeWorkflow, refuseReserved } from './start.ts';
import { ExecutionStreams } from './stream.ts';
import { readTranscript } from './transcript.ts';

type ExecutionRoutes =
  | 'executeWorkflow'
  | 'workflowExecutions'
  | 'listExecutions'
  | 'getExecution'
  | 'streamExecution'
  | 'executionHistory'
  | 'executionDefinition'
  | 'pauseExecution'
  | 'resumeExecution'
  | 'cancelExecution'
  | 'retryExecution'
  | 'retryStep'
  | 'skipStep'
  | 'completeStep'
  | 'decideStep'
  | 'sendMessage'
  | 'listApprovals'
  | 'countApprovals'
  | 'stepTranscript'
  | 'getBlob';

/** Answers everything about executions. */
export function executionHandlers(deps: Deps): Pick<Handlers, ExecutionRoutes> {
  const streams = new ExecutionStreams(deps);
  const update = async (name: UpdateName, id: string, request: UpdateRequest, requestId: string) => {
    const { executionId: updated, status } = await updateExecution(deps, id, name, request, requestId);
    return { executionId: updated, status };
  };
  return {
    executeWorkflow: async ({ params, body }) => ({
      executionId: await executeWorkflow(deps, await workflowOf(deps, params.id ?? ''), body),
    }),
    async workflowExecutions({ params, query }) {
      const { id } = await workflowOf(deps, params.id ?? '');
      return listExecutions(deps, { ...query, workflowId: id });
    },
    listExecutions: ({ query }) => listExecutions(deps, query),
    getExecution: ({ params }) => readExecution(deps, params.id ?? ''),
    async streamExecution({ params, request, response }) {
      await streams.watch(params.id ?? '', request, response);
      return undefined;
    },
    executionHistory: ({ params, query }) => readHistory(deps, params.id ?? '', query.at),
    executionDefinition: ({ params }) => readDefinition(deps, params.id ?? ''),
    pauseExecution: ({ params, requestId }) => update('pause', params.id ?? '', {}, requestId),
    resumeExecution: ({ params, requestId }) => update('resume', params.id ?? '', {}, requestId),
    async cancelExecution({ params }) {
      const { executionId: cancelled, status } = await cancelExecution(deps, params.id ?? '');
      return { executionId: cancelled, status };
    },
    retryExecution: async ({ params, body, requestId }) => ({
      executionId: await retryExecution(deps, params.id ?? '', body, requestId),
    }),
    retryStep: ({ params, requestId }) =>
      update('retry_step', params.id ?? '', { path: params.path ?? '' }, requestId),
    skipStep: ({ params, requestId }) =>
      update('skip_step', params.id ?? '', { path: params.path ?? '' }, requestId),
    completeStep: ({ params, body, requestId }) =>
      update('complete_step', params.id ?? '', { path: params.path ?? '', output: body.output }, requestId),
    decideStep: ({ params, body, requestId }) =>
      update('decide_step', params.id ?? '', { path: params.path ?? '', output: body as Json }, requestId),
    async sendMessage({ params: { id = '', name = '' }, body, requestId }) {
      refuseReserved(body, 'body');
      return update('message', id, { name, data: body }, requestId);
    },
    listApprovals: ({ query }) => listApprovals(deps, query),
    countApprovals: async () => ({ count: await countApprovals(deps) }),
    stepTranscript: ({ params }) => readTranscript(deps, params.id ?? '', params.path ?? ''),
    async getBlob({ params }) {
      const text = new TextDecoder().decode(await deps.blobs.get(params.ref ?? ''));
      try {
        return JSON.parse(text) as Json;
      } catch {
        throw new AppError('blob.missing', 'This reference stands for no value of an execution.', {
          fix: 'Take it from the $blob of a value in an execution.',
        });
      }
    },
  };
}

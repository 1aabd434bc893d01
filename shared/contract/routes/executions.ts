import { z } from 'zod';
import { instant, json, jsonObject } from '../common.ts';
import * as executions from '../execution.ts';
import { route, text } from './route.ts';

/** Executions: read, steered and retried. */
export const executionsRoutes = {
  listExecutions: route({
    method: 'get',
    path: '/api/executions',
    summary: 'List executions, newest first',
    query: executions.executionFilter,
    status: 200,
    response: executions.executionPage,
  }),
  getExecution: route({
    method: 'get',
    path: '/api/executions/:id',
    summary: 'Get an execution with all its steps',
    status: 200,
    response: executions.executionView,
  }),
  streamExecution: route({
    method: 'get',
    path: '/api/executions/:id/stream',
    summary: 'The execution again at every change (server-sent events)',
    status: 200,
    response: text,
    produces: 'text/event-stream',
  }),
  executionHistory: route({
    method: 'get',
    path: '/api/executions/:id/history',
    summary: 'The execution as it stood after an event',
    query: z.object({ at: z.coerce.number<string>().int().min(1).optional() }),
    status: 200,
    response: z.object({
      events: z.array(z.object({ id: z.int(), at: instant, type: z.string(), step: z.string().optional() })),
      execution: executions.executionView,
    }),
  }),
  executionDefinition: route({
    method: 'get',
    path: '/api/executions/:id/definition',
    summary: 'The definition it runs, in normal form',
    status: 200,
    response: jsonObject,
  }),
  pauseExecution: route({
    method: 'post',
    path: '/api/executions/:id/pause',
    summary: 'Start no further step',
    status: 202,
    response: executions.accepted,
  }),
  resumeExecution: route({
    method: 'post',
    path: '/api/executions/:id/resume',
    summary: 'Go on',
    status: 202,
    response: executions.accepted,
  }),
  cancelExecution: route({
    method: 'post',
    path: '/api/executions/:id/cancel',
    summary: 'Cancel; undos and the finally list still run',
    status: 202,
    response: executions.accepted,
  }),
  retryExecution: route({
    method: 'post',
    path: '/api/executions/:id/retry',
    summary: 'Start a linked execution, from the start or from a step',
    body: executions.retryRequest,
    bodyOptional: true,
    status: 202,
    response: executions.started,
  }),
  retryStep: route({
    method: 'post',
    path: '/api/executions/:id/steps/:path/retry',
    summary: 'Retry a parked step',
    status: 202,
    response: executions.accepted,
  }),
  skipStep: route({
    method: 'post',
    path: '/api/executions/:id/steps/:path/skip',
    summary: 'Skip a parked step',
    status: 202,
    response: executions.accepted,
  }),
  completeStep: route({
    method: 'post',
    path: '/api/executions/:id/steps/:path/complete',
    summary: 'Complete a parked step with an output',
    body: z.strictObject({ output: json }),
    status: 202,
    response: executions.accepted,
  }),
  decideStep: route({
    method: 'post',
    path: '/api/executions/:id/approvals/:path',
    summary: 'Approve or reject what a step waits for',
    body: executions.decisionRequest,
    status: 202,
    response: executions.accepted,
  }),
  stepTranscript: route({
    method: 'get',
    path: '/api/executions/:id/steps/:path/transcript',
    summary: 'What an agent and its tools have said',
    status: 200,
    response: z.object({ messages: z.array(json) }),
  }),
} as const;

import { z } from 'zod';
import { catalogSchema } from '../catalog/catalog.ts';
import { pluginsView, pluginView } from '../catalog/plugin.ts';
import * as chat from './chat.ts';
import { instant, json, jsonObject, page, paging } from './common.ts';
import * as executions from './execution.ts';
import * as secrets from './secret.ts';
import * as workflows from './workflow.ts';

/** One route of the API: what goes in, what comes out. */
export interface Route {
  method: 'get' | 'post' | 'put' | 'delete';
  path: string;
  summary: string;
  query?: z.ZodObject;
  /** Schema of a JSON body; `definition` for routes that take a workflow as JSON or YAML. */
  body?: z.ZodType | 'definition';
  /** The body may be left out. */
  bodyOptional?: boolean;
  status: number;
  response: z.ZodType;
  /** Media type of the answer where it is not JSON. */
  produces?: string;
}

const route = <R extends Route>(definition: R): R => definition;
const text = z.string();
const removed = z.object({ id: z.string() });

/** Every route, by name. Paths are Express's; more particular ones come first. */
export const routes = {
  health: route({
    method: 'get',
    path: '/api/health',
    summary: 'Whether a workflow could run now',
    status: 200,
    response: z.object({
      status: z.string(),
      version: z.string(),
      temporal: jsonObject,
      workers: jsonObject,
      store: jsonObject,
    }),
  }),
  openapi: route({
    method: 'get',
    path: '/api/openapi.json',
    summary: 'This description',
    status: 200,
    response: jsonObject,
  }),
  actions: route({
    method: 'get',
    path: '/api/workflows/actions',
    summary: 'The action library',
    status: 200,
    response: z.object({ items: catalogSchema.shape.actions, plugins: z.array(pluginView) }),
  }),
  listPlugins: route({
    method: 'get',
    path: '/api/plugins',
    summary: 'Every plugin, its state and what it offers',
    status: 200,
    response: pluginsView,
  }),
  schema: route({
    method: 'get',
    path: '/api/workflows/schema',
    summary: 'JSON Schema of the definition language',
    status: 200,
    response: jsonObject,
  }),
  importWorkflow: route({
    method: 'post',
    path: '/api/workflows/import',
    summary: 'Create or replace a workflow; it is kept disabled',
    body: 'definition',
    query: z.object({ enabled: z.stringbool().default(false) }),
    status: 201,
    response: workflows.workflowView,
  }),
  validateNew: route({
    method: 'post',
    path: '/api/workflows/validate',
    summary: 'Check a definition',
    body: 'definition',
    status: 200,
    response: workflows.validation,
  }),
  listWorkflows: route({
    method: 'get',
    path: '/api/workflows',
    summary: 'List workflows',
    query: workflows.workflowFilter,
    status: 200,
    response: workflows.workflowPage,
  }),
  createWorkflow: route({
    method: 'post',
    path: '/api/workflows',
    summary: 'Create a workflow',
    body: 'definition',
    query: workflows.saveQuery,
    status: 201,
    response: workflows.workflowView,
  }),
  getWorkflow: route({
    method: 'get',
    path: '/api/workflows/:id',
    summary: 'Get a workflow',
    status: 200,
    response: workflows.workflowView,
  }),
  updateWorkflow: route({
    method: 'put',
    path: '/api/workflows/:id',
    summary: 'Replace a workflow',
    body: 'definition',
    query: workflows.saveQuery,
    status: 200,
    response: workflows.workflowView,
  }),
  deleteWorkflow: route({
    method: 'delete',
    path: '/api/workflows/:id',
    summary: 'Delete a workflow; its executions stay readable',
    query: workflows.saveQuery.pick({ revision: true }),
    status: 200,
    response: removed,
  }),
  duplicateWorkflow: route({
    method: 'post',
    path: '/api/workflows/:id/duplicate',
    summary: 'Duplicate a workflow; the copy is disabled',
    body: workflows.duplicateRequest,
    bodyOptional: true,
    status: 201,
    response: workflows.workflowView,
  }),
  enableWorkflow: route({
    method: 'post',
    path: '/api/workflows/:id/enable',
    summary: 'Let its triggers fire',
    status: 200,
    response: workflows.workflowView,
  }),
  disableWorkflow: route({
    method: 'post',
    path: '/api/workflows/:id/disable',
    summary: 'Stop its triggers',
    status: 200,
    response: workflows.workflowView,
  }),
  publishWorkflow: route({
    method: 'post',
    path: '/api/workflows/:id/publish',
    summary: 'Publish the draft',
    body: workflows.publishRequest,
    bodyOptional: true,
    status: 200,
    response: workflows.workflowView,
  }),
  listVersions: route({
    method: 'get',
    path: '/api/workflows/:id/versions',
    summary: 'List published versions, newest first',
    query: z.object(paging),
    status: 200,
    response: page(workflows.versionView),
  }),
  getVersion: route({
    method: 'get',
    path: '/api/workflows/:id/versions/:version',
    summary: 'Get a published version',
    status: 200,
    response: workflows.versionView,
  }),
  exportWorkflow: route({
    method: 'get',
    path: '/api/workflows/:id/export',
    summary: 'The definition as a file',
    query: z.object({ format: z.enum(['yaml', 'json']).default('yaml') }),
    status: 200,
    response: text,
    produces: 'application/yaml',
  }),
  validateWorkflow: route({
    method: 'post',
    path: '/api/workflows/:id/validate',
    summary: 'Check a definition, or the saved one',
    body: 'definition',
    bodyOptional: true,
    status: 200,
    response: workflows.validation,
  }),
  testWorkflow: route({
    method: 'post',
    path: '/api/workflows/:id/test',
    summary: 'Dry run in a sandbox: nothing is touched',
    body: workflows.testRequest,
    bodyOptional: true,
    status: 200,
    response: workflows.testResult,
  }),
  executeWorkflow: route({
    method: 'post',
    path: '/api/workflows/:id/execute',
    summary: 'Start an execution',
    body: executions.executeRequest,
    bodyOptional: true,
    status: 202,
    response: executions.started,
  }),
  workflowExecutions: route({
    method: 'get',
    path: '/api/workflows/:id/executions',
    summary: 'List the executions of a workflow',
    query: executions.executionFilter.omit({ workflowId: true }),
    status: 200,
    response: executions.executionPage,
  }),
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
  listTriggers: route({
    method: 'get',
    path: '/api/triggers',
    summary: 'Every trigger and what became of it',
    status: 200,
    response: z.object({
      items: z.array(
        z.object({
          id: z.string(),
          workflowId: z.string(),
          triggerId: z.string(),
          type: z.string(),
          config: jsonObject,
          enabled: z.boolean(),
          nextRuns: z.array(instant),
          state: z.string(),
        }),
      ),
    }),
  }),
  listSecrets: route({
    method: 'get',
    path: '/api/secrets',
    summary: 'Names of the secrets; their values cannot be read',
    status: 200,
    response: z.object({ items: z.array(secrets.secretView) }),
  }),
  createSecret: route({
    method: 'post',
    path: '/api/secrets',
    summary: 'Keep a secret',
    body: secrets.secretRequest,
    status: 201,
    response: secrets.secretView,
  }),
  replaceSecret: route({
    method: 'put',
    path: '/api/secrets/:name',
    summary: 'Give a secret another value',
    body: secrets.secretReplacement,
    status: 200,
    response: secrets.secretView,
  }),
  deleteSecret: route({
    method: 'delete',
    path: '/api/secrets/:name',
    summary: 'Forget a secret',
    status: 200,
    response: z.object({ name: text }),
  }),
  listChatSessions: route({
    method: 'get',
    path: '/api/chat/sessions',
    summary: 'List chat sessions, the one last spoken in first',
    query: z.object(paging),
    status: 200,
    response: chat.chatSessionPage,
  }),
  createChatSession: route({
    method: 'post',
    path: '/api/chat/sessions',
    summary: 'Create a chat session',
    body: chat.newChatSession,
    status: 201,
    response: chat.chatSession,
  }),
  getChatSession: route({
    method: 'get',
    path: '/api/chat/sessions/:id',
    summary: 'Get a chat session',
    status: 200,
    response: chat.chatSession,
  }),
  renameChatSession: route({
    method: 'put',
    path: '/api/chat/sessions/:id',
    summary: 'Give a chat session another title',
    body: chat.chatSessionChange,
    status: 200,
    response: chat.chatSession,
  }),
  deleteChatSession: route({
    method: 'delete',
    path: '/api/chat/sessions/:id',
    summary: 'Delete a chat session with its messages',
    status: 200,
    response: removed,
  }),
  listChatMessages: route({
    method: 'get',
    path: '/api/chat/sessions/:id/messages',
    summary: 'List messages, newest first, or those after one, oldest first',
    query: chat.chatMessageFilter,
    status: 200,
    response: chat.chatMessagePage,
  }),
  sendChatMessage: route({
    method: 'post',
    path: '/api/chat/sessions/:id/messages',
    summary: 'Send a message; a session that is not there is made',
    body: chat.newChatMessage,
    status: 201,
    response: chat.chatMessage,
  }),
  streamChatMessages: route({
    method: 'get',
    path: '/api/chat/sessions/:id/stream',
    summary: 'Every new message (server-sent events)',
    query: chat.chatStreamQuery,
    status: 200,
    response: text,
    produces: 'text/event-stream',
  }),
  getBlob: route({
    method: 'get',
    path: '/api/blobs/:ref',
    summary: 'A value too large to stand in an execution',
    status: 200,
    response: json,
  }),
} as const;

export type RouteName = keyof typeof routes;

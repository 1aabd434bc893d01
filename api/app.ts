import express, { type Express } from 'express';
import { AppError } from '#shared/errors.ts';
import { chatHandlers } from './chat/handlers.ts';
import type { Deps } from './deps.ts';
import { executionHandlers } from './executions/handlers.ts';
import { health } from './health.ts';
import { readBody, readBytes } from './http/body.ts';
import { hostGuard, originGuard, safeHeaders } from './http/guards.ts';
import { interfaceFiles } from './http/interface.ts';
import { mount } from './http/mount.ts';
import { openApi } from './http/openapi.ts';
import { problemHandler } from './http/problems.ts';
import { eventHandlers } from './incoming/events.ts';
import { callWebhook } from './incoming/webhook.ts';
import { secretHandlers } from './secrets/handlers.ts';
import type { TriggerSync } from './triggers/sync.ts';
import { workflowHandlers } from './workflows/handlers.ts';
import { testWorkflow } from './workflows/sandbox.ts';

export interface AppOptions {
  version: string;
  /** Host names besides the loopback ones that requests may name. */
  allowedHosts: readonly string[];
  /** Folder with the built interface. */
  uiFolder: string;
}

/** The HTTP API and the interface at `/`. Nothing listens and nothing runs yet. */
export function createApp(
  deps: Deps,
  triggers: TriggerSync,
  { version, allowedHosts, uiFolder }: AppOptions,
): Express {
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.use(hostGuard(allowedHosts), originGuard, safeHeaders);
  app.use('/hooks', readBytes);
  app.use(readBody);
  mount(app, {
    ...workflowHandlers(deps, triggers),
    ...executionHandlers(deps),
    ...secretHandlers(deps),
    ...chatHandlers(deps),
    ...eventHandlers(deps),
    async health({ response }) {
      const { isHealthy, report } = await health(deps, version);
      if (!isHealthy) response.status(503);
      return report;
    },
    openapi: async () => openApi(version),
    testWorkflow: ({ params, body }) => testWorkflow(deps, params.id ?? '', body),
    listPlugins: () => deps.plugins.list(),
    callWebhook: ({ params: { workflowId = '', triggerId = '' }, request }) =>
      callWebhook(deps, { workflowId, triggerId }, request),
    listTriggers: async () => ({ items: await triggers.list() }),
  });
  app.use(interfaceFiles(uiFolder));
  app.use((request) => {
    throw new AppError('request.no_route', `There is nothing at ${request.method} ${request.path}.`, {
      fix: 'GET /api/openapi.json lists every route.',
    });
  });
  app.use(problemHandler(deps.log));
  return app;
}

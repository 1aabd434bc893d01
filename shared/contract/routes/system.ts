import { z } from 'zod';
import { pluginsView } from '../../catalog/plugin.ts';
import { instant, json, jsonObject } from '../common.ts';
import { route } from './route.ts';

/** The product itself: health, plugins, triggers, stored values. */
export const systemRoutes = {
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
  listPlugins: route({
    method: 'get',
    path: '/api/plugins',
    summary: 'Every plugin, its state and what it offers',
    status: 200,
    response: pluginsView,
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
  callWebhook: route({
    method: 'post',
    path: '/hooks/:workflowId/:triggerId',
    summary: 'Start a workflow by its webhook trigger; the same delivery starts one execution',
    status: 202,
    response: z.object({
      executionId: z
        .string()
        .nullable()
        .meta({ description: "Null where the trigger's condition does not hold." }),
    }),
  }),
  getBlob: route({
    method: 'get',
    path: '/api/blobs/:ref',
    summary: 'A value too large to stand in an execution',
    status: 200,
    response: json,
  }),
} as const;

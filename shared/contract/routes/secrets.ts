import { z } from 'zod';
import * as secrets from '../secret.ts';
import { route, text } from './route.ts';

/** Secrets: kept, replaced, forgotten. */
export const secretsRoutes = {
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
} as const;

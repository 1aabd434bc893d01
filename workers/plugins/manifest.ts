import { z } from 'zod';
import { pluginTemplate, pluginTrigger } from '#shared/catalog/plugin.ts';

/** The MCP resource by which a local module tells what it has besides commands. */
export const MANIFEST_URI = 'acas:manifest';

/** Key of an attempt's idempotency key in the `_meta` of a call. */
export const IDEMPOTENCY_KEY = 'acas-runner/idempotency-key';

export const manifestSchema = z.object({
  triggers: z.array(pluginTrigger).max(100),
  templates: z.array(pluginTemplate).max(100),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** The request that starts a trigger of a module; it is answered when the trigger has ended. */
export const LISTEN = 'acas/listen';

/** The request by which a module tells of an event; it is answered once Temporal has its run. */
export const EVENT = 'acas/event';

export const listenRequest = z.object({
  method: z.literal(LISTEN),
  params: z.object({
    /** Tells one start of a trigger from another. */
    listener: z.string(),
    trigger: z.string(),
    config: z.record(z.string(), z.json()),
  }),
});

export const eventRequest = z.object({
  method: z.literal(EVENT),
  params: z.object({
    listener: z.string(),
    key: z.string().min(1).max(1_000),
    fields: z.record(z.string(), z.json()),
  }),
});

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

import { z } from 'zod';
import { pluginView } from './plugin.ts';

const example = z.object({ title: z.string(), input: z.json(), output: z.json().optional() });

/** One action as everybody but its worker knows it: no code, only what it is. */
export const catalogAction = z.object({
  type: z.string(),
  group: z.string(),
  title: z.string(),
  description: z.string(),
  icon: z.string(),
  /** JSON Schema (draft 2020-12) of the parameters. */
  input: z.record(z.string(), z.json()),
  /** JSON Schema of the output. */
  output: z.record(z.string(), z.json()),
  effect: z.enum(['read', 'write']),
  idempotent: z.boolean(),
  /** Parameters that hold code, and may not hold templates. */
  literal: z.array(z.string()).optional(),
  /** It takes the execution's context, in `context`; the default of `includeContext` says whether it is given it. */
  contextual: z.boolean().optional(),
  /** Milliseconds of one attempt. */
  timeout: z.number(),
  retry: z
    .object({
      maximumAttempts: z.number(),
      initialInterval: z.number(),
      backoffCoefficient: z.number(),
      maximumInterval: z.number(),
      nonRetryableErrors: z.array(z.string()),
    })
    .partial(),
  examples: z.array(example),
});

export type CatalogAction = z.infer<typeof catalogAction>;

/** Everything a workflow can be made of; written by `npm run catalog` from the action registry. */
export const catalogSchema = z.object({
  actions: z.array(catalogAction),
  /** Not in the generated file: what workers have told of their plugins, added by the API. */
  plugins: z.array(pluginView).optional(),
});

export type Catalog = z.infer<typeof catalogSchema>;

import { z } from 'zod';
import { workflowSchema } from '../definition/schema.ts';
import { executionStatuses } from '../machine/status.ts';
import { instant, json, jsonObject, LARGEST_NUMBER, page, paging, problem } from './common.ts';
import { stepError, stepView } from './execution.ts';

const statistics = z.object({
  executions: z.int(),
  lastRun: instant.nullable(),
  averageRuntime: z.number().meta({ description: 'Milliseconds.' }),
  successRate: z.number().meta({ description: 'From 0 to 1.' }),
});

const recentExecution = z.object({
  executionId: z.string(),
  status: z.enum(executionStatuses),
  duration: z.number().meta({ description: 'Milliseconds.' }),
});

export type RecentExecution = z.infer<typeof recentExecution>;

export const workflowSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    version: z.string(),
    enabled: z.boolean(),
    author: z.string(),
    created: instant,
    updated: instant,
    revision: z.int(),
    publishedVersion: z.int().nullable(),
    hasDraft: z.boolean(),
    metadata: statistics.extend({
      tags: z.array(z.string()),
      recent: z
        .array(recentExecution)
        .meta({ description: 'The last 20 executions that have ended, the oldest first.' }),
    }),
  })
  .meta({ id: 'WorkflowSummary' });

export type WorkflowSummary = z.infer<typeof workflowSummary>;

export const workflowView = workflowSummary
  .extend({
    definition: jsonObject.meta({
      description: 'The published definition as it was written, or the draft where none is published.',
    }),
    source: z.string(),
    format: z.enum(['yaml', 'json']),
    draft: z
      .object({ source: z.string(), format: z.enum(['yaml', 'json']), definition: jsonObject.nullable() })
      .nullable(),
    triggers: z.array(
      z.object({ id: z.string(), type: z.string(), config: jsonObject, enabled: z.boolean() }),
    ),
    problems: z.array(problem),
  })
  .meta({ id: 'Workflow' });

export type WorkflowView = z.infer<typeof workflowView>;

export const workflowPage = page(workflowSummary);

export const workflowFilter = z.object({
  ...paging,
  search: z.string().max(200).optional(),
  tag: z.string().max(100).optional(),
  enabled: z.stringbool().optional(),
});

/** Saving changes what is published at once, or only the draft. */
export const saveQuery = z.object({
  draft: z.stringbool().default(false),
  revision: z.coerce
    .number<string>()
    .int()
    .min(0)
    .max(LARGEST_NUMBER)
    .optional()
    .meta({ description: 'The revision the change is based on; a stale one gets 409.' }),
});

export const versionView = z
  .object({
    version: z.int(),
    created: instant,
    author: z.string(),
    note: z.string(),
    definition: jsonObject,
    source: z.string(),
    format: z.enum(['yaml', 'json']),
  })
  .meta({ id: 'WorkflowVersion' });

export const publishRequest = z.strictObject({
  note: z.string().max(2_000).default(''),
  revision: z.int().min(0).max(LARGEST_NUMBER).optional(),
});

export const duplicateRequest = z.strictObject({
  id: workflowSchema.shape.id,
  name: workflowSchema.shape.name.optional(),
});

export const validation = z
  .object({ valid: z.boolean(), problems: z.array(problem) })
  .meta({ id: 'Validation' });

export const testRequest = z.strictObject({
  definition: jsonObject.optional().meta({ description: 'A definition to try in place of the saved one.' }),
  variables: jsonObject.optional(),
  trigger: jsonObject.optional(),
  outputs: jsonObject
    .optional()
    .meta({ description: 'Outputs that stand in for what actions would return, by step path or id.' }),
  failures: z
    .record(z.string(), z.string())
    .optional()
    .meta({ description: 'Error messages for steps that are to fail, by step path or id.' }),
});

export const testResult = z
  .object({
    status: z.enum(executionStatuses),
    output: json.nullable(),
    error: stepError.nullable(),
    duration: z.number().meta({ description: 'Virtual milliseconds.' }),
    steps: z.array(stepView),
  })
  .meta({ id: 'TestResult' });

/** A workflow to begin from. */
export const template = z
  .object({
    id: z.string(),
    title: z.string(),
    description: z.string(),
    source: z.string().meta({ description: '`product`, or the id of the plugin that brings it.' }),
    definition: jsonObject,
    text: z
      .string()
      .optional()
      .meta({ description: 'YAML with its comments, where it was written as such.' }),
  })
  .meta({ id: 'Template' });

export type Template = z.infer<typeof template>;

import { z } from 'zod';
import { executionStatuses } from '../machine/status.ts';
import { instant, json, jsonObject, page, paging } from './common.ts';

export const stepError = z
  .object({
    code: z.string(),
    message: z.string(),
    fix: z.string().optional(),
    step: z.string().optional(),
    details: json.optional(),
  })
  .meta({ id: 'StepError' });

export const stepView = z
  .object({
    id: z.string(),
    path: z.string(),
    name: z.string(),
    type: z.string(),
    status: z.enum([
      'pending',
      'running',
      'retrying',
      'waiting',
      'parked',
      'success',
      'failure',
      'skipped',
      'cancelled',
      'unknown',
    ]),
    action: z.string().optional(),
    attempt: z.int(),
    startTime: instant.nullable(),
    endTime: instant.nullable(),
    duration: z.number().nullable().meta({ description: 'Milliseconds.' }),
    input: json.nullable(),
    output: json.nullable(),
    error: stepError.nullable(),
    fallenBack: z.boolean().optional(),
    given: z.boolean().optional().meta({
      description: 'Not run here: its output was given, or taken over from the execution this one retries.',
    }),
    followed: z
      .array(z.string())
      .optional()
      .meta({ description: 'Ids of the steps its taken edges lead to.' }),
    lastFailure: z
      .string()
      .optional()
      .meta({ description: 'Why the last attempt of a retrying step failed.' }),
    nextAttempt: instant.optional(),
    progress: json.optional(),
    preview: z
      .string()
      .optional()
      .meta({ description: 'What it would do; in a dry run, where a worker was there to say it.' }),
  })
  .meta({ id: 'StepExecution' });

export type StepView = z.infer<typeof stepView>;

export const executionSummary = z
  .object({
    executionId: z.string(),
    workflowId: z.string(),
    workflowVersion: z.int(),
    status: z.enum(executionStatuses),
    triggeredBy: jsonObject,
    startTime: instant,
    endTime: instant.nullable(),
    duration: z.number().nullable().meta({ description: 'Milliseconds.' }),
    retryOf: z.string().nullable(),
    error: stepError.nullable(),
  })
  .meta({ id: 'ExecutionSummary' });

export type ExecutionSummary = z.infer<typeof executionSummary>;

export const executionView = executionSummary
  .extend({
    variables: jsonObject,
    steps: z.array(stepView),
    output: json.nullable(),
    engineProblem: z
      .string()
      .optional()
      .meta({ description: 'The engine itself is stuck on this execution; it goes on once mended.' }),
    note: z.string().optional().meta({ description: 'What this view cannot tell, and why.' }),
    temporal: z.object({ workflowId: z.string(), runId: z.string(), historyLength: z.number() }).optional(),
  })
  .meta({ id: 'Execution' });

export type ExecutionView = z.infer<typeof executionView>;

export const executionFilter = z.object({
  ...paging,
  workflowId: z.string().optional(),
  status: z.enum(executionStatuses).optional(),
  since: instant.optional(),
  until: instant.optional(),
  waitsFor: z
    .enum(['person'])
    .optional()
    .meta({ description: 'Only those in which a step waits for a person, whatever else runs meanwhile.' }),
});

export const executionPage = page(executionSummary);

export const executeRequest = z
  .strictObject({
    variables: jsonObject.optional(),
    trigger: jsonObject.optional(),
    idempotencyKey: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'The same key starts one execution, however often it is sent.' }),
    draft: z.boolean().optional().meta({ description: 'Run the draft instead of the published version.' }),
    definition: jsonObject
      .optional()
      .meta({ description: 'A definition to run in place of the saved one; it is not saved.' }),
    until: z.string().optional().meta({
      description:
        'Id of the step to run up to: only it and what leads to it. For a step inside a loop or branch, up to the outermost step around it.',
    }),
    only: z.string().optional().meta({
      description:
        'Id of the one step to run, of those that stand in no other. What it reads of earlier steps stands in `outputs`.',
    }),
    outputs: jsonObject.optional().meta({
      description:
        'Outputs taken over instead of running their steps, by step id. Steps inside loops cannot have one.',
    }),
  })
  .refine(({ until, only }) => until === undefined || only === undefined, {
    message: 'Send either until or only.',
    path: ['only'],
  });

export const retryRequest = z.strictObject({
  from: z
    .string()
    .optional()
    .meta({ description: 'Path of the step to retry from; the whole execution again without one.' }),
  definition: z.enum(['original', 'latest']).default('original'),
  variables: jsonObject.optional(),
});

export const decisionRequest = z.strictObject({
  approved: z.boolean(),
  data: json.optional().meta({ description: 'Stands in for the data that was shown.' }),
  reason: z.string().max(2_000).optional(),
  by: z.string().max(200).optional(),
});

/** Largest data of a message to an execution, in characters of JSON: it stays in the run's state. */
const LARGEST_MESSAGE = 128 * 1024;

export const messageData = json
  .refine((data) => JSON.stringify(data).length <= LARGEST_MESSAGE, 'The data is larger than 128 KiB.')
  .meta({ description: 'What the event tells; any JSON.' });

/** A step that waits for a person, and the execution it belongs to. */
export const approvalView = executionSummary
  .pick({ executionId: true, workflowId: true, workflowVersion: true })
  .extend({ step: stepView })
  .meta({ id: 'Approval' });

export type ApprovalView = z.infer<typeof approvalView>;

export const approvalFilter = z.object(paging);
export const approvalPage = page(approvalView);

export const started = z.object({ executionId: z.string() }).meta({ id: 'Started' });
export const accepted = z
  .object({ executionId: z.string(), status: z.enum(executionStatuses) })
  .meta({ id: 'Accepted' });

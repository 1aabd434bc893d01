import { z } from 'zod';
import { severities } from '../triggers/escalation.ts';
import { instant, json, jsonObject, page, paging } from './common.ts';

/** Largest data of an event, in characters of JSON. */
const LARGEST_DATA = 256 * 1024;

const data = json.refine(
  (value) => JSON.stringify(value).length <= LARGEST_DATA,
  'The data is larger than 256 KiB.',
);

const common = {
  source: z.string().max(200).optional().meta({ description: 'Who tells it.' }),
  idempotencyKey: z
    .string()
    .min(1)
    .max(1_000)
    .optional()
    .meta({ description: 'The same key is one event, however often it is sent.' }),
  depth: z.int().min(0).optional().meta({
    description: 'How many workflows have started each other, where one tells it; none starts beyond ten.',
  }),
};

export const newActivity = z.strictObject({
  event: z.string().min(1).max(200).meta({ description: 'What happened, such as build.failed.' }),
  data: data.default({}),
  ...common,
});

export const newEscalation = z.strictObject({
  title: z.string().min(1).max(500),
  message: z.string().max(100_000).default(''),
  severity: z.enum(severities).default('medium'),
  context: data.default({}),
  ...common,
});

/** What came of an event: the runs it started, and the triggers that it could not start. */
export const eventOutcome = z.object({
  executions: z.array(z.object({ workflowId: z.string(), triggerId: z.string(), executionId: z.string() })),
  failed: z.array(
    z.object({ workflowId: z.string(), triggerId: z.string(), code: z.string(), message: z.string() }),
  ),
});

export type EventOutcome = z.infer<typeof eventOutcome>;

export const eventAnswer = eventOutcome.extend({ id: z.int() }).meta({ id: 'EventAnswer' });

export const eventView = z
  .object({
    id: z.int(),
    kind: z.enum(['activity', 'escalation']),
    event: jsonObject,
    outcome: eventOutcome.nullable().meta({ description: 'Null until all its triggers have been seen to.' }),
    createdAt: instant,
  })
  .meta({ id: 'Event' });

export const eventPage = page(eventView);

export const eventFilter = z.object({ ...paging, kind: z.enum(['activity', 'escalation']).optional() });

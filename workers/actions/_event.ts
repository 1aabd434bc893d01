import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json, JsonObject } from '#shared/json.ts';
import { executionOf, insistOnApi } from './_api.ts';
import { type Caller, depthOf } from './_depth.ts';

const codes = { unreachable: 'event.unreachable', refused: 'event.refused' };

const trigger = {
  workflowId: z.string().describe('Id of the workflow'),
  triggerId: z.string().describe('Id of its trigger'),
};

/** What came of an event that was told. */
export const told = z.object({
  eventId: z.number().describe('Id of the event'),
  executions: z
    .array(z.object({ ...trigger, executionId: z.string().describe('Id of the execution') }))
    .describe('The executions it started'),
  failed: z
    .array(
      z.object({
        ...trigger,
        code: z.string().describe('Code of the error'),
        message: z.string().describe('What kept it from starting'),
      }),
    )
    .describe('Triggers that it meets but could not start, and why'),
});

/**
 * Tells the API an event, which is the same one at every attempt of the step.
 * @throws Retryable `event.unreachable`; Terminal `event.refused`, `workflow.too_deep`
 */
export async function tellEvent(
  caller: Caller,
  path: '/events' | '/escalations',
  event: JsonObject,
): Promise<z.output<typeof told>> {
  const { settings, idempotencyKey, signal } = caller;
  const body = {
    ...event,
    source: executionOf(idempotencyKey).slice(0, 200),
    idempotencyKey: createHash('sha256').update(idempotencyKey).digest('hex'),
    depth: await depthOf(caller, codes),
  };
  const { id, ...outcome } = await insistOnApi({
    apiUrl: settings.apiUrl,
    method: 'POST',
    path,
    body,
    signal,
    codes,
  });
  return told.parse({ eventId: id, ...outcome } satisfies Record<string, Json | undefined>);
}

import { randomUUID } from 'node:crypto';
import type { Request } from 'express';
import { AppError } from '#shared/errors.ts';
import { webhookConfig } from '#shared/triggers/webhook.ts';
import { holds } from '#shared/triggers/when.ts';
import type { Deps } from '../deps.ts';
import type { TriggerRecord } from '../store/triggers.ts';
import { isOn } from '../triggers/wanted.ts';
import { authorise, deliveryId } from './authorise.ts';
import { fire } from './fire.ts';
import { webhookEvent } from './webhook-event.ts';

/** Which trigger is called. */
interface Called {
  workflowId: string;
  triggerId: string;
}

async function triggerOf({ store }: Deps, { workflowId, triggerId }: Called): Promise<TriggerRecord> {
  const records = await store.triggers.ofWorkflow(workflowId);
  const found = records.find((record) => record.triggerId === triggerId && record.type === 'webhook');
  if (found && isOn(found)) return found;
  throw new AppError('webhook.not_found', `There is no webhook at /hooks/${workflowId}/${triggerId}.`, {
    fix: 'GET /api/triggers lists them; a workflow has to be published and it and its trigger be on.',
  });
}

/**
 * Answers a call of a webhook: with the id of the run it started, or that the same delivery started before; null where
 * the trigger's condition does not hold.
 * @throws AppError `webhook.not_found`, `webhook.unauthorized`, `webhook.bad_secret`, and what reading the event, its
 * condition and {@link fire} throw
 */
export async function callWebhook(
  deps: Deps,
  called: Called,
  request: Request,
): Promise<{ executionId: string | null }> {
  const trigger = await triggerOf(deps, called);
  const config = webhookConfig.parse(trigger.config);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const delivery = { headers: request.headers, body };
  await authorise(config, delivery, deps.secrets);
  const event = webhookEvent(request, body);
  if (!holds(config.when, event)) return { executionId: null };
  return { executionId: await fire(deps, trigger, event, deliveryId(delivery) ?? randomUUID()) };
}

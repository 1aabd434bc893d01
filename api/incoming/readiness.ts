import { messageOf } from '#shared/errors.ts';
import { webhookConfig } from '#shared/triggers/webhook.ts';
import type { Deps } from '../deps.ts';
import type { TriggerRecord } from '../store/triggers.ts';
import { wantedTrigger } from '../triggers/wanted.ts';
import { workflowOf } from '../workflows/definitions.ts';

async function secretsOf(deps: Deps, { type, config }: TriggerRecord): Promise<void> {
  if (type !== 'webhook') return;
  const { secret, previousSecret } = webhookConfig.parse(config);
  for (const name of [secret, previousSecret]) if (name !== undefined) await deps.secrets.get(name);
}

/** Why a trigger whose events come in through the API could start nothing now; `undefined` where it could. */
export async function reasonNotReady(deps: Deps, record: TriggerRecord): Promise<string | undefined> {
  // Who starts it by hand gives what it needs.
  if (record.type === 'manual') return undefined;
  try {
    await wantedTrigger(deps, await workflowOf(deps, record.workflowId), record, '');
    await secretsOf(deps, record);
    return undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

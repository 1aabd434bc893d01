import type { Transaction } from 'kysely';
import { AppError } from '#shared/errors.ts';
import { isObject, type JsonObject } from '#shared/json.ts';
import type { Tables } from './tables.ts';
import { jsonToText } from './text.ts';
import { toIso } from './time.ts';

interface DeclaredTrigger {
  id: string;
  type: string;
  config: JsonObject;
  enabled: boolean;
}

function triggersOf(definition: JsonObject): DeclaredTrigger[] {
  const declared = Array.isArray(definition.triggers) ? definition.triggers : [];
  return declared.map((trigger, index) => {
    if (!isObject(trigger) || typeof trigger.id !== 'string' || typeof trigger.type !== 'string') {
      throw new AppError('workflow.bad_trigger', `triggers[${index}] has no id or no type.`, {
        fix: 'Give every trigger of the definition an id and a type.',
      });
    }
    const config = isObject(trigger.config) ? trigger.config : {};
    return { id: trigger.id, type: trigger.type, config, enabled: trigger.enabled !== false };
  });
}

/** Makes the trigger rows of a workflow those its definition declares; a trigger that stays keeps its creation time. */
export async function replaceTriggers(
  trx: Transaction<Tables>,
  workflowId: string,
  definition: JsonObject,
  at: string,
): Promise<void> {
  const declared = triggersOf(definition);
  const before = await trx
    .deleteFrom('workflow_triggers')
    .where('workflow_id', '=', workflowId)
    .returning(['trigger_id', 'created_at'])
    .execute();
  if (declared.length === 0) return;
  const createdAt = new Map(before.map((row) => [row.trigger_id, row.created_at]));
  const rows = declared.map(({ id, type, config, enabled }) => ({
    id: `${workflowId}/${id}`,
    workflow_id: workflowId,
    trigger_id: id,
    type,
    config: jsonToText(config),
    enabled,
    created_at: createdAt.get(id) ?? toIso(at),
  }));
  await trx.insertInto('workflow_triggers').values(rows).execute();
}

/** The number the next version gets. Call it with the workflow's row locked: two publishers would get the same. */
export async function nextVersion(trx: Transaction<Tables>, workflowId: string): Promise<number> {
  const { latest } = await trx
    .selectFrom('workflow_versions')
    .select(({ fn }) => fn.max('version').as('latest'))
    .where('workflow_id', '=', workflowId)
    .executeTakeFirstOrThrow();
  return (latest ?? 0) + 1;
}

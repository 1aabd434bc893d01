import type { JsonObject } from '#shared/json.ts';
import type { Db } from './tables.ts';
import { textToJson } from './text.ts';

/** A trigger of a published workflow. */
export interface TriggerRecord {
  /** `workflowId/triggerId`. */
  id: string;
  workflowId: string;
  triggerId: string;
  type: string;
  config: JsonObject;
  /** The trigger's own switch. */
  enabled: boolean;
  /** The workflow's switch: a trigger acts only when both are on. */
  workflowEnabled: boolean;
  createdAt: string;
}

/** Triggers as the latest published versions declare them; `publish` writes them. */
export interface Triggers {
  ofWorkflow(workflowId: string): Promise<TriggerRecord[]>;
  /** Of all workflows that are not deleted, by workflow and trigger id. */
  all(): Promise<TriggerRecord[]>;
}

const select = (db: Db) =>
  db
    .selectFrom('workflow_triggers as trigger')
    .innerJoin('workflows as workflow', 'workflow.id', 'trigger.workflow_id')
    .selectAll('trigger')
    .select('workflow.enabled as workflow_enabled')
    .where('workflow.deleted_at', 'is', null)
    .orderBy('trigger.workflow_id')
    .orderBy('trigger.trigger_id');

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

const triggerOf = (row: Row): TriggerRecord => ({
  id: row.id,
  workflowId: row.workflow_id,
  triggerId: row.trigger_id,
  type: row.type,
  config: textToJson(row.config) as JsonObject,
  enabled: Boolean(row.enabled),
  workflowEnabled: Boolean(row.workflow_enabled),
  createdAt: row.created_at,
});

export const triggersOf = (db: Db): Triggers => ({
  ofWorkflow: async (workflowId) => {
    const rows = await select(db).where('trigger.workflow_id', '=', workflowId).execute();
    return rows.map(triggerOf);
  },
  all: async () => (await select(db).execute()).map(triggerOf),
});

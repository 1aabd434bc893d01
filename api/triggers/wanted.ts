import { createHash } from 'node:crypto';
import { isObject, type JsonObject } from '#shared/json.ts';
import type { Deps } from '../deps.ts';
import { runOf } from '../executions/start.ts';
import type { TriggerRecord } from '../store/triggers.ts';
import type { WorkflowRecord } from '../store/workflow-record.ts';
import { latest } from '../workflows/definitions.ts';
import type { WantedTrigger } from './syncer.ts';

/** Tells states of triggers apart without reading their definitions. */
export type Fingerprint = (record: TriggerRecord, version: number | null) => string;

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');

/** What a run takes from the catalogue is part of what triggers start, so a new release renews them all. */
export function fingerprints({ catalog, taskQueue }: Pick<Deps, 'catalog' | 'taskQueue'>): Fingerprint {
  const release = hash([catalog, taskQueue]);
  return ({ type, config }, version) => hash([release, version, type, config]).slice(0, 16);
}

/** Whether a trigger is to fire. */
export const isOn = ({ enabled, workflowEnabled }: TriggerRecord): boolean => enabled && workflowEnabled;

/** Every trigger of a type that is to fire. */
export const triggersOn = async ({ store }: Pick<Deps, 'store'>, type: string): Promise<TriggerRecord[]> =>
  (await store.triggers.all()).filter((trigger) => trigger.type === type && isOn(trigger));

/**
 * A trigger with the run it starts.
 * @throws AppError `workflow.invalid`, `variables.invalid`: a required variable without a default, for nobody is
 * there to give it a value
 */
export async function wantedTrigger(
  deps: Deps,
  workflow: WorkflowRecord,
  record: TriggerRecord,
  fingerprint: string,
): Promise<WantedTrigger> {
  const { workflowId, triggerId, type, config } = record;
  const { workflow: definition, version } = await latest(deps, workflow);
  const run = runOf(deps, { workflow: definition, version, trigger: { id: triggerId, type }, variables: {} });
  return { workflowId, triggerId, config, version, fingerprint, run };
}

/** The triggers that the last two published versions name: what may exist although no list shows it yet. */
export async function recentlyDeclared(
  { store }: Deps,
  workflowId: string,
): Promise<{ triggerId: string; type: string }[]> {
  const { items } = await store.workflows.versions(workflowId, { limit: 2 });
  const versions = await Promise.all(
    items.map(({ version }) => store.workflows.version(workflowId, version)),
  );
  const triggers = versions.flatMap((version) => (version?.definition.triggers ?? []) as JsonObject[]);
  return triggers.filter(isObject).map(({ id, type }) => ({ triggerId: String(id), type: String(type) }));
}

import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { KeptTrigger } from '#shared/execution/kept-trigger.ts';
import { FILE_TRIGGER, PLUGIN_TRIGGER } from '#shared/execution/protocol.ts';
import { packed } from '#shared/node/start-execution.ts';
import { fileChangeConfig } from '#shared/triggers/file-change.ts';
import { pluginTriggerConfig } from '#shared/triggers/plugin.ts';
import type { Deps } from '../deps.ts';
import {
  type ExistingTrigger,
  keyOf,
  type Syncer,
  type TriggerKey,
  temporalId,
  type WantedTrigger,
} from './syncer.ts';

/** What tells one type of trigger that workers keep watch for from another. */
interface Kind<Config = unknown> {
  type: string;
  /** Type of the Temporal workflow that keeps the watch. */
  workflow: string;
  /** Begins the ids of these workflows. */
  prefix: string;
  parse(config: unknown): Config;
  /** What is watched, in a few words. */
  words(config: Config): string;
}

type Parts = Pick<Deps, 'client' | 'blobs' | 'taskQueue'>;

async function definitionOf(
  { parse }: Kind,
  { blobs }: Parts,
  { triggerId, config, run, fingerprint }: WantedTrigger,
): Promise<KeptTrigger<unknown>> {
  return {
    id: triggerId,
    config: parse(config),
    run: await packed(run, blobs),
    fingerprint,
  };
}

/** Starts the watcher; false where it runs already. */
async function start(
  { workflow, prefix, words }: Kind,
  { client, taskQueue }: Parts,
  wanted: WantedTrigger,
  trigger: KeptTrigger<unknown>,
): Promise<boolean> {
  try {
    await client.workflow.start(workflow, {
      workflowId: temporalId(prefix, wanted),
      taskQueue,
      args: [{ trigger }],
      memo: { fingerprint: wanted.fingerprint },
      staticSummary: `${wanted.run.workflow.name}: ${words(trigger.config)}`.slice(0, 200),
    });
    return true;
  } catch (thrown) {
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw thrown;
  }
}

async function put(kind: Kind, parts: Parts, wanted: WantedTrigger): Promise<void> {
  const trigger = await definitionOf(kind, parts, wanted);
  if (await start(kind, parts, wanted, trigger)) return;
  const handle = parts.client.workflow.getHandle(temporalId(kind.prefix, wanted));
  const { memo } = await handle.describe();
  if (memo?.fingerprint === wanted.fingerprint) return;
  await handle.executeUpdate<void, [KeptTrigger<unknown>]>('redefine', { args: [trigger] });
}

/** A cancellation is kept by Temporal even while no worker lives; the workflow takes it as its end. */
async function stop({ prefix }: Kind, { client }: Parts, key: TriggerKey): Promise<void> {
  try {
    await client.workflow.getHandle(temporalId(prefix, key)).cancel();
  } catch (thrown) {
    if (!(thrown instanceof WorkflowNotFoundError)) throw thrown;
  }
}

/** Why a watcher is between two attempts; `undefined` while it works. */
async function failureOf({ client }: Parts, id: string, runId: string): Promise<string | undefined> {
  const { raw } = await client.workflow.getHandle(id, runId).describe();
  const { PENDING_ACTIVITY_STATE_SCHEDULED: waiting } = proto.temporal.api.enums.v1.PendingActivityState;
  const failed = raw.pendingActivities?.find(({ state, lastFailure }) => lastFailure && state === waiting);
  return failed?.lastFailure?.message ?? undefined;
}

/** Such a trigger is a workflow that keeps one watcher alive among all workers. */
function keptSyncer<Config>(given: Kind<Config>, parts: Parts): Syncer {
  const kind = given as Kind;
  const { type, prefix, workflow } = kind;
  return {
    type,
    put: (wanted) => put(kind, parts, wanted),
    rest: (key) => stop(kind, parts, key),
    remove: (key) => stop(kind, parts, key),
    async existing(workflowId) {
      const found: ExistingTrigger[] = [];
      const ofOne = workflowId === undefined ? '' : ` AND WorkflowId STARTS_WITH '${prefix}.${workflowId}.'`;
      const query = `WorkflowType = '${workflow}' AND ExecutionStatus = 'Running'${ofOne}`;
      for await (const { workflowId: id, runId, memo } of parts.client.workflow.list({ query })) {
        const key = keyOf(prefix, id);
        if (!key) continue;
        const failure = await failureOf(parts, id, runId);
        const fingerprint = String(memo?.fingerprint ?? '');
        found.push({
          ...key,
          fingerprint,
          isPaused: false,
          nextRuns: [],
          ...(failure !== undefined && { failure }),
        });
      }
      return found;
    },
  };
}

export const fileChangeSyncer = (parts: Parts): Syncer =>
  keptSyncer(
    {
      type: 'file_change',
      workflow: FILE_TRIGGER,
      prefix: 'file-trigger',
      parse: (config) => fileChangeConfig.parse(config),
      words: ({ path }) => path,
    },
    parts,
  );

export const pluginSyncer = (parts: Parts): Syncer =>
  keptSyncer(
    {
      type: 'plugin',
      workflow: PLUGIN_TRIGGER,
      prefix: 'plugin-trigger',
      parse: (config) => pluginTriggerConfig.parse(config),
      words: ({ pluginId, trigger }) => `${trigger} of ${pluginId}`,
    },
    parts,
  );

import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import proto from '@temporalio/proto';
import type { FileTrigger } from '#shared/execution/file-trigger.ts';
import { FILE_TRIGGER } from '#shared/execution/protocol.ts';
import { packed } from '#shared/node/start-execution.ts';
import { fileChangeConfig } from '#shared/triggers/file-change.ts';
import type { Deps } from '../deps.ts';
import {
  type ExistingTrigger,
  keyOf,
  type Syncer,
  type TriggerKey,
  temporalId,
  type WantedTrigger,
} from './syncer.ts';

const PREFIX = 'file-trigger';

type Parts = Pick<Deps, 'client' | 'blobs' | 'taskQueue'>;

async function definitionOf(
  { blobs }: Parts,
  { triggerId, config, run, fingerprint }: WantedTrigger,
): Promise<FileTrigger> {
  return {
    id: triggerId,
    config: fileChangeConfig.parse(config),
    run: await packed(run, blobs),
    fingerprint,
  };
}

/** Starts the watcher; false where it runs already. */
async function start(
  { client, taskQueue }: Parts,
  wanted: WantedTrigger,
  trigger: FileTrigger,
): Promise<boolean> {
  try {
    await client.workflow.start(FILE_TRIGGER, {
      workflowId: temporalId(PREFIX, wanted),
      taskQueue,
      args: [{ trigger }],
      memo: { fingerprint: wanted.fingerprint },
      staticSummary: `${wanted.run.workflow.name}: ${trigger.config.path}`.slice(0, 200),
    });
    return true;
  } catch (thrown) {
    if (thrown instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw thrown;
  }
}

async function put(parts: Parts, wanted: WantedTrigger): Promise<void> {
  const trigger = await definitionOf(parts, wanted);
  if (await start(parts, wanted, trigger)) return;
  const handle = parts.client.workflow.getHandle(temporalId(PREFIX, wanted));
  const { memo } = await handle.describe();
  if (memo?.fingerprint === wanted.fingerprint) return;
  await handle.executeUpdate<void, [FileTrigger]>('redefine', { args: [trigger] });
}

/** A cancellation is kept by Temporal even while no worker lives; the workflow takes it as its end. */
async function stop({ client }: Parts, key: TriggerKey): Promise<void> {
  try {
    await client.workflow.getHandle(temporalId(PREFIX, key)).cancel();
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

/** A file trigger is a workflow that keeps one watcher alive among all workers. */
export function fileChangeSyncer(parts: Parts): Syncer {
  return {
    type: 'file_change',
    put: (wanted) => put(parts, wanted),
    rest: (key) => stop(parts, key),
    remove: (key) => stop(parts, key),
    async existing(workflowId) {
      const found: ExistingTrigger[] = [];
      const ofOne = workflowId === undefined ? '' : ` AND WorkflowId STARTS_WITH '${PREFIX}.${workflowId}.'`;
      const query = `WorkflowType = '${FILE_TRIGGER}' AND ExecutionStatus = 'Running'${ofOne}`;
      for await (const { workflowId: id, runId, memo } of parts.client.workflow.list({ query })) {
        const key = keyOf(PREFIX, id);
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

import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type ScheduleOptions,
  type ScheduleOverlapPolicy,
  type ScheduleSummary,
} from '@temporalio/client';
import { parseDuration } from '#shared/duration.ts';
import { EXECUTION } from '#shared/execution/protocol.ts';
import { attributes, packed, startOptions } from '#shared/node/start-execution.ts';
import { type ScheduleConfig, scheduleConfig } from '#shared/triggers/schedule.ts';
import type { Deps } from '../deps.ts';
import {
  type ExistingTrigger,
  keyOf,
  type Syncer,
  type TriggerKey,
  temporalId,
  type WantedTrigger,
} from './syncer.ts';

const PREFIX = 'schedule';

/** Temporal's shortest catch-up window, in milliseconds. */
const SHORTEST_CATCHUP = 10_000;

const OVERLAP: Record<ScheduleConfig['overlap'], ScheduleOverlapPolicy> = {
  skip: 'SKIP',
  queue_one: 'BUFFER_ONE',
  queue_all: 'BUFFER_ALL',
  cancel_running: 'CANCEL_OTHER',
  allow: 'ALLOW_ALL',
};

type Parts = Pick<Deps, 'client' | 'blobs' | 'taskQueue'>;

const specOf = ({ cron, every, timezone, jitter }: ScheduleConfig): ScheduleOptions['spec'] => ({
  ...(cron !== undefined && { cronExpressions: [cron] }),
  ...(every !== undefined && { intervals: [{ every: parseDuration(every) }] }),
  timezone,
  ...(jitter !== undefined && { jitter: parseDuration(jitter) }),
});

/** The note is all that can be changed of what a list of schedules shows, so it carries the fingerprint. */
const noteOf = ({ version, fingerprint }: WantedTrigger): string => `version ${version} (${fingerprint})`;

const fingerprintOf = (note: string | undefined): string => /\(([0-9a-f]+)\)$/.exec(note ?? '')?.[1] ?? '';

async function optionsOf({ blobs, taskQueue }: Parts, wanted: WantedTrigger) {
  const config = scheduleConfig.parse(wanted.config);
  return {
    spec: specOf(config),
    policies: {
      overlap: OVERLAP[config.overlap],
      catchupWindow: Math.max(SHORTEST_CATCHUP, parseDuration(config.catchup)),
    },
    action: {
      type: 'startWorkflow' as const,
      workflowType: EXECUTION,
      workflowId: `${wanted.workflowId}-${wanted.triggerId}`,
      args: [await packed(wanted.run, blobs)],
      ...startOptions(wanted.run, taskQueue),
    },
    state: { paused: false, note: noteOf(wanted) },
    typedSearchAttributes: [{ key: attributes.workflow, value: wanted.workflowId }],
  };
}

async function put(parts: Parts, wanted: WantedTrigger): Promise<void> {
  const { schedule } = parts.client;
  const scheduleId = temporalId(PREFIX, wanted);
  const options = await optionsOf(parts, wanted);
  try {
    await schedule.create({ scheduleId, ...options });
  } catch (thrown) {
    if (!(thrown instanceof ScheduleAlreadyRunning)) throw thrown;
    const handle = schedule.getHandle(scheduleId);
    const { state } = await handle.describe();
    // Nothing to do is the common case: every start of an api asks for every schedule.
    if (!state.paused && fingerprintOf(state.note) === wanted.fingerprint) return;
    await handle.update(() => options);
  }
}

async function ifThere(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (!(thrown instanceof ScheduleNotFoundError)) throw thrown;
  }
}

function existingOf({ scheduleId, state, info }: ScheduleSummary): ExistingTrigger[] {
  const key = keyOf(PREFIX, scheduleId);
  if (!key) return [];
  const nextRuns = state.paused ? [] : info.nextActionTimes.map((time) => time.toISOString());
  return [{ ...key, fingerprint: fingerprintOf(state.note), isPaused: state.paused, nextRuns }];
}

/** Schedules of ours are Temporal Schedules: they fire whether an api lives or not. */
export function scheduleSyncer(parts: Parts): Syncer {
  const { schedule } = parts.client;
  const handle = (key: TriggerKey) => schedule.getHandle(temporalId(PREFIX, key));
  return {
    type: 'schedule',
    put: (wanted) => put(parts, wanted),
    rest: (key) => ifThere(handle(key).pause('switched off')),
    remove: (key) => ifThere(handle(key).delete()),
    async existing(workflowId) {
      const found: ExistingTrigger[] = [];
      const query = workflowId === undefined ? undefined : `AcasWorkflow = '${workflowId}'`;
      for await (const summary of schedule.list({ ...(query !== undefined && { query }) }))
        found.push(...existingOf(summary));
      return found;
    },
  };
}

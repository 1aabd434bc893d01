import { fileURLToPath } from 'node:url';
import {
  bundleWorkflowCode,
  DefaultLogger,
  type NativeConnection,
  Worker,
  type WorkerOptions,
} from '@temporalio/worker';
import { BREATHE_ACTIVITY, LOAD_ACTIVITY, STORE_ACTIVITY, TASK_QUEUE } from '#shared/execution/protocol.ts';
import type { Action } from './action.ts';
import { compactAction } from './agent/compact.ts';
import { turnAction } from './agent/turn.ts';
import { activityOf, type Host } from './host/activity.ts';
import { pluginActivities } from './plugins/activity.ts';
import { previewActivities } from './preview.ts';
import type { Registry } from './registry.ts';

const WORKFLOWS = fileURLToPath(new URL('./workflow/index.ts', import.meta.url));

/** How long running actions may go on after a shutdown was asked for, in milliseconds. */
const SHUTDOWN_GRACE = 5_000;

/** The code that runs in the workflow isolate, as one script. */
export async function bundleWorkflows(): Promise<string> {
  const { code } = await bundleWorkflowCode({ workflowsPath: WORKFLOWS, logger: new DefaultLogger('WARN') });
  return code;
}

type Activities = Record<string, (...args: never[]) => Promise<unknown>>;

/** The runner's own activities: what is too large for a history is kept in the blob store. */
const storage = ({ blobs }: Host): Activities => ({
  [BREATHE_ACTIVITY]: async () => undefined,
  [STORE_ACTIVITY]: (part: string) => blobs.put(new TextEncoder().encode(part)),
  [LOAD_ACTIVITY]: async (ref: string) => new TextDecoder().decode(await blobs.get(ref)),
});

export interface WorkerParts {
  connection: NativeConnection;
  namespace: string;
  actions: Registry;
  host: Host;
  /** From {@link bundleWorkflows}. */
  code: string;
  /** Activities besides actions and storage. */
  activities?: Activities;
  taskQueue?: string;
  tuning?: Partial<WorkerOptions>;
}

/** A worker that walks executions and runs every action of the registry. */
export function createWorker(parts: WorkerParts): Promise<Worker> {
  const { connection, namespace, actions, host, code, activities, taskQueue = TASK_QUEUE, tuning } = parts;
  const internal = [turnAction(actions), compactAction] as unknown as Action[];
  const library = Object.fromEntries(
    [...actions.values(), ...internal].map((action) => [action.type, activityOf(action, host)]),
  );
  return Worker.create({
    connection,
    namespace,
    taskQueue,
    workflowBundle: { code },
    activities: {
      ...library,
      ...storage(host),
      ...pluginActivities(host),
      ...previewActivities(actions),
      ...activities,
    },
    shutdownGraceTime: SHUTDOWN_GRACE,
    maxHeartbeatThrottleInterval: 2_000,
    maxConcurrentActivityTaskExecutions: 100,
    maxEagerActivityReservationsPerWorkflowTask: 20,
    maxCachedWorkflows: 300,
    ...tuning,
  });
}

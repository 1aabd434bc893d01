import { messageOf } from '#shared/errors.ts';
import type { JsonObject } from '#shared/json.ts';
import type { Deps } from './deps.ts';
import { millisecondsOf } from './temporal/decode.ts';

/** How long each part has to answer, in milliseconds. */
const PATIENCE = 3_000;

/** A live worker asks for work at least this often, in milliseconds; Temporal remembers one for much longer. */
const POLL_EVERY = 75_000;

const TASK_QUEUE_TYPE_ACTIVITY = 2;

export interface Health {
  isHealthy: boolean;
  report: { status: string; version: string; temporal: JsonObject; workers: JsonObject; store: JsonObject };
}

async function answered(work: () => Promise<JsonObject>): Promise<JsonObject & { ok: boolean }> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE} ms`)), PATIENCE);
  });
  try {
    return { ok: true, ...(await Promise.race([work(), late])) };
  } catch (thrown) {
    return { ok: false, error: messageOf(thrown) };
  } finally {
    clearTimeout(timer);
  }
}

async function workers({ client, taskQueue }: Deps): Promise<JsonObject> {
  const { pollers } = await client.workflowService.describeTaskQueue({
    namespace: client.options.namespace,
    taskQueue: { name: taskQueue },
    taskQueueType: TASK_QUEUE_TYPE_ACTIVITY,
  });
  const alive = (pollers ?? []).filter(
    ({ lastAccessTime }) => millisecondsOf(lastAccessTime) > Date.now() - POLL_EVERY,
  );
  const identities = [...new Set(alive.map(({ identity }) => identity ?? ''))];
  if (identities.length === 0) throw new Error('no worker polls for work; start one with npm run worker');
  return { count: identities.length, identities };
}

/** Whether a workflow could run now: Temporal answers, a worker polls, the store answers. */
export async function health(deps: Deps, version: string): Promise<Health> {
  const { client, store, temporalWeb } = deps;
  const temporal = answered(async () => {
    const { serverVersion } = await client.workflowService.getSystemInfo({});
    const { namespace } = client.options;
    return { server: serverVersion ?? '', namespace, ...(temporalWeb && { web: temporalWeb }) };
  });
  const database = answered(async () => {
    await store.ping();
    return { engine: store.engine };
  });
  const [one, two, three] = await Promise.all([temporal, answered(() => workers(deps)), database]);
  const isHealthy = one.ok && two.ok && three.ok;
  return {
    isHealthy,
    report: { status: isHealthy ? 'ok' : 'degraded', version, temporal: one, workers: two, store: three },
  };
}

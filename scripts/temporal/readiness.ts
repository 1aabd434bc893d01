import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import { AppError, messageOf } from '#shared/errors.ts';
import { addSearchAttributes, missingSearchAttributes } from '#shared/node/search-attributes.ts';

const retention = 30 * 86_400;
const service = 'temporal.api.workflowservice.v1.WorkflowService';
const serving = 1;

// gRPC by itself waits a second and more after a refused connection, which would be most of a start.
const eager = {
  'grpc.initial_reconnect_backoff_ms': 50,
  'grpc.min_reconnect_backoff_ms': 50,
  'grpc.max_reconnect_backoff_ms': 100,
};

const check = async (connection: Connection, namespace: string): Promise<void> => {
  const health = await connection.healthService.check({ service });
  if (health.status !== serving) throw new Error('the frontend does not serve yet');
  const described = await connection.workflowService.describeNamespace({ namespace });
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length > 0) {
    await addSearchAttributes(connection, namespace, missing);
    throw new Error(`the search attributes ${missing.map(([name]) => name).join(', ')} were missing`);
  }
  const seconds = Number(described.config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  if (seconds >= retention) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: { seconds: retention as never } },
  });
};

export interface ReadinessOptions {
  /** Default `default`. */
  namespace?: string;
  /** Milliseconds. Default 60,000. */
  timeout?: number;
  /** Ends the wait: its reason is thrown. */
  signal?: AbortSignal;
}

/**
 * Waits until a server of ours can take work: its frontend is healthy, its namespace exists, keeps closed runs
 * for 30 days and has the search attributes.
 * @throws AppError `temporal.not_ready` with the last thing that was missing.
 */
export async function temporalReady(address: string, options: ReadinessOptions = {}): Promise<void> {
  // Without the SDK's own retries: one that is due when the connection closes ends the whole process.
  const connection = Connection.lazy({ address, connectTimeout: '2s', channelArgs: eager, interceptors: [] });
  const { signal } = options;
  try {
    signal?.throwIfAborted();
    const aborted = signal && once(signal, 'abort').then(() => signal.throwIfAborted());
    await Promise.race([poll(connection, address, options), ...(aborted ? [aborted] : [])]);
  } finally {
    await connection.close();
  }
}

const poll = async (connection: Connection, address: string, options: ReadinessOptions): Promise<void> => {
  const { namespace = 'default', timeout = 60_000, signal } = options;
  const deadline = Date.now() + timeout;
  while (!signal?.aborted) {
    try {
      return await connection.withDeadline(Date.now() + 2000, () => check(connection, namespace));
    } catch (thrown) {
      if (Date.now() > deadline) throw notReady(address, timeout, thrown);
    }
    await sleep(50);
  }
};

const notReady = (address: string, timeout: number, thrown: unknown): AppError =>
  new AppError(
    'temporal.not_ready',
    `Temporal at ${address} was not ready within ${timeout / 1000} s: ${messageOf(thrown)}.`,
    {
      fix: 'Look into temporal/server.log in the data directory.',
      cause: thrown,
    },
  );

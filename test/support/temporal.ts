import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { ensureSearchAttributes } from '#api/temporal/attributes.ts';
import { acquireTemporal } from '#scripts/temporal/acquire.ts';
import { cacheFolder } from '#scripts/temporal/cache-folder.ts';
import { startHomeServer } from '#scripts/temporal/home-server.ts';
import { temporalReady } from '#scripts/temporal/readiness.ts';
import type { TemporalServer } from '#scripts/temporal/server.ts';
import { createLog } from '#shared/node/log.ts';

/** The Temporal executable, got the same way as `npm start` gets it. */
export function testBinary(): Promise<string> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  return acquireTemporal({
    cliPath: process.env.TEMPORAL_CLI_PATH,
    cache: cacheFolder(process.env),
    report,
  });
}

/**
 * host:port of the one in-memory Temporal server of this jest run. The first caller starts it, which takes about
 * a second, so that a run of unit tests only pays nothing. It has the product's search attributes; tests share
 * its `default` namespace and keep apart by task queues and workflow ids of their own.
 *
 * `ACAS_TEST_TEMPORAL` names a running server to use instead.
 */
export async function testAddress(): Promise<string> {
  const known = process.env.ACAS_TEST_TEMPORAL;
  if (known) return known;
  const broker = process.env.ACAS_TEST_BROKER;
  if (broker === undefined)
    throw new Error('jest.config.ts must name test/global-setup.ts as its globalSetup');
  const response = await fetch(broker);
  const text = await response.text();
  if (!response.ok) throw new Error(`The Temporal server of the tests did not start: ${text}`);
  process.env.ACAS_TEST_TEMPORAL = text;
  return text;
}

/**
 * A namespace of a test's own on a server, ready to be used: for what looks at all there is, and so would take the
 * triggers of other tests for its own.
 */
export async function ownNamespace(address: string): Promise<string> {
  const namespace = `test-${randomUUID().slice(0, 8)}`;
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
    });
    await ensureSearchAttributes(connection, namespace, createLog({ level: 'silent' }));
  } finally {
    await connection.close();
  }
  await temporalReady(address, { namespace });
  return namespace;
}

/** A server of a test's own, on a database file, to be killed and started again. */
export interface FileServer {
  /** Stays the same over restarts. */
  readonly address: string;
  readonly pid: number;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again on the same file and ports; it must have ended before. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Temporal server with its database under `folder`, which is created when absent. */
export async function startFileServer(folder: string): Promise<FileServer> {
  await mkdir(join(folder), { recursive: true });
  const binary = await testBinary();
  const launch = (): Promise<TemporalServer> =>
    startHomeServer({ home: folder, binary, wanted: { grpc: 0, ui: null } });
  let server = await launch();
  return {
    get address() {
      return server.address;
    },
    get pid() {
      return server.pid;
    },
    kill: () => server.kill(),
    stop: () => server.stop(),
    restart: async () => {
      server = await launch();
    },
  };
}

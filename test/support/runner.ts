import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime, type WorkerOptions } from '@temporalio/worker';
import { z } from 'zod';
import { EXECUTION, type Run } from '#shared/execution/protocol.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { Facts } from '#shared/machine/protocol.ts';
import { openBlobs } from '#shared/node/blobs/open-blobs.ts';
import { readConfig } from '#shared/node/config.ts';
import { createLog } from '#shared/node/log.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import { packed } from '#shared/node/start-execution.ts';
import { type Action, defineAction, Retryable, Terminal } from '#workers/action.ts';
import { noPlugins, type Plugins } from '#workers/plugins/plugins.ts';
import { temporalLogger } from '#workers/temporal-logger.ts';
import { bundleWorkflows, createWorker } from '#workers/worker.ts';
import { openWorkspace } from '#workers/workspace.ts';
import { testAddress } from './temporal.ts';

/** What a step of type `test.act` is told to do: so a test's world is written into its workflow. */
export const actInput = z.object({
  output: z.json().optional(),
  fail: z.string().optional(),
  /** Attempts that fail, retryably, before the first that does not. */
  flaky: z.int().default(0),
  /** Milliseconds it takes. */
  takes: z.int().default(0),
});

/** Facts of `test.act`, for the machine. */
export const testFacts: Facts = {
  'test.act': { timeout: 20_000, retry: { initialInterval: 20, maximumInterval: 50 }, idempotent: true },
};

const testAction = (ran: string[]): Action =>
  defineAction({
    type: 'test.act',
    title: 'Test',
    description: 'Does what its parameters say.',
    icon: 'flask',
    input: actInput,
    output: z.json(),
    effect: 'write',
    idempotent: true,
    examples: [],
    async run({ input, signal, attempt, idempotencyKey }) {
      ran.push(idempotencyKey);
      if (input.takes > 0)
        await new Promise<void>((resolve, reject) => {
          const timer = setTimeout(resolve, input.takes);
          signal.addEventListener('abort', () => {
            clearTimeout(timer);
            reject(signal.reason);
          });
        });
      if (attempt <= input.flaky) throw new Retryable('test.flaky', 'Not yet.');
      if (input.fail !== undefined) throw new Terminal(input.fail, `Failed as told: ${input.fail}.`);
      return input.output ?? null;
    },
  }) as unknown as Action;

let code: Promise<string> | undefined;

/** A worker of a test's own on the shared Temporal server, with the action `test.act` and whatever else is given. */
export async function startRunner(
  options: {
    actions?: Action[];
    plugins?: Plugins;
    tuning?: Partial<WorkerOptions>;
    /** Variables of the configuration. */
    environment?: Record<string, string>;
  } = {},
) {
  code ??= bundleWorkflows();
  const address = await testAddress();
  const home = await mkdtemp(join(tmpdir(), 'acas-runner-'));
  const log = createLog({ level: 'silent' });
  try {
    Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] });
  } catch {
    // One runtime a process: an earlier runner of this file has installed it.
  }
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection });
  const blobs = await openBlobs({ home });
  const ran: string[] = [];
  const actions = new Map(
    [testAction(ran), ...(options.actions ?? [])].map((action) => [action.type, action]),
  );
  const taskQueue = `test-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const workspace = await openWorkspace(home, []);
  const host = {
    blobs,
    secrets: openSecrets({ home, environment: {} }),
    log,
    workspace,
    home,
    network: { allow: ['*'] },
    environment: {},
    settings: readConfig({ ACAS_SHELL_ALLOW: '*', ...options.environment }),
    plugins: options.plugins ?? noPlugins,
  };
  const worker = await createWorker({
    connection,
    namespace: 'default',
    actions,
    host,
    code: await code,
    taskQueue,
    tuning: options.tuning ?? {},
  });
  const running = worker.run();
  let started = 0;
  return {
    client,
    blobs,
    home,
    taskQueue,
    /** Idempotency keys of every attempt that ran, in order. */
    ran,
    /** Starts a run and answers its handle. */
    async start(
      run: Omit<Run, 'facts' | 'workflowVersion' | 'trigger' | 'variables'> & Partial<Run>,
      memo: JsonObject = {},
    ) {
      const full: Run = { facts: testFacts, workflowVersion: 1, trigger: {}, variables: {}, ...run };
      const workflowId = `${taskQueue}-${started++}`;
      return client.workflow.start(EXECUTION, {
        workflowId,
        taskQueue,
        memo,
        args: [await packed(full, blobs)],
      });
    },
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
      await clientConnection.close();
      await blobs.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export type Runner = Awaited<ReturnType<typeof startRunner>>;

/** JSON as it comes out of a round trip, for comparing what travelled with what did not. */
export const plain = (value: unknown): Json => JSON.parse(JSON.stringify(value)) as Json;

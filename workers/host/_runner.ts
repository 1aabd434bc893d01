import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import pino from 'pino';
import { factsOf } from '#shared/catalog/facts.ts';
import { normalise } from '#shared/definition/normalise.ts';
import { workflowSchema } from '#shared/definition/schema.ts';
import { EXECUTION, type Run } from '#shared/execution/protocol.ts';
import type { JsonObject } from '#shared/json.ts';
import type { State } from '#shared/machine/state.ts';
import type { Blobs } from '#shared/node/blobs/blobs.ts';
import { fileBlobs } from '#shared/node/blobs/file-blobs.ts';
import { readConfig } from '#shared/node/config.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import type { Action } from '../action.ts';
import { catalogOf } from '../catalog.ts';
import { noPlugins } from '../plugins/plugins.ts';
import { bundleWorkflows, createWorker } from '../worker.ts';
import { openWorkspace } from '../workspace.ts';
import type { Host } from './activity.ts';
import { childEnvironment } from './child-environment.ts';

/** A step of a test's workflow. */
export interface TestStep {
  id: string;
  action: { type: string; parameters?: JsonObject };
  [key: string]: unknown;
}

/** A worker of its own task queue, and executions on it. */
export interface Runner {
  folder: string;
  root: string;
  taskQueue: string;
  blobs: Blobs;
  start(steps: TestStep[], more?: { trigger?: JsonObject }): Promise<WorkflowHandle>;
  /** The final state of an execution's steps, whatever became of it. */
  stateOf(handle: WorkflowHandle): Promise<State>;
  /** Starts, waits for the end, and gives the final state. */
  run(steps: TestStep[], more?: { trigger?: JsonObject }): Promise<State>;
  /** Ends the worker in order; actions it runs are interrupted. */
  stop(): Promise<void>;
  /** Starts the worker again on the same queue. */
  resume(): Promise<void>;
  close(): Promise<void>;
}

const widened = (actions: Action[]) => new Map(actions.map((action) => [action.type, action]));

/** What a host is made with besides its folder. */
export interface HostOptions extends Partial<Pick<Host, 'settings' | 'network'>> {
  secrets?: Record<string, string>;
}

/** A host whose workspace and data are in this folder. */
export function makeHost(folder: string, { secrets = {}, ...more }: HostOptions = {}): Host {
  const [root, home] = [join(folder, 'workspace'), join(folder, 'home')];
  for (const path of [root, home]) mkdirSync(path, { recursive: true });
  return {
    blobs: fileBlobs(join(home, 'blobs')),
    secrets: openSecrets({ home, environment: secrets }),
    log: pino({ level: 'silent' }),
    workspace: openWorkspace(root, [home]),
    home,
    network: { allow: [] },
    environment: childEnvironment(process.env),
    settings: { ...readConfig({}), shell: { allow: ['*'], scripts: true } },
    plugins: noPlugins,
    ...more,
  };
}

/** Starts a runner of these actions on a Temporal server. */
export async function startRunner(
  address: string,
  actions: Action[],
  options: HostOptions = {},
): Promise<Runner> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'acas-host-')));
  const host = makeHost(folder, options);
  const { blobs } = host;
  const { root } = host.workspace;
  const taskQueue = randomUUID();
  // Steps that fail are what is tested.
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address });
  const client = new Client({ connection: await Connection.connect({ address }) });
  const code = await bundleWorkflows();
  const registry = widened(actions);
  const facts = factsOf(catalogOf(registry));
  const launch = async () => {
    const worker = await createWorker({
      connection,
      namespace: 'default',
      actions: registry,
      host,
      code,
      taskQueue,
      tuning: { shutdownGraceTime: 50 },
    });
    return { worker, ended: worker.run() };
  };
  let running: Awaited<ReturnType<typeof launch>> | undefined = await launch();
  const stop = async (): Promise<void> => {
    running?.worker.shutdown();
    await running?.ended;
    running = undefined;
  };
  const stateOf = async (handle: WorkflowHandle): Promise<State> => {
    await handle.result().catch(() => undefined);
    return (await handle.query<State | null>('state')) as State;
  };
  const start: Runner['start'] = (steps, { trigger = {} } = {}) => {
    const source = workflowSchema.parse({
      name: 'test',
      steps: steps.map((step) => ({ type: 'action', name: step.id, ...step })),
    });
    const run: Run = { workflow: normalise(source), workflowVersion: 1, facts, trigger, variables: {} };
    return client.workflow.start(EXECUTION, { workflowId: `host-${randomUUID()}`, taskQueue, args: [run] });
  };
  return {
    folder,
    root,
    taskQueue,
    blobs,
    start,
    stateOf,
    run: async (steps, more) => stateOf(await start(steps, more)),
    stop,
    resume: async () => {
      running = await launch();
    },
    close: async () => {
      await stop();
      await connection.close();
      await client.connection.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

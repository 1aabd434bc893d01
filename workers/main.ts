import { join } from 'node:path';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { messageOf } from '#shared/errors.ts';
import { TASK_QUEUE } from '#shared/execution/protocol.ts';
import { openBlobs } from '#shared/node/blobs/open-blobs.ts';
import { type Config, readConfig } from '#shared/node/config.ts';
import { exitWithParent, reportReady } from '#shared/node/exit-with-parent.ts';
import { createLog, type Logger } from '#shared/node/log.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import { childEnvironment } from './host/child-environment.ts';
import { Manager } from './plugins/manager.ts';
import { loadActions } from './registry.ts';
import { temporalLogger } from './temporal-logger.ts';
import { triggerActivities } from './triggers/activities.ts';
import { bundleWorkflows, createWorker } from './worker.ts';
import { openWorkspace } from './workspace.ts';

/** Where Temporal is expected where no address is given, as by `npm run worker` beside a server of one's own. */
const DEFAULT_ADDRESS = '127.0.0.1:7233';

/** How long Temporal may take to be there, in milliseconds; after that the process ends and its supervisor tries again. */
const PATIENCE = 60_000;

async function connect({ temporal }: Config, log: Logger): Promise<NativeConnection> {
  const { address = DEFAULT_ADDRESS, tls, apiKey } = temporal;
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      return await NativeConnection.connect({ address, tls, ...(apiKey !== undefined && { apiKey }) });
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown;
      log.warn({ address, error: messageOf(thrown) }, 'Temporal does not answer yet; trying again');
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** Ports of the runner itself on this machine: no action may reach them. */
function ownPorts({ port, temporal }: Config): number[] {
  const grpc = Number(temporal.address?.split(':').at(-1) ?? temporal.port);
  return [port, grpc, temporal.uiPort].filter((own) => own > 0);
}

async function main(): Promise<void> {
  exitWithParent();
  const config = readConfig(process.env);
  const log = createLog({ ...config.log, name: 'worker' });
  Runtime.install({ logger: temporalLogger(log), shutdownSignals: [] });
  const { home, databaseUrl } = config;
  const [connection, blobs, actions, code] = await Promise.all([
    connect(config, log),
    openBlobs({ home, ...(databaseUrl !== undefined && { databaseUrl }) }),
    loadActions(),
    bundleWorkflows(),
  ]);
  const workspace = await openWorkspace(config.workspace, [home], { hardLinks: config.hardLinks });
  const network = { allow: config.httpAllow, ownPorts: ownPorts(config) };
  const environment = childEnvironment(process.env);
  const plugins = Manager.open({
    file: join(home, 'plugins.yaml'),
    folder: join(home, 'plugins'),
    environment,
    network,
    log,
  });
  const secrets = openSecrets({ home, databaseUrl, ...config.secrets });
  const host = { blobs, log, workspace, home, network, environment, settings: config, plugins, secrets };
  const activities = triggerActivities({
    workspaceRoot: workspace.root,
    privateFolders: [home],
    plugins,
    blobs,
    log,
    taskQueue: TASK_QUEUE,
  });
  const worker = await createWorker({
    connection,
    namespace: config.temporal.namespace,
    actions,
    host,
    code,
    activities,
  });
  const stop = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  reportReady();
  log.info({ actions: actions.size, workspace: config.workspace }, 'working');
  await worker.run();
  await plugins.close();
  await secrets.close();
  await connection.close();
  process.exit(0);
}

await main();

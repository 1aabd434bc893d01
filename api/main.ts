import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { type Catalog, catalogSchema } from '#shared/catalog/catalog.ts';
import { messageOf } from '#shared/errors.ts';
import { TASK_QUEUE } from '#shared/execution/protocol.ts';
import { openBlobs } from '#shared/node/blobs/open-blobs.ts';
import { type Config, readConfig } from '#shared/node/config.ts';
import { exitWithParent, reportReady } from '#shared/node/exit-with-parent.ts';
import { createLog, type Logger } from '#shared/node/log.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import { createApp } from './app.ts';
import type { Deps } from './deps.ts';
import { Archiver } from './executions/archiver.ts';
import { createDirectory } from './plugins/directory.ts';
import { DefinitionReader } from './reader/reader.ts';
import { checkKey } from './secrets/handlers.ts';
import { openStore } from './store/store.ts';
import { ensureSearchAttributes } from './temporal/attributes.ts';
import { createTriggerSync } from './triggers/sync.ts';

/** Where Temporal is expected where no address is given, as by `npm run api` beside a server of one's own. */
const DEFAULT_ADDRESS = '127.0.0.1:7233';

/** Where the interface is built to. */
const BUILT = fileURLToPath(new URL('../dist/ui', import.meta.url));

const SHUTDOWN_GRACE = 8_000;

const readJson = async (path: string): Promise<unknown> =>
  JSON.parse(await readFile(new URL(path, import.meta.url), 'utf8'));

const readCatalog = async (): Promise<Catalog> =>
  catalogSchema.parse(await readJson('../shared/catalog/catalog.generated.json'));

function connect({ temporal }: Config): Connection {
  const { address = DEFAULT_ADDRESS, tls, apiKey } = temporal;
  return Connection.lazy({ address, tls, ...(apiKey !== undefined && { apiKey }) });
}

/** Does what must be done once Temporal answers, and goes on trying until it does. */
async function whenTemporalAnswers(log: Logger, work: () => Promise<void>): Promise<void> {
  for (let delay = 250; ; delay = Math.min(delay * 2, 5_000)) {
    try {
      return await work();
    } catch (thrown) {
      log.warn({ error: messageOf(thrown) }, 'Temporal does not answer yet; trying again');
      await new Promise((resolve) => setTimeout(resolve, delay).unref());
    }
  }
}

async function listen(config: Config, deps: Deps, triggers: ReturnType<typeof createTriggerSync>) {
  const { version } = (await readJson('../package.json')) as { version: string };
  const { allowedHosts, ui: uiFolder = BUILT } = config;
  const app = createApp(deps, triggers, { version, allowedHosts, uiFolder });
  const server = createServer({ requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 16_384 }, app);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.port, config.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { server, url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}` };
}

async function main(): Promise<void> {
  exitWithParent();
  const config = readConfig(process.env);
  const log = createLog({ ...config.log, name: 'api' });
  const connection = connect(config);
  const { databaseUrl, home } = config;
  const asking = {
    client: new Client({ connection, namespace: config.temporal.namespace }),
    blobs: await openBlobs({ home, ...(databaseUrl !== undefined && { databaseUrl }) }),
    log,
    taskQueue: TASK_QUEUE,
  };
  const known = { catalog: await readCatalog(), plugins: createDirectory(asking) };
  const deps: Deps = {
    ...asking,
    ...known,
    reader: new DefinitionReader(known),
    store: await openStore({ url: databaseUrl ?? join(home, 'acas.db') }),
    secretKey: { home, key: config.secrets.key },
    secrets: openSecrets({ home, databaseUrl, ...config.secrets }),
    temporalWeb: config.temporal.webUrl,
  };
  await checkKey(deps, deps.secretKey);
  const triggers = createTriggerSync(deps);
  const archiver = new Archiver(deps);
  const { server, url } = await listen(config, deps, triggers);
  void whenTemporalAnswers(log, () =>
    ensureSearchAttributes(connection, config.temporal.namespace, log),
  ).then(async () => {
    await triggers.syncAll();
    triggers.start();
    archiver.start();
  });
  const stop = async (): Promise<void> => {
    setTimeout(() => process.exit(0), SHUTDOWN_GRACE).unref();
    server.close();
    server.closeAllConnections();
    triggers.stop();
    await archiver.stop();
    await deps.reader.close();
    await deps.secrets.close();
    await deps.store.close();
    process.exit(0);
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  deps.reader.warm();
  reportReady({ url });
  log.info({ url }, 'listening');
}

await main();

import { join } from 'node:path';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { fileBlobs } from '#shared/node/blobs/file-blobs.ts';
import { readConfig } from '#shared/node/config.ts';
import { createLog } from '#shared/node/log.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import { noPlugins } from '../../plugins/plugins.ts';
import { bundleWorkflows, createWorker } from '../../worker.ts';
import { openWorkspace } from '../../workspace.ts';
import { triggerActivities } from '../activities.ts';

/** A worker in a process of its own, to be killed. Says so on standard output when it is ready. */
Runtime.install({ logger: new DefaultLogger('ERROR') });
const { ADDRESS = '', ROOT = '', HOME_FOLDER = '', QUEUE = '' } = process.env;
const blobs = fileBlobs(join(HOME_FOLDER, 'blobs'));
const log = createLog({ level: 'silent' });
const host = {
  blobs,
  secrets: openSecrets({ home: HOME_FOLDER, environment: {} }),
  log,
  workspace: openWorkspace(ROOT),
  home: HOME_FOLDER,
  network: { allow: [] },
  environment: {},
  settings: readConfig({ ACAS_SHELL_ALLOW: '*' }),
  plugins: noPlugins,
};
const worker = await createWorker({
  connection: await NativeConnection.connect({ address: ADDRESS }),
  namespace: 'default',
  actions: new Map(),
  host,
  code: await bundleWorkflows(),
  activities: triggerActivities({ workspaceRoot: ROOT, blobs, log, taskQueue: QUEUE, plugins: noPlugins }),
  taskQueue: QUEUE,
});
const done = worker.run();
process.stdout.write('ready\n');
await done;

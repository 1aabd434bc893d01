import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection } from '@temporalio/worker';
import { z } from 'zod';
import { choosePort } from '#scripts/ports.ts';
import { startTemporal } from '#scripts/temporal/server.ts';
import { EXECUTION, type Run } from '#shared/execution/protocol.ts';
import { openBlobs } from '#shared/node/blobs/open-blobs.ts';
import { readConfig } from '#shared/node/config.ts';
import { createLog } from '#shared/node/log.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import { packed } from '#shared/node/start-execution.ts';
import { type Action, defineAction } from '#workers/action.ts';
import { noPlugins } from '#workers/plugins/plugins.ts';
import { createWorker } from '#workers/worker.ts';
import { openWorkspace } from '#workers/workspace.ts';

const TICKS = 100;

/** User and system milliseconds a process has used so far. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / TICKS;
}

const echoAction = defineAction({
  type: 'bench.echo',
  title: 'Echo',
  description: 'Returns its value.',
  icon: 'repeat',
  input: z.strictObject({ value: z.number() }),
  output: z.number(),
  effect: 'read',
  idempotent: true,
  examples: [],
  run: async ({ input }) => input.value,
}) as unknown as Action;

const bundle = async (): Promise<string> => {
  const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url));
  return (await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') })).code;
};

let code: Promise<string> | undefined;

/** A Temporal server on a file and a worker beside it, for one kind of measurement. */
export async function openWorld(binary: string, isTuned: boolean) {
  code ??= bundle();
  const home = await mkdtemp(join(tmpdir(), 'acas-bench-'));
  const taken = new Set<number>();
  const free = () => choosePort([0], taken);
  const [grpc, http, metrics] = [await free(), await free(), await free()];
  const server = await startTemporal({
    binary,
    database: join(home, 'temporal.db'),
    ports: { grpc, http, metrics, ui: null },
    isTuned,
  });
  const connection = await NativeConnection.connect({ address: server.address });
  const clientConnection = await Connection.connect({ address: server.address });
  const client = new Client({ connection: clientConnection });
  const blobs = await openBlobs({ home });
  const host = {
    blobs,
    secrets: openSecrets({ home, environment: {} }),
    log: createLog({ level: 'silent' }),
    workspace: await openWorkspace(home, []),
    home,
    network: { allow: [] },
    environment: {},
    settings: readConfig({ ACAS_SHELL_ALLOW: '*' }),
    plugins: noPlugins,
  };
  const worker = await createWorker({
    connection,
    namespace: 'default',
    actions: new Map([[echoAction.type, echoAction]]),
    host,
    code: await code,
    activities: { echo: async (value: number) => value },
  });
  const running = worker.run();
  const start = async (type: string, id: string, args: unknown[]) =>
    client.workflow.start(type, { workflowId: id, taskQueue: worker.options.taskQueue, args });
  return {
    start,
    startRun: async (id: string, run: Run) => start(EXECUTION, id, [await packed(run, blobs)]),
    /** CPU milliseconds of server and worker (this process) so far. */
    cpu: () => ({ server: cpuOf(server.pid), worker: cpuOf(process.pid) }),
    /** Stops the server's process until `resume`, so that it takes no processor time from what is measured meanwhile. */
    pause: () => void process.kill(server.pid, 'SIGSTOP'),
    resume: () => void process.kill(server.pid, 'SIGCONT'),
    async close() {
      worker.shutdown();
      await running;
      await connection.close();
      await clientConnection.close();
      await blobs.close();
      await server.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

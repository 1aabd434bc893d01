import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { ReadyMessage } from '#shared/node/exit-with-parent.ts';
import { ApiClient, flow } from './support/api.ts';
import { eventually } from './support/eventually.ts';
import { type RunningPostgres, startPostgres } from './support/postgres.ts';
import { type FileServer, startFileServer } from './support/temporal.ts';

jest.setTimeout(150_000);

const RUN = fileURLToPath(new URL('../scripts/run.mjs', import.meta.url));

interface Program {
  child: ChildProcess;
  url: string;
  stop(): Promise<void>;
}

let folder: string;
let temporal: FileServer;
let postgres: RunningPostgres;
let connection: Connection;
const programs: Program[] = [];

/** Starts a program of the product as people do; resolves once it says that it is ready. */
async function start(name: 'api' | 'worker'): Promise<Program> {
  const child = spawn(process.execPath, [RUN, name], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      PORT: '0',
      ACAS_HOME: join(folder, 'home'),
      ACAS_WORKSPACE: folder,
      DATABASE_URL: postgres.url,
      TEMPORAL_ADDRESS: temporal.address,
      LOG_FORMAT: 'json',
    },
  });
  const output: string[] = [];
  child.stdout?.on('data', (data) => output.push(String(data)));
  child.stderr?.on('data', (data) => output.push(String(data)));
  const exit = once(child, 'exit');
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await exit;
  };
  const ready = new Promise<ReadyMessage>((resolve, reject) => {
    child.once('message', (message) => resolve(message as ReadyMessage));
    child.once('exit', () => reject(new Error(`${name} ended:\n${output.join('')}`)));
  });
  const program = { child, url: '', stop };
  programs.push(program);
  program.url = (await ready).url ?? '';
  return program;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'acas-processes-'));
  [temporal, postgres] = await Promise.all([startFileServer(join(folder, 'temporal')), startPostgres()]);
  connection = await Connection.connect({ address: temporal.address });
});

afterAll(async () => {
  await Promise.all(programs.map((program) => program.stop()));
  await connection?.close();
  await temporal?.stop();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('an api and two workers on Postgres and a Temporal of one’s own', () => {
  it('finish every execution, although a worker is killed in between', async () => {
    const [server, one, two] = await Promise.all([start('api'), start('worker'), start('worker')]);
    const api = new ApiClient(server.url);
    const health = await eventually(async () => {
      const { body } = await api.get<{ workers: { count?: number } }>('/api/health');
      return body.workers.count === 2 ? body : undefined;
    }, 'the health tells of two workers');
    expect(health).toMatchObject({ status: 'ok', store: { ok: true, engine: 'postgres' } });

    const steps = [1, 2, 3].map((number) =>
      JSON.stringify({
        id: `step_${number}`,
        type: 'action',
        action: { type: 'data.transform', parameters: { input: { n: number }, expression: 'n * 2' } },
        timeout: '10s',
      }),
    );
    const workflowId = await api.create(
      flow('Many', [...steps, '{ id: rest, type: delay, config: { for: 500ms } }'], {
        output: '{{ steps.step_3.output.result }}',
      }),
    );
    const client = new Client({ connection });
    const ids: string[] = [];
    for (let number = 0; number < 30; number++) {
      ids.push(await api.execute(workflowId, { idempotencyKey: `run-${number}` }));
      if (number === 15) await bothDidSome(client, ids);
      if (number === 20) await one.stop();
    }
    for (const id of ids)
      expect(await api.ended(id)).toMatchObject({ status: 'success', output: 6, workflowVersion: 1 });
    expect(one.child.signalCode).toBe('SIGKILL');
    expect(two.child.exitCode).toBeNull();

    const statistics = await eventually(async () => {
      const { metadata } = await api.workflow(workflowId);
      return metadata.executions === 30 ? metadata : undefined;
    }, 'all are archived');
    expect(statistics).toMatchObject({ successRate: 1 });
    const { body } = await api.get<{ items: { executionId: string }[] }>(
      `/api/workflows/${workflowId}/executions?limit=100`,
    );
    expect(body.items.map(({ executionId }) => executionId).sort()).toEqual([...ids].sort());
  });
});

/** Waits until actions of these executions were run by two different workers. */
const bothDidSome = (client: Client, ids: string[]): Promise<true> =>
  eventually(async () => {
    const workers = new Set<string>();
    for (const id of ids) {
      const { events } = await client.workflow.getHandle(id).fetchHistory();
      for (const event of events ?? []) {
        const identity = event.activityTaskStartedEventAttributes?.identity;
        if (identity) workers.add(identity);
      }
    }
    return workers.size === 2 || undefined;
  }, 'both workers did some');

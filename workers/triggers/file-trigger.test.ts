import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, Connection, type WorkflowExecutionInfo } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import type { FSWatcher } from 'chokidar';
import { loadData } from '#shared/definition/load.ts';
import type { FileTrigger } from '#shared/execution/kept-trigger.ts';
import { FILE_TRIGGER, type Run } from '#shared/execution/protocol.ts';
import { fileBlobs } from '#shared/node/blobs/file-blobs.ts';
import { readConfig } from '#shared/node/config.ts';
import { createLog } from '#shared/node/log.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import { type FileChangeConfig, fileChangeConfig } from '#shared/triggers/file-change.ts';
import { eventually } from '../../test/support/eventually.ts';
import { testAddress } from '../../test/support/temporal.ts';
import { noPlugins } from '../plugins/plugins.ts';
import { bundleWorkflows, createWorker } from '../worker.ts';
import { openWorkspace } from '../workspace.ts';
import { triggerActivities } from './activities.ts';
import type { OpenWatcher } from './hints.ts';
import type { StoredLedger } from './protocol.ts';

const CHILD = fileURLToPath(new URL('./tests/worker.ts', import.meta.url));

let address: string;
let native: NativeConnection;
let connection: Connection;
let client: Client;
let code: string;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  address = await testAddress();
  [native, connection, code] = await Promise.all([
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
    bundleWorkflows(),
  ]);
  client = new Client({ connection });
}, 60_000);

afterAll(async () => {
  await Promise.all([native.close(), connection.close()]);
});

let root: string;
let home: string;
let workflowId: string;
let taskQueue: string;
let workers: { worker: Worker; done: Promise<void> }[];
let children: ChildProcess[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'acas-watched-'));
  home = mkdtempSync(join(tmpdir(), 'acas-home-'));
  workflowId = `files-${randomUUID().slice(0, 8)}`;
  taskQueue = workflowId;
  workers = [];
  children = [];
});

afterEach(async () => {
  await client.workflow
    .getHandle(triggerId())
    .terminate()
    .catch(() => undefined);
  await stopWorkers();
  for (const child of children) child.kill('SIGKILL');
  for (const folder of [root, home]) rmSync(folder, { recursive: true, force: true });
}, 30_000);

const triggerId = (): string => `file-trigger.${workflowId}.files`;

async function startWorker(openWatcher?: OpenWatcher): Promise<void> {
  const blobs = fileBlobs(join(home, 'blobs'));
  const log = createLog({ level: 'silent' });
  const workspace = openWorkspace(root);
  const host = {
    blobs,
    secrets: openSecrets({ home, environment: {} }),
    log,
    workspace,
    home,
    network: { allow: [] },
    environment: {},
    settings: readConfig({ ACAS_SHELL_ALLOW: '*' }),
    plugins: noPlugins,
  };
  const activities = triggerActivities({
    plugins: noPlugins,
    workspaceRoot: root,
    blobs,
    log,
    taskQueue,
    ...(openWatcher && { openWatcher }),
  });
  const tuning = { shutdownGraceTime: 100 };
  const worker = await createWorker({
    connection: native,
    namespace: 'default',
    actions: new Map(),
    host,
    code,
    activities,
    taskQueue,
    tuning,
  });
  workers.push({ worker, done: worker.run() });
}

async function stopWorkers(): Promise<void> {
  for (const { worker } of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await Promise.all(workers.splice(0).map(({ done }) => done));
}

function definition(config: Partial<FileChangeConfig> = {}, fingerprint = 'first'): FileTrigger {
  const { workflow } = loadData({
    id: workflowId,
    name: 'Files',
    steps: [
      {
        id: 'event',
        type: 'set',
        config: {
          values: {
            event: '{{ trigger.event }}',
            path: '{{ trigger.filePath }}',
            size: '{{ trigger.size }}',
            fingerprint,
          },
        },
      },
    ],
  });
  if (!workflow) throw new Error('The definition of the test is wrong.');
  const run: Run = {
    workflow,
    workflowVersion: 1,
    facts: {},
    trigger: { id: 'files', type: 'file_change' },
    variables: {},
  };
  return { id: 'files', config: fileChangeConfig.parse({ path: '**/*.md', ...config }), run, fingerprint };
}

const startTrigger = (config?: Partial<FileChangeConfig>, historyLimit?: number) =>
  client.workflow.start(FILE_TRIGGER, {
    workflowId: triggerId(),
    taskQueue,
    args: [{ trigger: definition(config), ...(historyLimit && { historyLimit }) }],
    memo: { fingerprint: 'first' },
  });

async function executions(): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({
    query: `AcasWorkflow = '${workflowId}' AND WorkflowType = 'execution'`,
  }))
    found.push(info);
  return found;
}

const runs = (count: number, patience?: number) =>
  eventually(
    async () => {
      const found = await executions();
      return found.length >= count && found;
    },
    async () => `run ${count}; ${await state()}`,
    patience,
  );

/** What the trigger's workflow says of itself, for whoever reads why a run did not come. */
async function state(): Promise<string> {
  const { status, raw } = await client.workflow.getHandle(triggerId()).describe();
  const activities = raw.pendingActivities?.map(({ activityType, attempt, lastFailure }) => ({
    type: activityType?.name,
    attempt,
    failure: lastFailure?.message,
  }));
  return JSON.stringify({ status: status.name, activities, ledger: await heartbeat() });
}

const eventOf = ({ memo }: WorkflowExecutionInfo): string => {
  const { event, filePath } = (memo?.trigger ?? {}) as { event?: string; filePath?: string };
  return `${event} ${filePath}`;
};

const events = async (count: number): Promise<string[]> => (await runs(count)).map(eventOf).sort();

/** The ledger that the watcher's last heartbeat told; only there while it watches. */
const heartbeat = async (): Promise<StoredLedger | undefined> => {
  const { raw } = await client.workflow.getHandle(triggerId()).describe();
  const payload = raw.pendingActivities?.find(({ activityType }) => activityType?.name === 'trigger.watch')
    ?.heartbeatDetails?.payloads?.[0];
  return payload?.data ? (JSON.parse(new TextDecoder().decode(payload.data)) as StoredLedger) : undefined;
};

const watching = () => eventually(heartbeat, 'watching');

const file = (name: string): string => join(root, name);

/** Waits until the watcher has told that it knows a file. */
const known = (name: string) =>
  eventually(async () => (await heartbeat())?.changes[name] !== undefined, `knowing ${name}`);

/** Lets the file system's coarse clock move on, so that what was written before is told from what comes after. */
function tick(): Promise<true> {
  const before = Date.now();
  return eventually(async () => Date.now() - before > 100 && true, 'a tick of the file system');
}

describe('a file trigger', () => {
  it('starts one run for each of 200 files that are dropped at once, and none for those that were there', async () => {
    writeFileSync(file('before.md'), 'x');
    await startWorker();
    await startTrigger();
    await watching();
    mkdirSync(file('inbox'));
    for (let index = 0; index < 200; index++) writeFileSync(file(`inbox/${index}.md`), String(index));
    const found = await runs(200);
    await known('inbox/199.md');
    expect((await executions()).length).toBe(200);
    expect(new Set(found.map(eventOf)).size).toBe(200);
    expect(new Set(found.map(({ workflowId: id }) => id)).size).toBe(200);
    const first = found[0];
    if (!first) throw new Error('There is a first run.');
    const output = await client.workflow.getHandle(first.workflowId).result();
    expect(output).toEqual({
      event: 'add',
      path: expect.stringMatching(/^inbox\/\d+\.md$/),
      size: expect.any(Number),
      fingerprint: 'first',
    });
  }, 90_000);

  it('takes files that appear after it was asked for as events, however late a worker comes to take stock', async () => {
    writeFileSync(file('before.md'), 'x');
    await tick();
    await startTrigger();
    writeFileSync(file('after.md'), 'x');
    await startWorker();
    expect(await events(1)).toEqual(['add after.md']);
    await known('after.md');
    expect((await executions()).map(eventOf)).toEqual(['add after.md']);
  }, 60_000);

  it('tells additions, changes, deletions and replacements apart', async () => {
    writeFileSync(file('a.md'), 'a');
    writeFileSync(file('b.md'), 'b');
    writeFileSync(file('c.md'), 'c');
    await startWorker();
    await startTrigger({ events: ['add', 'change', 'unlink'], settle: 100 });
    await watching();
    writeFileSync(file('a.md'), 'changed');
    unlinkSync(file('b.md'));
    writeFileSync(file('c.tmp'), 'c');
    renameSync(file('c.tmp'), file('c.md'));
    writeFileSync(file('d.md'), '');
    expect(await events(4)).toEqual(['add d.md', 'change a.md', 'change c.md', 'unlink b.md']);
  }, 60_000);

  it('says nothing of events it is not asked for, nor of files it does not select', async () => {
    await startWorker();
    await startTrigger({ events: ['unlink'], settle: 50 });
    await watching();
    writeFileSync(file('a.md'), 'a');
    writeFileSync(file('a.txt'), 'a');
    await known('a.md');
    unlinkSync(file('a.md'));
    unlinkSync(file('a.txt'));
    expect(await events(1)).toEqual(['unlink a.md']);
  }, 60_000);

  it('waits until a file that grows is whole', async () => {
    await startWorker();
    // So much longer than the pauses of whoever writes that a busy machine does not make one of them as long.
    await startTrigger({ settle: 4_000 });
    await watching();
    for (let part = 0; part < 20; part++) {
      appendFileSync(file('slow.md'), 'part ');
      await new Promise((resolve) => setTimeout(resolve, 80));
    }
    const [first] = await runs(1);
    await known('slow.md');
    expect((await executions()).length).toBe(1);
    expect(first?.memo?.trigger).toMatchObject({ event: 'add', size: 100 });
  }, 60_000);

  it('catches up with what changed while no worker lived', async () => {
    writeFileSync(file('a.md'), 'a');
    writeFileSync(file('b.md'), 'b');
    await startWorker();
    await startTrigger({ events: ['add', 'change', 'unlink'] });
    await watching();
    writeFileSync(file('early.md'), 'e');
    await runs(1);
    await stopWorkers();
    writeFileSync(file('a.md'), 'changed');
    unlinkSync(file('b.md'));
    writeFileSync(file('late.md'), 'l');
    await startWorker();
    expect(await events(4)).toEqual(['add early.md', 'add late.md', 'change a.md', 'unlink b.md']);
  }, 60_000);

  it('starts every run once although its worker is killed in the middle', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD], {
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        ADDRESS: address,
        ROOT: root,
        HOME_FOLDER: home,
        QUEUE: taskQueue,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    await once(child.stdout, 'data');
    await startTrigger();
    await watching();
    for (let index = 0; index < 300; index++) writeFileSync(file(`${index}.md`), 'x');
    await runs(20);
    child.kill('SIGKILL');
    expect((await executions()).length).toBeLessThan(300);
    writeFileSync(file('meanwhile.md'), 'x');
    await startWorker();
    const found = await runs(301, 60_000);
    await known('meanwhile.md');
    expect((await executions()).length).toBe(301);
    expect(new Set(found.map(eventOf)).size).toBe(301);
  }, 120_000);

  it('keeps its ledger when it is published anew, and takes what is newly selected for given', async () => {
    await startWorker();
    const handle = await startTrigger({ path: '*.md' });
    await watching();
    writeFileSync(file('a.md'), 'a');
    await runs(1);
    writeFileSync(file('other.txt'), 'was there before');
    await tick();
    await handle.executeUpdate('redefine', { args: [definition({ path: '*.{md,txt}' }, 'second')] });
    await known('other.txt');
    writeFileSync(file('b.md'), 'b');
    const found = await runs(2);
    expect(found.map(eventOf).sort()).toEqual(['add a.md', 'add b.md']);
    const second = found.find((info) => eventOf(info) === 'add b.md');
    expect(await client.workflow.getHandle(second?.workflowId ?? '').result()).toMatchObject({
      fingerprint: 'second',
    });
    expect((await handle.describe()).memo).toMatchObject({ fingerprint: 'second' });
    writeFileSync(file('other.txt'), 'now it changes');
    expect(await events(3)).toEqual(['add a.md', 'add b.md', 'change other.txt']);
  }, 60_000);

  it('goes on in a fresh history with its ledger and its memo', async () => {
    await startWorker();
    const handle = await startTrigger({}, 20);
    await watching();
    writeFileSync(file('a.md'), 'a');
    await runs(1);
    await handle.executeUpdate('redefine', { args: [definition({}, 'second')] });
    const { firstExecutionRunId } = handle;
    await eventually(
      async () => (await client.workflow.getHandle(triggerId()).describe()).runId !== firstExecutionRunId,
      'a fresh history',
    );
    await known('a.md');
    expect((await client.workflow.getHandle(triggerId()).describe()).memo).toMatchObject({
      fingerprint: 'second',
    });
    writeFileSync(file('b.md'), 'b');
    expect(await events(2)).toEqual(['add a.md', 'add b.md']);
  }, 60_000);

  it('refuses the definition of another trigger', async () => {
    await startWorker();
    const handle = await startTrigger();
    await expect(
      handle.executeUpdate('redefine', { args: [{ ...definition(), id: 'other' }] }),
    ).rejects.toThrow();
  }, 60_000);

  it('ends when it is cancelled', async () => {
    await startWorker();
    const handle = await startTrigger();
    await watching();
    await handle.cancel();
    await handle.result();
    writeFileSync(file('a.md'), 'a');
    expect(await executions()).toEqual([]);
  }, 60_000);

  it('ends when it is cancelled although what it watches is not there', async () => {
    await startWorker();
    rmSync(root, { recursive: true });
    const handle = await startTrigger();
    await handle.cancel();
    await handle.result();
  }, 60_000);

  it('goes on by looking at everything again where the system gives no more watches', async () => {
    const closed: string[] = [];
    const openWatcher: OpenWatcher = (folder) => {
      const watcher = Object.assign(new EventEmitter(), { close: async () => void closed.push(folder) });
      setImmediate(() =>
        watcher.emit('error', Object.assign(new Error('no space left'), { code: 'ENOSPC' })),
      );
      return watcher as unknown as FSWatcher;
    };
    await startWorker(openWatcher);
    await startTrigger({ settle: 50 });
    await watching();
    writeFileSync(file('a.md'), 'a');
    expect(await events(1)).toEqual(['add a.md']);
    expect(closed.length).toBe(1);
  }, 60_000);
});

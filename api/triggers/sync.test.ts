import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, Connection, type WorkflowExecutionInfo } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, type Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import type { Json, JsonObject } from '#shared/json.ts';
import { fileBlobs } from '#shared/node/blobs/file-blobs.ts';
import { readConfig } from '#shared/node/config.ts';
import { createLog } from '#shared/node/log.ts';
import { openSecrets } from '#shared/node/secrets/secrets.ts';
import { noPlugins } from '#workers/plugins/plugins.ts';
import { triggerActivities } from '#workers/triggers/activities.ts';
import { bundleWorkflows, createWorker } from '#workers/worker.ts';
import { openWorkspace } from '#workers/workspace.ts';
import { eventually } from '../../test/support/eventually.ts';
import { ownNamespace, testAddress } from '../../test/support/temporal.ts';
import type { Deps } from '../deps.ts';
import { DefinitionReader } from '../reader/reader.ts';
import { openStore } from '../store/store.ts';
import { createTriggerSync, type TriggerSync } from './sync.ts';

let native: NativeConnection;
let connection: Connection;
let client: Client;
let namespace: string;
let code: string;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const address = await testAddress();
  [native, connection, namespace, code] = await Promise.all([
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
    ownNamespace(address),
    bundleWorkflows(),
  ]);
  client = new Client({ connection, namespace });
}, 60_000);

afterAll(async () => {
  await Promise.all([native.close(), connection.close()]);
});

let home: string;
let deps: Deps;
let sync: TriggerSync;
let id: string;
let warnings: string[];
let working: { worker: Worker; done: Promise<void> } | undefined;

const AT = '2026-11-22T12:00:00.000Z';

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'acas-sync-'));
  warnings = [];
  const log: Logger = createLog({
    destination: { write: (line: string) => void warnings.push(line) },
    level: 'warn',
  });
  const store = await openStore({ url: join(home, 'store.db') });
  id = `sync-${randomUUID().slice(0, 8)}`;
  const known = {
    catalog: { actions: [] },
    plugins: { list: async () => ({ items: [] }), known: () => undefined },
  };
  deps = {
    ...known,
    reader: new DefinitionReader(known),
    store,
    client,
    blobs: fileBlobs(join(home, 'blobs')),
    secrets: openSecrets({ home, environment: {} }),
    secretKey: { home },
    log,
    taskQueue: id,
  } as Deps;
  sync = createTriggerSync(deps);
});

afterEach(async () => {
  if (await deps.store.workflows.get(id)) await deps.store.workflows.remove(id, { at: AT });
  await sync.sync(id);
  await client.workflow
    .getHandle(`file-trigger.${id}.files`)
    .terminate()
    .catch(() => undefined);
  if (working?.worker.getState() === 'RUNNING') working.worker.shutdown();
  await working?.done;
  working = undefined;
  await deps.store.close();
  rmSync(home, { recursive: true, force: true });
}, 30_000);

async function startWorker(root: string): Promise<void> {
  const { blobs, log, taskQueue } = deps;
  const host = {
    blobs,
    secrets: openSecrets({ home, environment: {} }),
    log,
    workspace: openWorkspace(root),
    home,
    network: { allow: [] },
    environment: {},
    settings: readConfig({ ACAS_SHELL_ALLOW: '*' }),
    plugins: noPlugins,
  };
  const activities = triggerActivities({ workspaceRoot: root, blobs, log, taskQueue, plugins: noPlugins });
  const tuning = { shutdownGraceTime: 100 };
  const worker = await createWorker({
    connection: native,
    namespace,
    actions: new Map(),
    host,
    code,
    activities,
    taskQueue,
    tuning,
  });
  working = { worker, done: worker.run() };
}

async function publish(triggers: Json[], more: JsonObject = {}): Promise<void> {
  const steps = [
    {
      id: 'seen',
      type: 'set',
      config: { values: { at: '{{ trigger.scheduledTime }}', type: '{{ trigger.type }}' } },
    },
  ];
  const definition: JsonObject = { id, name: 'Triggered', triggers, steps, ...more };
  const source = JSON.stringify(definition);
  const draft = { source, format: 'json' as const, definition };
  if (!(await deps.store.workflows.get(id)))
    await deps.store.workflows.create({
      id,
      name: 'Triggered',
      metadata: {},
      authorId: 'me',
      enabled: true,
      draft,
      at: AT,
    });
  await deps.store.workflows.publish(id, { definition, source, format: 'json', authorId: 'me', at: AT });
}

const nightly = (config: JsonObject = {}): Json => ({
  id: 'nightly',
  type: 'schedule',
  config: { cron: '30 3 * * *', ...config },
});
const files = (config: JsonObject = {}): Json => ({
  id: 'files',
  type: 'file_change',
  config: { path: '*.md', ...config },
});

const handle = (triggerId = 'nightly') => client.schedule.getHandle(`schedule.${id}.${triggerId}`);
const watcher = () => client.workflow.getHandle(`file-trigger.${id}.files`);

const listed = async (triggerId: string) =>
  (await sync.list()).find((trigger) => trigger.workflowId === id && trigger.triggerId === triggerId);

const inState = (triggerId: string, state: string) =>
  eventually(async () => {
    const found = await listed(triggerId);
    return found?.state === state && found;
  }, `${triggerId} ${state}`);

async function executions(): Promise<WorkflowExecutionInfo[]> {
  const found: WorkflowExecutionInfo[] = [];
  for await (const info of client.workflow.list({
    query: `AcasWorkflow = '${id}' AND WorkflowType = 'execution'`,
  }))
    found.push(info);
  return found;
}

describe('a schedule trigger', () => {
  it('becomes a Temporal Schedule that says all of it explicitly', async () => {
    await publish([
      nightly({ timezone: 'Europe/Berlin', overlap: 'queue_one', catchup: '1h', jitter: '5s' }),
    ]);
    await sync.sync(id);
    const { spec, policies, action, state } = await handle().describe();
    expect(policies).toMatchObject({ overlap: 'BUFFER_ONE', catchupWindow: 3_600_000 });
    expect(spec).toMatchObject({ timezone: 'Europe/Berlin', jitter: 5_000 });
    expect(action).toMatchObject({
      workflowType: 'execution',
      workflowId: `${id}-nightly`,
      taskQueue: id,
      staticSummary: 'Triggered',
    });
    expect(action.args?.[0]).toMatchObject({
      workflowVersion: 1,
      trigger: { id: 'nightly', type: 'schedule' },
    });
    expect(state).toMatchObject({ paused: false, note: expect.stringContaining('version 1') });
  });

  it('takes defaults that a stored definition lacks', async () => {
    await publish([nightly()]);
    await sync.sync(id);
    expect((await handle().describe()).policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 600_000 });
  });

  it('lists when it will run next', async () => {
    await publish([nightly({ timezone: 'Europe/Berlin' })]);
    await sync.sync(id);
    const { nextRuns, enabled, config } = await inState('nightly', 'active');
    expect(nextRuns.length).toBeGreaterThan(1);
    const hour = new Intl.DateTimeFormat('en', {
      timeZone: 'Europe/Berlin',
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
    });
    for (const next of nextRuns) expect(hour.format(new Date(next))).toBe('03:30');
    expect({ enabled, config }).toEqual({
      enabled: true,
      config: { cron: '30 3 * * *', timezone: 'Europe/Berlin' },
    });
  });

  it('is updated by a published change and keeps its past', async () => {
    await startWorker(home);
    await publish([nightly()]);
    await sync.sync(id);
    await handle().trigger();
    const before = await eventually(async () => {
      const { info } = await handle().describe();
      return info.numActionsTaken === 1 && info;
    }, 'a first run');
    await publish([nightly({ cron: '0 12 * * 1' })]);
    await sync.sync(id);
    const { info, state, action } = await handle().describe();
    expect(info).toMatchObject({ numActionsTaken: 1, createdAt: before.createdAt });
    expect(state.note).toContain('version 2');
    expect(action.args?.[0]).toMatchObject({ workflowVersion: 2 });
    expect(info.nextActionTimes[0]?.getUTCHours()).toBe(12);
    expect(info.nextActionTimes[0]?.getUTCDay()).toBe(1);
  });

  it('starts executions that know which instant they stand for', async () => {
    await startWorker(home);
    await publish([{ id: 'often', type: 'schedule', config: { every: '1s' } }]);
    await sync.sync(id);
    const first = await eventually(
      async () => (await executions()).find(({ status }) => status.name === 'COMPLETED'),
      'a run',
    );
    expect(first.workflowId).toContain(`${id}-often-`);
    const output = (await client.workflow.getHandle(first.workflowId).result()) as { at: string };
    expect(output).toEqual({
      type: 'schedule',
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
    });
  });

  it('rests while its workflow is disabled, and goes on afterwards', async () => {
    await publish([nightly()]);
    await sync.sync(id);
    await deps.store.workflows.setEnabled(id, false, { at: AT });
    await sync.sync(id);
    expect((await handle().describe()).state.paused).toBe(true);
    expect(await inState('nightly', 'disabled')).toMatchObject({ enabled: false, nextRuns: [] });
    await deps.store.workflows.setEnabled(id, true, { at: AT });
    await sync.sync(id);
    expect((await handle().describe()).state.paused).toBe(false);
    await inState('nightly', 'active');
  });

  it('is not made for a trigger that is disabled', async () => {
    await publish([{ id: 'nightly', type: 'schedule', config: { cron: '30 3 * * *' }, enabled: false }]);
    await sync.sync(id);
    await expect(handle().describe()).rejects.toMatchObject({ name: 'ScheduleNotFoundError' });
    expect(await listed('nightly')).toMatchObject({ state: 'disabled' });
  });

  it('is gone once the definition no longer names it, or the workflow is deleted', async () => {
    await publish([nightly(), { id: 'other', type: 'schedule', config: { every: '1h' } }]);
    await sync.sync(id);
    await publish([nightly()]);
    await sync.sync(id);
    await expect(handle('other').describe()).rejects.toMatchObject({ name: 'ScheduleNotFoundError' });
    await handle().describe();
    await deps.store.workflows.remove(id, { at: AT });
    await sync.sync(id);
    await expect(handle().describe()).rejects.toMatchObject({ name: 'ScheduleNotFoundError' });
    expect(await listed('nightly')).toBeUndefined();
  });

  it('says why it fails where nobody would be there to give a required variable', async () => {
    await publish([nightly()], { variables: [{ name: 'who', type: 'string', required: true }] });
    await sync.sync(id);
    expect(await listed('nightly')).toMatchObject({ state: 'failing: The variable "who" is required.' });
    expect(warnings.join()).toContain('nightly');
  });
});

describe('a file trigger', () => {
  it('watches, takes a published change over, and stops when it is disabled', async () => {
    const root = mkdtempSync(join(tmpdir(), 'acas-files-'));
    await startWorker(root);
    await publish([files()]);
    await sync.sync(id);
    const { runId } = await watcher().describe();
    await inState('files', 'active');
    await publish([files({ settle: 50 })]);
    await sync.sync(id);
    const after = await watcher().describe();
    expect(after.runId).toBe(runId);
    await inState('files', 'active');
    await eventually(
      async () =>
        (await watcher().describe()).raw.pendingActivities?.some(
          ({ activityType }) => activityType?.name === 'trigger.watch',
        ),
      'watching',
    );
    writeFileSync(join(root, 'a.md'), 'a');
    const [run] = await eventually(async () => {
      const found = await executions();
      return found.length > 0 && found;
    }, 'a run');
    expect(run?.memo?.trigger).toMatchObject({ type: 'file_change', event: 'add', filePath: 'a.md' });
    await deps.store.workflows.setEnabled(id, false, { at: AT });
    await sync.sync(id);
    await eventually(async () => (await watcher().describe()).status.name !== 'RUNNING', 'the end');
    expect(await listed('files')).toMatchObject({ state: 'disabled' });
    rmSync(root, { recursive: true });
  }, 60_000);

  it('is stopped although no worker is there to hear of it', async () => {
    await publish([files()]);
    await sync.sync(id);
    await publish([]);
    await sync.sync(id);
    await startWorker(home);
    await eventually(async () => (await watcher().describe()).status.name !== 'RUNNING', 'the end');
  });

  it('does not hold a publication up while no worker is there, and follows as soon as one is', async () => {
    await publish([files()]);
    await sync.sync(id);
    await publish([files({ events: ['unlink'] })]);
    await sync.sync(id);
    expect((await listed('files'))?.state).toMatch(/^failing: /);
    await startWorker(home);
    await sync.syncAll();
    await inState('files', 'active');
  }, 60_000);
});

describe('the sweeper', () => {
  it('mends what a crash between a change and its synchronisation left behind', async () => {
    await publish([nightly()]);
    await sync.syncAll();
    expect((await handle().describe()).state.note).toContain('version 1');
    await publish([nightly({ cron: '0 1 * * *' })]);
    expect(await listed('nightly')).toMatchObject({ state: 'not yet active' });
    await createTriggerSync(deps).syncAll();
    expect((await handle().describe()).state.note).toContain('version 2');
    await deps.store.workflows.remove(id, { at: AT });
    await eventually(async () => {
      for await (const { scheduleId } of client.schedule.list())
        if (scheduleId === `schedule.${id}.nightly`) return true;
      return undefined;
    }, 'the schedule to be listed');
    await createTriggerSync(deps).syncAll();
    await expect(handle().describe()).rejects.toMatchObject({ name: 'ScheduleNotFoundError' });
  });

  it('leaves everything to a later time while Temporal is away', async () => {
    // Not closed: a connection that is closed while it tries again throws where nobody can catch it.
    const away = Connection.lazy({ address: '127.0.0.1:1' });
    const cut = createTriggerSync({ ...deps, client: new Client({ connection: away, namespace }) });
    await publish([nightly()]);
    await cut.sync(id);
    await cut.syncAll();
    expect(warnings.length).toBeGreaterThan(0);
    expect((await cut.list())[0]?.state).toBe('failing: Temporal does not answer.');
    await sync.syncAll();
    await inState('nightly', 'active');
  }, 60_000);
});

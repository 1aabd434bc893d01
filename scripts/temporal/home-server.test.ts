import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import Database from 'better-sqlite3';
import { attributes } from '#shared/node/start-execution.ts';
import { eventually } from '../../test/support/eventually.ts';
import { startFileServer, testBinary } from '../../test/support/temporal.ts';
import { choosePort } from '../ports.ts';
import { databaseOf, startHomeServer } from './home-server.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'acas-home-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));

/** Starts workflows that no worker takes, until the server is gone; notes down those it confirmed. */
const startUntilGone = async (address: string, prefix: string, confirmed: string[]): Promise<void> => {
  const connection = await Connection.connect({ address, interceptors: [] });
  const { workflow } = new Client({ connection });
  const one = async (workflowId: string): Promise<void> => {
    await connection.withDeadline(Date.now() + 20_000, () =>
      workflow.start('load', { workflowId, taskQueue: 'nobody' }),
    );
    confirmed.push(workflowId);
  };
  const lane = async (number: number): Promise<void> => {
    for (let index = 0; ; index++) await one(`${prefix}-${number}-${index}`);
  };
  await Promise.allSettled([lane(0), lane(1), lane(2)]);
  await connection.close();
};

const missingOf = async (address: string, ids: string[]): Promise<string[]> => {
  const connection = await Connection.connect({ address, interceptors: [] });
  const { workflow } = new Client({ connection });
  const found = await Promise.all(
    ids.map((id) =>
      workflow
        .getHandle(id)
        .describe()
        .then(
          (run) => run.status.name === 'RUNNING',
          () => false,
        ),
    ),
  );
  await connection.close();
  return ids.filter((_, index) => !found[index]);
};

/** Kills a server `delay` ms after its new database appears, while it makes its tables. */
const killOnceThereIsAFile = async (pid: number, delay: number): Promise<void> => {
  const folder = join(home, 'temporal');
  const files = (): string[] => readdirSync(folder, { recursive: true }).map(String);
  while (!files().some((name) => name.endsWith('temporal.db'))) await sleep(1);
  await sleep(delay);
  process.kill(pid, 'SIGKILL');
};

describe('startHomeServer', () => {
  it('survives kills at ten moments of its first start', async () => {
    const binary = await testBinary();
    for (let round = 0; round < 10; round++) {
      const killed = startHomeServer({
        home,
        binary,
        wanted: { grpc: 0, ui: null },
        onSpawn: (pid) => void killOnceThereIsAFile(pid, round * 7),
      });
      await expect(killed).rejects.toMatchObject({ code: 'temporal.start_failed' });
      expect(existsSync(databaseOf(home))).toBe(false);
    }
    const server = await startHomeServer({ home, binary, wanted: { grpc: 0, ui: null } });
    await server.stop();
    expect(readdirSync(join(home, 'temporal')).filter((name) => name.startsWith('first-start-'))).toEqual([]);
    const database = new Database(databaseOf(home), { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  }, 120_000);

  it('loses no workflow it confirmed when it is killed under load', async () => {
    const server = await startFileServer(home);
    const confirmed: string[] = [];
    for (let round = 1; round <= 3; round++) {
      const load = startUntilGone(server.address, `round${round}`, confirmed);
      const enough = confirmed.length + 5 * round;
      await eventually(() => confirmed.length >= enough, `${enough} workflows confirmed`);
      await server.kill();
      await load;
      await server.restart();
    }
    expect(await missingOf(server.address, confirmed)).toEqual([]);
    await server.stop();
  }, 180_000);

  it('keeps its address, gives way when others take it, and then keeps the new one', async () => {
    const binary = await testBinary();
    const taken = new Set<number>();
    const wanted = { grpc: await choosePort([], taken), ui: await choosePort([], taken) };
    const first = await startHomeServer({ home, binary, wanted });
    expect([first.address, first.uiUrl]).toEqual([
      `127.0.0.1:${wanted.grpc}`,
      `http://127.0.0.1:${wanted.ui}`,
    ]);
    await first.stop();

    const stranger = createServer().listen(wanted.grpc, '127.0.0.1');
    const second = await startHomeServer({ home, binary, wanted });
    expect(second.address).not.toBe(first.address);
    await second.stop();
    stranger.close();

    const third = await startHomeServer({ home, binary, wanted });
    expect(third.address).toBe(second.address);
    await third.stop();
  }, 60_000);

  it('adds the search attributes that a database of an earlier release lacks', async () => {
    const binary = await testBinary();
    const wanted = { grpc: 0, ui: null };
    const namespace = 'default';
    const first = await startHomeServer({ home, binary, wanted });
    const before = await Connection.connect({ address: first.address, interceptors: [] });
    await before.operatorService.removeSearchAttributes({ namespace, searchAttributes: ['AcasWaitsFor'] });
    await before.close();
    await first.stop();

    const second = await startHomeServer({ home, binary, wanted });
    const connection = await Connection.connect({ address: second.address, interceptors: [] });
    const { workflow } = new Client({ connection });
    const typedSearchAttributes = [{ key: attributes.waitsFor, value: 'person' }];
    await workflow.start('load', { workflowId: 'waits', taskQueue: 'nobody', typedSearchAttributes });
    await eventually(
      async () => (await workflow.count("AcasWaitsFor = 'person'")).count === 1,
      'the workflow is found by the new attribute',
    );
    await connection.close();
    await second.stop();
  }, 60_000);

  it('says why the server did not start, and leaves no half-made database', async () => {
    const failed = startHomeServer({ home, binary: process.execPath, wanted: { grpc: 0, ui: null } });
    await expect(failed).rejects.toMatchObject({
      code: 'temporal.start_failed',
      message: expect.stringContaining('exit code 9'),
    });
    expect(existsSync(databaseOf(home))).toBe(false);
  });

  it('says so when the executable cannot be run', async () => {
    const failed = startHomeServer({ home, binary: join(home, 'absent'), wanted: { grpc: 0, ui: null } });
    await expect(failed).rejects.toMatchObject({
      code: 'temporal.start_failed',
      message: expect.stringContaining('ENOENT'),
    });
  });
});

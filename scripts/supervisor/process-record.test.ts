import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isAlive } from '#shared/node/process-identity.ts';
import { endOrphans, killRecorded, readProcesses, recordProcess } from './process-record.ts';

let home = '';
let children: ChildProcess[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'acas-record-'));
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(home, { recursive: true, force: true });
});

const database = (): string => join(home, 'temporal.db');

const run = async (code: string, ...args: string[]): Promise<number> => {
  const child = spawn(process.execPath, [
    '-e',
    `${code}; setInterval(() => {}, 1000); console.log('up')`,
    ...args,
  ]);
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
};

describe('the processes of a data directory', () => {
  it('are written down and struck off by name', async () => {
    const pid = await run('');
    recordProcess(home, 'api', pid);
    recordProcess(home, 'worker', process.pid);
    expect(readProcesses(home)).toMatchObject({ api: { pid }, worker: { pid: process.pid } });
    recordProcess(home, 'api', null);
    expect(Object.keys(readProcesses(home))).toEqual(['worker']);
  });

  it('are ended when an earlier start left them behind', async () => {
    const polite = await run('');
    const stubborn = await run("process.on('SIGTERM', () => {})");
    recordProcess(home, 'temporal', polite);
    recordProcess(home, 'worker', stubborn);
    const identities = Object.values(readProcesses(home));
    expect((await endOrphans(home, database(), 100)).sort()).toEqual([polite, stubborn].sort());
    expect(identities.filter(isAlive)).toEqual([]);
    expect(readProcesses(home)).toEqual({});
  });

  it('leave a stranger alone who got the number of one of them', async () => {
    const pid = await run('');
    writeFileSync(
      join(home, 'processes.json'),
      JSON.stringify({ temporal: { pid, started: 'before the reboot' } }),
    );
    expect(await endOrphans(home, database())).toEqual([]);
    expect(children[0]?.exitCode).toBeNull();
  });

  it('are found by their database even when nobody wrote them down', async () => {
    const pid = await run('', database());
    expect(await endOrphans(home, database())).toEqual(process.platform === 'linux' ? [pid] : []);
  });

  it('can be killed at once', async () => {
    recordProcess(home, 'temporal', await run("process.on('SIGTERM', () => {})"));
    const [child] = children;
    killRecorded(home);
    expect(child && (await once(child, 'close'))[1]).toBe('SIGKILL');
  });
});

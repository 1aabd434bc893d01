import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { identify, isAlive } from './process-identity.ts';
import { lockHome } from './process-lock.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'acas-lock-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A process that holds the lock until it is killed. */
const holder = async () => {
  const url = new URL('./process-lock.ts', import.meta.url).href;
  const code = `import(${JSON.stringify(url)}).then((m) => { m.lockHome(${JSON.stringify(home)}); setInterval(() => gc(), 5); setTimeout(() => process.stdout.write('held'), 50); setInterval(() => {}, 1000); })`;
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', '-e', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
};

describe('lockHome', () => {
  it('refuses a second holder and names the first', async () => {
    const child = await holder();
    try {
      expect(() => lockHome(home)).toThrow(`in use by process ${child.pid}`);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });

  it('is free again the moment its holder was killed', async () => {
    const child = await holder();
    child.kill('SIGKILL');
    await once(child, 'close');
    lockHome(home).release();
  });

  it('does not believe a file that names a live process which holds nothing', () => {
    writeFileSync(join(home, 'lock.json'), JSON.stringify(identify(process.ppid)));
    const lock = lockHome(home);
    expect(JSON.parse(readFileSync(join(home, 'lock.json'), 'utf8'))).toEqual(identify(process.pid));
    lock.release();
  });

  it('refuses a second holder in the same process, and can be given up', () => {
    const lock = lockHome(home);
    expect(() => lockHome(home)).toThrow(`process ${process.pid}`);
    lock.release();
    lockHome(home).release();
  });

  it('explains a folder that cannot be used', () => {
    writeFileSync(
      join(home, 'lock.db'),
      'this is no database, and long enough to be taken for one'.repeat(20),
    );
    expect(() => lockHome(home)).toThrow(expect.objectContaining({ code: 'home.unusable' }));
  });
});

describe('identify', () => {
  it('tells this process from another one that had its number', () => {
    const self = identify(process.pid);
    expect(self && isAlive(self)).toBe(true);
    expect(isAlive({ pid: process.pid, started: 'long ago' })).toBe(false);
  });

  it('knows no process that has ended', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    await once(child, 'close');
    expect(identify(child.pid ?? 0)).toBeNull();
  });
});

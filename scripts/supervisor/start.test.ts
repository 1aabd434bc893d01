import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { identify, isAlive } from '#shared/node/process-identity.ts';
import { testBinary } from '../../test/support/temporal.ts';
import { choosePort } from '../ports.ts';
import { readProcesses } from './process-record.ts';

const program = fileURLToPath(new URL('../fixtures/start.mjs', import.meta.url));
const readyLine = /ACAS Runner is ready: (http:\S+)/;

let home = '';
let binary = '';
let running: Instance[] = [];
beforeAll(async () => {
  binary = await testBinary();
});
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'acas-start-'));
  running = [];
});
afterEach(async () => {
  for (const { child } of running) {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await once(child, 'close');
    }
  }
  for (const one of Object.values(readProcesses(home))) if (isAlive(one)) process.kill(one.pid, 'SIGKILL');
  rmSync(home, { recursive: true, force: true, maxRetries: 5 });
});

interface Instance {
  child: ChildProcess;
  text(): string;
  ended: Promise<number | null>;
}

const start = (env: Record<string, string> = {}): Instance => {
  const child = spawn(process.execPath, [program], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: '0',
      ACAS_HOME: home,
      ACAS_TEMPORAL_PORT: '0',
      ACAS_TEMPORAL_UI_PORT: '0',
      TEMPORAL_CLI_PATH: binary,
      ...env,
    },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk;
    });
  const instance = {
    child,
    text: () => text,
    ended: once(child, 'close').then(([code]): number | null => code),
  };
  running.push(instance);
  return instance;
};

const until = async <T>(
  what: string,
  look: () => T | Promise<T>,
  timeout = 30_000,
): Promise<NonNullable<T>> => {
  const deadline = Date.now() + timeout;
  for (;;) {
    const found = await look();
    if (found) return found as NonNullable<T>;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeout / 1000} s`);
    await sleep(20);
  }
};

const urlOf = (instance: Instance): Promise<string> =>
  until(`a URL in ${instance.text()}`, () => {
    if (instance.child.exitCode !== null) throw new Error(instance.text());
    return readyLine.exec(instance.text())?.[1];
  });

interface Health {
  pid: number;
  temporal: string;
}

const health = async (url: string): Promise<Health | null> => {
  try {
    const response = await fetch(`${url}/api/health`);
    return (await response.json()) as Health;
  } catch {
    return null;
  }
};

describe('npm start', () => {
  it('prints one URL, and ends everything orderly when told to', async () => {
    const instance = start();
    const url = await urlOf(instance);
    expect((await health(url))?.temporal).toMatch(/^127\.0\.0\.1:\d+$/);
    const processes = readProcesses(home);
    expect(Object.keys(processes).sort()).toEqual(['api', 'supervisor', 'temporal', 'worker']);
    expect(Object.values(processes).every(isAlive)).toBe(true);
    instance.child.kill('SIGTERM');
    expect(await instance.ended).toBe(0);
    expect(Object.values(processes).filter(isAlive)).toEqual([]);
    expect(instance.text().match(new RegExp(readyLine, 'g'))).toHaveLength(1);
  }, 60_000);

  it('starts each process again that dies, Temporal on its old address', async () => {
    const port = String(await choosePort([], new Set()));
    const instance = start({ PORT: port });
    const url = await urlOf(instance);
    const before = readProcesses(home);
    const address = (await health(url))?.temporal;
    for (const name of ['worker', 'temporal', 'api']) process.kill(before[name]?.pid ?? 0, 'SIGKILL');
    for (const name of ['worker', 'temporal', 'api']) {
      await until(`a new ${name}`, () => {
        const now = readProcesses(home)[name];
        return now && now.pid !== before[name]?.pid && isAlive(now);
      });
    }
    const answer = await until('health', () => health(url));
    expect(answer.temporal).toBe(address);
    expect(instance.text()).toMatch(/worker ended \(SIGKILL\); starting it again/);
  }, 60_000);

  it('says which error a child died of', async () => {
    const port = String(await choosePort([], new Set()));
    const instance = start({ PORT: port });
    await fetch(`${await urlOf(instance)}/die`).catch(() => null);
    await until('the reason', () => instance.text().includes('api ended (exit code 1: Error: told to die)'));
  }, 60_000);

  it('leaves no children when it is killed, and the next start cleans up and works', async () => {
    const first = start();
    await urlOf(first);
    const left = readProcesses(home);
    first.child.kill('SIGKILL');
    await first.ended;
    await until(
      'the death of api and worker',
      () => !['api', 'worker'].some((name) => left[name] && isAlive(left[name])),
    );
    const second = start();
    await urlOf(second);
    expect(second.text()).toContain(`Ended what an earlier start left behind: process ${left.temporal?.pid}`);
    expect(left.temporal && isAlive(left.temporal)).toBe(false);
  }, 90_000);

  it('refuses a second instance on its data directory and names the first', async () => {
    const first = start();
    await until('the lock', () => readProcesses(home).supervisor);
    const second = start();
    expect(await second.ended).toBe(1);
    expect(second.text()).toContain(`in use by process ${first.child.pid}`);
    expect(second.text()).not.toContain('    at ');
    await urlOf(first);
  }, 60_000);

  it('says who has its port, before it starts anything', async () => {
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const address = stranger.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const instance = start({ PORT: String(port) });
    expect(await instance.ended).toBe(1);
    expect(instance.text()).toContain(`Port ${port} of 127.0.0.1 is in use by process ${process.pid}`);
    expect(instance.text()).toContain(`PORT=${port + 1} npm start`);
    stranger.close();
  }, 30_000);

  it('takes the two signals of one Ctrl-C under npm for one, and a later one for an order to end at once', async () => {
    const instance = start({ FIXTURE_STUBBORN: '1' });
    await urlOf(instance);
    const { temporal, worker } = readProcesses(home);
    const begin = performance.now();
    await until('the end', () => {
      instance.child.kill('SIGINT');
      return instance.child.exitCode;
    });
    expect(performance.now() - begin).toBeGreaterThan(400);
    expect(await instance.ended).toBe(130);
    await until('the end of the children', () => ![temporal, worker].some((one) => one && isAlive(one)));
  }, 60_000);

  it('refuses a wrong configuration without a stack', async () => {
    const instance = start({ PORT: 'abc' });
    expect(await instance.ended).toBe(1);
    expect(instance.text()).toMatch(/^PORT is "abc"; it must be a whole number/);
    expect(instance.text()).not.toContain('    at ');
    expect(identify(instance.child.pid ?? 0)).toBeNull();
  }, 30_000);
});

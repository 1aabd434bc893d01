import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { cappedLog } from './capped-log.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'acas-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const writeLines = async (path: string, count: number, onTrouble: (error: Error) => void): Promise<void> => {
  const log = await cappedLog(path, onTrouble, 1000);
  for (let line = 0; line < count; line++) log.write(`line ${String(line).padStart(4, '0')}\n`);
  log.end();
  await once(log, 'finish');
};

const never = (error: Error): void => {
  throw error;
};

describe('cappedLog', () => {
  it('keeps the last lines in at most two files of the limit each', async () => {
    const path = join(folder, 'server.log');
    await writeLines(path, 500, never);
    expect(statSync(path).size).toBeLessThanOrEqual(1000);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(1000);
    const kept = readFileSync(`${path}.1`, 'utf8') + readFileSync(path, 'utf8');
    expect(kept.endsWith('line 0498\nline 0499\n')).toBe(true);
  });

  it('goes on where the last start left off', async () => {
    const path = join(folder, 'server.log');
    await writeLines(path, 2, never);
    await writeLines(path, 1, never);
    expect(readFileSync(path, 'utf8')).toBe('line 0000\nline 0001\nline 0000\n');
  });

  it('tells of trouble once and takes everything all the same', async () => {
    const path = join(folder, 'server.log');
    mkdirSync(path);
    const troubles: Error[] = [];
    await writeLines(path, 300, (error) => troubles.push(error));
    expect(troubles).toHaveLength(1);
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { type Bench, makeBench } from '../_fixture.ts';
import write from './write.ts';

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => bench.clear());

const file = (): string => join(bench.root, 'log');
const text = (): string => readFileSync(file(), 'utf8');
const append = (content: string, idempotencyKey: string) =>
  bench.run(write, { path: 'log', content, append: true }, { idempotencyKey });

describe('appending', () => {
  it('happens once for each key', async () => {
    await expect(append('a\n', '1')).resolves.toEqual({
      path: 'log',
      size: 2,
      bytesWritten: 2,
      appended: true,
      created: true,
    });
    await expect(append('a\n', '1')).resolves.toMatchObject({ size: 2, created: true });
    await append('a\n', '2');
    expect(text()).toBe('a\na\n');
  });

  it('tells apart the appends that one step makes to several files or of several contents', async () => {
    await append('a', '1');
    await append('b', '1');
    await bench.run(write, { path: 'other', content: 'a', append: true }, { idempotencyKey: '1' });
    expect([text(), readFileSync(join(bench.root, 'other'), 'utf8')]).toEqual(['ab', 'a']);
  });
});

/** Puts the journal and the file in the state that a kill leaves: the intent is there, and so much of the content. */
const killedAfter = async (content: string, written: number): Promise<void> => {
  await append(content, 'killed');
  const journal = new Database(join(bench.home, 'appends.db'));
  const { size } = await bench.run(
    write,
    { path: 'log', content, append: true },
    { idempotencyKey: 'killed' },
  );
  const { createHash } = await import('node:crypto');
  const { statSync } = await import('node:fs');
  const { dev, ino } = statSync(file(), { bigint: true });
  const { id } = journal
    .prepare<[], { id: string }>('select id from applied order by at desc, rowid desc limit 1')
    .get() ?? { id: '' };
  const offset = size - content.length;
  journal.prepare('delete from applied where id = ?').run(id);
  journal
    .prepare('insert into intents values (?, ?, ?, ?, ?, ?, 0)')
    .run(
      file(),
      id,
      offset,
      content.length,
      createHash('sha256').update(content).digest('hex'),
      `${dev}:${ino}`,
    );
  journal.close();
  truncateSync(file(), offset + written);
};

describe('an append that a kill cut short', () => {
  it('is there once after the retry, wherever it was cut and whoever appends first', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 6 }), fc.boolean(), async (written, otherFirst) => {
        bench.clear();
        bench = makeBench();
        await append('first\n', 'first');
        await killedAfter('second', written);
        if (otherFirst) await append('other\n', 'other');
        await append('second', 'killed');
        const expected = !otherFirst
          ? 'first\nsecond'
          : written === 6
            ? 'first\nsecondother\n'
            : 'first\nother\nsecond';
        expect(text()).toBe(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('takes nothing from what another program wrote behind it', async () => {
    await append('first\n', 'first');
    await killedAfter('second', 0);
    appendFileSync(file(), 'written by someone else\n');
    await append('second', 'killed');
    expect(text()).toBe('first\nwritten by someone else\nsecond');
  });

  it('takes nothing from a file that was put in the place of the old one', async () => {
    await append('first\n', 'first');
    await killedAfter('second', 3);
    await bench.run(write, { path: 'log', content: 'first\nXY' });
    await append('second', 'killed');
    expect(text()).toBe('first\nXYsecond');
  });
});

describe('appends of several processes that are killed again and again', () => {
  it('leave each line exactly once', async () => {
    const script = fileURLToPath(new URL('./_appender.ts', import.meta.url));
    const start = (keys: string[]) =>
      spawn(process.execPath, ['--import', 'tsx', script, bench.root, bench.home, 'logs/all', ...keys], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { PATH: process.env.PATH },
      });
    let kills = 0;
    /** Runs until every key is done; a killed process is followed by one that tries all of them again. */
    const finish = async (keys: string[]): Promise<void> => {
      for (let turn = 0; ; turn++) {
        const child = start(keys);
        let lines = 0;
        const fatal = turn < 4 ? 1 + Math.floor(Math.random() * 9) : Number.POSITIVE_INFINITY;
        child.stdout.on('data', (chunk: Buffer) => {
          lines += chunk.toString().split('\n').length - 1;
          // Not at the report itself but somewhat later: anywhere in the next append.
          if (lines >= fatal) setTimeout(() => child.kill('SIGKILL'), Math.random() * 15);
        });
        const [code, signal] = await once(child, 'exit');
        if (signal === 'SIGKILL') kills += 1;
        else if (code === 0) return;
        else throw new Error(`the appender ended with ${code}`);
      }
    };
    const all = ['a', 'b', 'c'].map((name) => Array.from({ length: 15 }, (_, n) => `${name}${n}`));
    await Promise.all(all.map(finish));
    const lines = readFileSync(join(bench.root, 'logs/all'), 'utf8').trimEnd().split('\n');
    const wanted = all
      .flat()
      .map((key) => `${key}:${key.repeat(Number(key.slice(1)) % 3 === 0 ? 100_000 : 5)}`);
    expect(lines.map((line) => line.slice(0, 20)).sort()).toEqual(
      wanted.map((line) => line.slice(0, 20)).sort(),
    );
    expect(new Set(lines)).toEqual(new Set(wanted));
    expect(kills).toBeGreaterThan(3);
  }, 90_000);
});

it('keeps the journal out of reach of actions', async () => {
  await append('a', '1');
  writeFileSync(join(bench.home, 'probe'), '');
  await expect(bench.run(write, { path: join(bench.home, 'appends.db'), content: '' })).rejects.toMatchObject(
    { code: 'file.outside_workspace' },
  );
});

import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import archive from './archive.ts';
import copy from './copy.ts';
import remove from './delete.ts';
import extract from './extract.ts';
import hash from './hash.ts';
import move from './move.ts';
import read from './read.ts';
import stat from './stat.ts';
import write from './write.ts';

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => bench.clear());

const at = (path: string): string => join(bench.root, path);
const text = (path: string): string => readFileSync(at(path), 'utf8');

describe('what is no plain file', () => {
  const readers: [string, (path: string) => Promise<unknown>][] = [
    ['file.read', (path) => bench.run(read, { path })],
    ['file.hash', (path) => bench.run(hash, { path })],
  ];

  it.each(readers)('is not read by %s: devices, links out, the insides of the system', async (_type, run) => {
    symlinkSync('/dev/zero', at('zero'));
    symlinkSync('/proc/self/environ', at('environ'));
    symlinkSync(bench.home, at('home'));
    writeFileSync(join(bench.home, 'key'), 'key');
    for (const path of ['zero', 'environ', 'home/key', '/proc/self/environ', '/dev/zero', 'a.txt/../../x'])
      await expect(run(path)).rejects.toMatchObject({
        code: expect.stringMatching(/^file\.(outside_workspace|protected)$/),
      });
  });

  it.each(['.ssh/id', '.SSH/id', '.Ssh./id', '.gnupg/x', 'd/.ssh /id'])(
    'is refused in whatever case: %s',
    async (path) => {
      bench.write(path, 'key');
      for (const [, run] of readers)
        await expect(run(path)).rejects.toMatchObject({ code: 'file.protected' });
    },
  );

  it.each(['.git/config', '.GIT/hooks/x', 'd/.husky/x', '.bashrc', '.ssh/authorized_keys', 'd/.envrc'])(
    'is not written, moved to or deleted: %s',
    async (path) => {
      bench.write('a.txt', 'a');
      bench.write(path, 'kept');
      const uses = [
        bench.run(write, { path, content: 'x' }),
        bench.run(write, { path, content: 'x', append: true }),
        bench.run(move, { source: 'a.txt', destination: path, overwrite: true }),
        bench.run(copy, { source: 'a.txt', destination: path, overwrite: true }),
        bench.run(remove, { path }),
        bench.run(archive, { sources: ['a.txt'], destination: path, format: 'zip' }),
        bench.run(extract, { path: 'a.txt', destination: path, format: 'zip', overwrite: true }),
      ];
      for (const use of uses) await expect(use).rejects.toMatchObject({ code: 'file.protected' });
      expect(text(path)).toBe('kept');
    },
  );
});

describe('file.stat', () => {
  it('tells what is there', async () => {
    bench.write('a', 'hello');
    execFileSync('chmod', ['640', at('a')]);
    mkdirSync(at('d'));
    execFileSync('mkfifo', [at('pipe')]);
    symlinkSync('a', at('link'));
    const modified = new Date(1_700_000_000_000);
    utimesSync(at('a'), modified, modified);
    await expect(bench.run(stat, { path: 'a' })).resolves.toEqual({
      path: 'a',
      exists: true,
      type: 'file',
      size: 5,
      modified: modified.toISOString(),
      created: expect.stringMatching(/^\d{4}-.*Z$/),
      mode: '640',
    });
    await expect(bench.run(stat, { path: 'd' })).resolves.toMatchObject({ type: 'folder', size: 0 });
    await expect(bench.run(stat, { path: 'pipe' })).resolves.toMatchObject({ type: 'other' });
    await expect(bench.run(stat, { path: 'link' })).resolves.toMatchObject({ type: 'file', path: 'a' });
    await expect(bench.run(stat, { path: 'link', followLinks: false })).resolves.toMatchObject({
      type: 'link',
      path: 'link',
    });
  });

  it('says that nothing is there, also when a folder on the way is missing or a file', async () => {
    bench.write('a', '');
    for (const path of ['nope', 'no/such/file', 'a/b'])
      await expect(bench.run(stat, { path })).resolves.toEqual({
        path,
        exists: false,
        type: null,
        size: null,
        modified: null,
        created: null,
        mode: null,
      });
  });
});

describe('file.hash', () => {
  it.each(['sha256', 'sha512', 'sha1', 'md5'])('gives what %ssum gives', async (algorithm) => {
    writeFileSync(at('a'), Buffer.alloc(1_000_000, 'abc'));
    const [expected] = execFileSync(`${algorithm}sum`, [at('a')], { encoding: 'utf8' }).split(' ');
    await expect(bench.run(hash, { path: 'a', algorithm })).resolves.toEqual({
      path: 'a',
      hash: expected,
      algorithm,
      size: 1_000_000,
    });
  });

  it('stops when it is called off', async () => {
    writeFileSync(at('a'), '');
    truncateSync(at('a'), 4_000_000_000);
    const controller = new AbortController();
    const reports: unknown[] = [];
    const running = bench.run(
      hash,
      { path: 'a', algorithm: 'sha512' },
      { signal: controller.signal, report: (progress) => void reports.push(progress) },
    );
    running.catch(() => undefined);
    await eventually(() => reports.length > 0, 'it reports');
    expect(reports[0]).toMatchObject({ total: 4_000_000_000, bytes: expect.any(Number) });
    controller.abort(new Error('called off'));
    await expect(running).rejects.toThrow();
  });
});

describe('an action that is called off', () => {
  const uses: [string, (signal: AbortSignal) => Promise<unknown>][] = [
    [
      'file.read',
      (signal) => bench.run(read, { path: 'd/a', encoding: 'base64', maxBytes: 100_000_000 }, { signal }),
    ],
    ['file.copy', (signal) => bench.run(copy, { source: 'd', destination: 'e' }, { signal })],
  ];

  it.each(uses)('stops, with no file half written or left open: %s', async (_type, run) => {
    for (const name of ['d/a', 'd/b']) bench.write(name, 'x'.repeat(90_000_000));
    const openFiles = () => readdirSync('/proc/self/fd').length;
    const before = openFiles();
    const controller = new AbortController();
    const running = run(controller.signal);
    setTimeout(() => controller.abort(new Error('called off')), 15);
    await expect(running).rejects.toThrow();
    const left = readdirSync(bench.root, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(at(name)).isFile(),
    );
    for (const name of left) expect(statSync(at(name)).size).toBe(90_000_000);
    expect(left.filter((name) => name.includes('.acas-'))).toEqual([]);
    for (const end = Date.now() + 5_000; openFiles() > before; await new Promise((go) => setTimeout(go, 20)))
      if (Date.now() > end) throw new Error('a file was left open');
  });
});

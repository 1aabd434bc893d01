import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../../../test/support/eventually.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import archive from './archive.ts';
import extract from './extract.ts';

let bench: Bench;
beforeEach(() => {
  bench = makeBench();
});
afterEach(() => bench.clear());

const at = (path: string): string => join(bench.root, path);
const text = (path: string): string => readFileSync(at(path), 'utf8');
const openFiles = (): string[] => readdirSync('/proc/self/fd');
/** Everything below the workspace, hidden names too. */
const everything = (): string[] => readdirSync(bench.root, { recursive: true, encoding: 'utf8' }).sort();

describe('file.archive', () => {
  it.each(['a.zip', 'a.tar', 'a.tar.gz', 'a.tgz'])(
    'and file.extract give the same files back by %s',
    async (path) => {
      const long = `${'long/'.repeat(30)}${'n'.repeat(120)}.txt`;
      bench.write('d/a.txt', 'hello');
      bench.write('d/empty', '');
      bench.write(`d/${long}`, 'deep');
      bench.write('d/ü 😀/.hidden', 'x'.repeat(5000));
      writeFileSync(at('d/bytes'), Buffer.from([0, 255, 10, 13]));
      mkdirSync(at('d/no files'));
      chmodSync(at('d/a.txt'), 0o755);
      const packed = await bench.run(archive, { base: 'd', destination: path });
      expect(packed).toMatchObject({
        path,
        size: statSync(at(path)).size,
        bytes: 5 + 4 + 5000 + 4,
        skipped: [],
      });
      await expect(bench.run(extract, { path, destination: 'e' })).resolves.toMatchObject({
        path: 'e',
        entries: packed.entries,
        bytes: packed.bytes,
      });
      expect(() => execFileSync('diff', ['-r', at('d'), at('e')])).not.toThrow();
      expect(statSync(at('e/a.txt')).mode & 0o111).toBe(0o111);
      expect(statSync(at('e/empty')).mode & 0o111).toBe(0);
    },
  );

  it.each(['a.tar', 'a.tar.gz'])('makes a %s that tar itself reads', async (path) => {
    bench.write('d/a.txt', 'hello');
    bench.write(`d/${'n'.repeat(150)}`, 'x');
    await bench.run(archive, { base: 'd', destination: path });
    const listed = execFileSync('tar', ['-tf', at(path)], { encoding: 'utf8' });
    expect(listed).toBe(`a.txt\n${'n'.repeat(150)}\n`);
  });

  it.each(['zip', 'tar', 'tar.gz'])('gives the same bytes for the same files (%s)', async (format) => {
    for (const name of ['b', 'a', 'c/d']) bench.write(`d/${name}`, name);
    for (const name of ['b', 'a', 'c/d', 'c']) utimesSync(at(`d/${name}`), 1_000_000_000, 1_000_000_000);
    await bench.run(archive, { base: 'd', destination: 'one', format });
    await bench.run(archive, { base: 'd', sources: ['c', 'b', 'a'], destination: 'two', format });
    expect(readFileSync(at('one')).equals(readFileSync(at('two')))).toBe(true);
  });

  it('leaves out itself, links, pipes, keys and what others are writing, and says what it skipped', async () => {
    bench.write('a', 'a');
    bench.write('.ssh/id', 'key');
    bench.write('.acas-0123456789abcdef-00000000', 'half');
    symlinkSync('/etc/passwd', at('link'));
    execFileSync('mkfifo', [at('pipe')]);
    for (const _ of [1, 2])
      await expect(bench.run(archive, { destination: 'all.zip' })).resolves.toMatchObject({
        entries: 1,
        skipped: ['link', 'pipe'],
      });
  });

  it('takes only what fits the pattern, from the sources named', async () => {
    for (const name of ['a/x.log', 'a/y.txt', 'b/z.log', '.c/h.log']) bench.write(name, name);
    const entriesOf = async (more: Record<string, string | string[] | boolean>): Promise<string> => {
      await bench.run(archive, { destination: 'a.tar', ...more });
      return execFileSync('tar', ['-tf', at('a.tar')], { encoding: 'utf8' });
    };
    expect(await entriesOf({ pattern: '**/*.log' })).toBe('.c/h.log\na/x.log\nb/z.log\n');
    expect(await entriesOf({ pattern: '**/*.log', includeHidden: false })).toBe('a/x.log\nb/z.log\n');
    expect(await entriesOf({ sources: ['a'] })).toBe('a/\na/x.log\na/y.txt\n');
    expect(await entriesOf({ base: 'a', sources: ['y.txt'] })).toBe('y.txt\n');
  });

  it('says what is wrong with its input, and leaves the old archive alone', async () => {
    bench.write('a.zip', 'old');
    bench.write('d/a', '');
    bench.write('e', '');
    const refused: [Record<string, string | string[] | boolean>, string][] = [
      [{ destination: 'x' }, 'file.unknown_format'],
      [{ destination: 'a.zip', pattern: '*.none' }, 'file.nothing_to_archive'],
      [{ destination: 'a.zip', overwrite: false }, 'file.exists'],
      [{ destination: 'a.zip', base: 'd', sources: ['../e'] }, 'file.not_below'],
      [{ destination: '.git/a.zip' }, 'file.protected'],
      [{ destination: 'a.zip', pattern: '*a*a*a*a*a*b' }, 'file.bad_pattern'],
    ];
    for (const [input, code] of refused)
      await expect(bench.run(archive, input)).rejects.toMatchObject({ code });
    expect(text('a.zip')).toBe('old');
  });

  it.each(['zip', 'tar', 'tar.gz'])(
    'stops when it is called off, and leaves nothing (%s)',
    async (format) => {
      for (const name of ['a', 'b', 'c']) writeFileSync(at(name), Buffer.alloc(30_000_000, name));
      bench.write('keep.out', 'old');
      const controller = new AbortController();
      const before = openFiles().length;
      const running = bench.run(archive, { destination: 'keep.out', format }, { signal: controller.signal });
      setTimeout(() => controller.abort(new Error('called off')), 60);
      await expect(running).rejects.toThrow();
      expect(everything()).toEqual(['a', 'b', 'c', 'keep.out']);
      expect(text('keep.out')).toBe('old');
      await eventually(() => openFiles().length <= before, 'no file is left open');
    },
  );
});

import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventually } from '../../../test/support/eventually.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import { tarOf, zipOf } from './_packed.ts';
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

describe('file.extract refuses, and leaves nothing of', () => {
  const refused = async (bytes: Buffer, code: string, more: Record<string, number> = {}): Promise<void> => {
    writeFileSync(at('a.archive'), bytes);
    const format = bytes.toString('latin1', 0, 2) === 'PK' ? 'zip' : 'tar';
    await expect(
      bench.run(extract, { path: 'a.archive', destination: 'out/here', format, ...more }),
    ).rejects.toMatchObject({ code });
    expect(everything()).toEqual(['a.archive', 'out']);
    expect(readdirSync(bench.folder).sort()).toEqual(['home', 'workspace']);
  };

  const names = ['../evil', 'a/../../evil', '/etc/evil', 'a\\..\\evil', 'C:/evil', `${'a/'.repeat(600)}x`];
  it.each(names)('a tar with the name %s', async (name) => {
    // Names too long for a header travel in a record before it.
    const path = name.length > 200 ? 'x' : name;
    const pax = Buffer.from(` path=${name}\n`);
    const record = Buffer.concat([Buffer.from(String(pax.length + 4)), pax]);
    const long =
      name.length > 200 ? [{ path: 'PaxHeader', type: 'ExtendedHeader' as const, content: record }] : [];
    await refused(
      tarOf([{ path: 'ok', content: 'x' }, ...long, { path, content: 'x' }]),
      'file.unsafe_archive',
    );
  });

  it.each(names)('a zip with the name %s', async (name) => {
    await refused(zipOf([{ name: 'ok' }, { name, content: 'x' }]), 'file.unsafe_archive');
  });

  it.each([
    ['SymbolicLink', { linkpath: '/etc/passwd' }],
    ['Link', { linkpath: 'ok' }],
    ['CharacterDevice', { devmaj: 1, devmin: 3 }],
    ['BlockDevice', { devmaj: 1, devmin: 3 }],
    ['FIFO', {}],
  ] as const)('a tar with a %s', async (type, more) => {
    await refused(
      tarOf([
        { path: 'ok', content: 'x' },
        { path: 'evil', type, ...more },
      ]),
      'file.unsafe_archive',
    );
  });

  it.each([0o120777, 0o020666, 0o010666, 0o140777])('a zip with a member of mode %o', async (mode) => {
    await refused(
      zipOf([{ name: 'ok' }, { name: 'evil', content: '/etc/passwd', mode }]),
      'file.unsafe_archive',
    );
  });

  const twice = [
    ['a.txt', 'a.txt'],
    ['a.txt', 'A.TXT'],
    ['a.txt', './a.txt'],
    ['a', 'a/b'],
    ['a/b', 'a'],
    ['d/a', 'D/b'],
    ['\u00e9', 'e\u0301'],
  ];
  it.each(twice)('names that are one file somewhere: %s and %s', async (one, other) => {
    await refused(tarOf([{ path: one }, { path: other }]), 'file.unsafe_archive');
    await refused(zipOf([{ name: one }, { name: other }]), 'file.unsafe_archive');
  });

  it.each(['.git/hooks/pre-commit', 'x/.bashrc', '.ssh/authorized_keys', 'a/.GIT/config'])(
    'a member that others would run: %s',
    async (path) => {
      await refused(tarOf([{ path: 'ok' }, { path, content: 'x' }]), 'file.protected');
      await refused(zipOf([{ name: 'ok' }, { name: path, content: 'x' }]), 'file.protected');
    },
  );

  it('what becomes a repository with hooks', async () => {
    const paths = ['r/hooks/post-checkout', 'r/HEAD', 'r/objects/x', 'r/refs/x'];
    await refused(tarOf(paths.map((path) => ({ path, content: 'x' }))), 'file.protected');
  });

  it('more entries, bytes or growth than is allowed', async () => {
    const many = Array.from({ length: 21 }, (_, index) => `f${index}`);
    await refused(tarOf(many.map((path) => ({ path }))), 'file.archive_too_large', { maxEntries: 20 });
    await refused(zipOf(many.map((name) => ({ name: `0${name}` }))), 'file.archive_too_large', {
      maxEntries: 20,
    });
    const zeros = Buffer.alloc(12_000_000);
    await refused(gzipSync(tarOf([{ path: 'zeros', content: zeros }])), 'file.archive_too_large');
    await refused(zipOf([{ name: 'zeros', content: zeros }]), 'file.archive_too_large');
    const noise = Buffer.alloc(3000, 'noise');
    await refused(tarOf([{ path: 'n', content: noise }]), 'file.archive_too_large', { maxBytes: 2000 });
    await refused(zipOf([{ name: 'n', content: noise }]), 'file.archive_too_large', { maxBytes: 2000 });
    // All of it stands where no member is.
    await refused(gzipSync(Buffer.concat([tarOf([{ path: 'ok' }]), zeros])), 'file.archive_too_large');
  });

  it('a million entries, before it reads one', async () => {
    const zip = zipOf([{ name: 'ok' }]);
    const end = zip.lastIndexOf('PK\u0005\u0006');
    zip.writeUInt16LE(60_000, end + 8);
    zip.writeUInt16LE(60_000, end + 10);
    // Only one is there: it goes by what the directory says, before it reads any.
    await refused(zip, 'file.archive_too_large');
  });

  it('what is no archive, was cut, or is packed twice', async () => {
    bench.write('a.txt', 'x');
    const tar = tarOf([{ path: 'ok', content: 'x'.repeat(2000) }]);
    const zip = zipOf([{ name: 'ok', content: 'x'.repeat(2000) }]);
    execFileSync('rm', [at('a.txt')]);
    for (const bytes of [
      Buffer.from('PK is not enough'),
      Buffer.from('this is no archive at all. '.repeat(40)),
      Buffer.alloc(0),
      tar.subarray(0, 1000),
      gzipSync(tar).subarray(0, 60),
      gzipSync(gzipSync(tar)),
      zip.subarray(0, -10),
    ])
      await refused(bytes, 'file.bad_archive');
  });

  it('a zip whose member is not what its checksum says', async () => {
    const zip = zipOf([{ name: 'a', content: 'hello' }]);
    zip.writeUInt32LE(1, zip.indexOf('PK\u0001\u0002') + 16);
    await refused(zip, 'file.bad_archive');
  });

  it('bytes that are spoilt anywhere, or unpacks them as they are', async () => {
    const tar = tarOf([
      { path: 'a', content: 'hello' },
      { path: 'd/b', content: 'x'.repeat(700) },
    ]);
    const zip = zipOf([
      { name: 'a', content: 'hello' },
      { name: 'd/b', content: 'x'.repeat(700) },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(tar, gzipSync(tar), zip),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (bytes, changes) => {
          const spoilt = Buffer.from(bytes);
          for (const [place, value] of changes) spoilt[place % spoilt.length] = value;
          writeFileSync(at('s'), spoilt);
          const format = bytes === zip ? 'zip' : 'tar';
          const thrown = await bench
            .run(extract, { path: 's', destination: 'o', format })
            .catch((error) => error);
          if (existsSync(at('o'))) execFileSync('rm', ['-r', at('o')]);
          else expect(thrown.code).toMatch(/^file\./);
          expect(everything()).toEqual(['s']);
        },
      ),
      { numRuns: 80 },
    );
  });
});

describe('file.extract', () => {
  beforeEach(async () => {
    writeFileSync(at('a.zip'), zipOf([{ name: 'new.txt', content: 'new' }]));
  });

  it('does not touch a folder that holds something unless told so, and then replaces it whole', async () => {
    bench.write('out/old.txt', 'old');
    await expect(bench.run(extract, { path: 'a.zip', destination: 'out' })).rejects.toMatchObject({
      code: 'file.exists',
    });
    expect(readdirSync(at('out'))).toEqual(['old.txt']);
    await bench.run(extract, { path: 'a.zip', destination: 'out', overwrite: true });
    expect(everything()).toEqual(['a.zip', 'out', 'out/new.txt']);
  });

  it('fills an empty folder, and goes on after an attempt that was cut off', async () => {
    mkdirSync(at('out'));
    await bench.run(extract, { path: 'a.zip', destination: 'out' });
    const { temporaryPrefix } = await import('./_replace.ts');
    bench.write(`${temporaryPrefix('execution/step')}12345678/half`, 'half');
    await bench.run(extract, { path: 'a.zip', destination: 'out' }, { attempt: 2 });
    expect(everything()).toEqual(['a.zip', 'out', 'out/new.txt']);
  });

  it('never replaces the workspace, a file or a link to elsewhere', async () => {
    bench.write('file', 'x');
    symlinkSync(bench.folder, at('link'));
    for (const [destination, code] of [
      ['.', 'file.protected'],
      ['file', 'file.not_a_folder'],
      ['link', 'file.outside_workspace'],
      ['.git', 'file.protected'],
      ['../x', 'file.outside_workspace'],
    ])
      await expect(
        bench.run(extract, { path: 'a.zip', destination, overwrite: true } as never),
      ).rejects.toMatchObject({ code });
    linkSync(at('file'), at('second'));
    expect(text('file')).toBe('x');
  });

  it.each(['zip', 'tar.gz'])('stops when it is called off, and leaves nothing (%s)', async (format) => {
    const noise = Buffer.alloc(60_000_000);
    for (let index = 0; index < noise.length; index += 7) noise[index] = (index * 2_654_435_761) >>> 24;
    const packed =
      format === 'zip'
        ? zipOf([{ name: 'noise', content: noise }])
        : gzipSync(tarOf([{ path: 'noise', content: noise }]), { level: 1 });
    writeFileSync(at('a.zip'), packed);
    const before = openFiles().length;
    const controller = new AbortController();
    const running = bench.run(
      extract,
      { path: 'a.zip', destination: 'o', format },
      { signal: controller.signal },
    );
    const begun = () => readdirSync(bench.root).some((name) => name.startsWith('.acas-'));
    await eventually(begun, 'it begins');
    controller.abort(new Error('called off'));
    await expect(running).rejects.toThrow();
    expect(everything()).toEqual(['a.zip']);
    await eventually(() => openFiles().length <= before, 'no file is left open');
  });
});

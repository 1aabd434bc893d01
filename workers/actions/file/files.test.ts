import { execFileSync } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Action } from '../../action.ts';
import { failureOf } from '../../host/failures.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import { statsOf } from './_walk.ts';
import archive from './archive.ts';
import copy from './copy.ts';
import remove from './delete.ts';
import extract from './extract.ts';
import hash from './hash.ts';
import list from './list.ts';
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

describe('every file action', () => {
  const FORMATTED = new Set<Action>([archive, extract]);
  const uses: [Action, Record<string, string>, string][] = [
    [read, {}, 'path'],
    [write, { content: 'x' }, 'path'],
    [remove, {}, 'path'],
    [list, {}, 'path'],
    [stat, {}, 'path'],
    [hash, {}, 'path'],
    [archive, { base: '.' }, 'destination'],
    [archive, { destination: 'b.zip' }, 'base'],
    [extract, { destination: 'b' }, 'path'],
    [extract, { path: 'a.txt' }, 'destination'],
    [copy, { source: 'a.txt' }, 'destination'],
    [copy, { destination: 'b.txt' }, 'source'],
    [move, { source: 'a.txt' }, 'destination'],
    [move, { destination: 'b.txt' }, 'source'],
  ];

  it.each(uses)('%# refuses hostile paths and changes nothing', async (action, rest, name) => {
    bench.write('a.txt', 'a');
    mkdirSync(join(bench.folder, 'outside'));
    writeFileSync(join(bench.folder, 'outside/secret'), 'secret');
    symlinkSync(join(bench.folder, 'outside'), at('link'));
    const before = readdirSync(bench.root);
    for (const path of [
      '../outside/secret',
      '/etc/passwd',
      'link/secret',
      'a\0',
      'a\\b',
      '.ssh/key',
      `${bench.home}/x`,
    ])
      await expect(
        bench.run(action, { ...rest, ...(FORMATTED.has(action) && { format: 'zip' }), [name]: path }),
      ).rejects.toMatchObject({
        code: expect.stringMatching(/^file\.(outside_workspace|bad_path|protected)$/),
      });
    expect(readdirSync(bench.root)).toEqual(before);
    expect(readFileSync(join(bench.folder, 'outside/secret'), 'utf8')).toBe('secret');
  });

  it.each([
    [read, {}],
    [write, { content: 'x' }],
    [write, { content: 'x', append: true }],
    [hash, {}],
    [extract, { destination: 'x', format: 'zip' }],
  ])('%# refuses a pipe without waiting for it', async (action, rest) => {
    execFileSync('mkfifo', [at('pipe')]);
    await expect(bench.run(action as Action, { ...rest, path: 'pipe' })).rejects.toMatchObject({
      code: 'file.not_a_file',
    });
  });
});

describe('file.read', () => {
  it('refuses a file larger than maxBytes', async () => {
    bench.write('a', '12345');
    await expect(bench.run(read, { path: 'a', maxBytes: 4 })).rejects.toMatchObject({
      code: 'file.too_large',
    });
    await expect(bench.run(read, { path: 'a', maxBytes: 5 })).resolves.toMatchObject({
      content: '12345',
      size: 5,
    });
  });

  it('does not pass bytes off as text', async () => {
    writeFileSync(at('a'), Buffer.from([0xff, 0xfe, 0]));
    await expect(bench.run(read, { path: 'a' })).rejects.toMatchObject({ code: 'file.not_text' });
    await expect(bench.run(read, { path: 'a', encoding: 'hex' })).resolves.toMatchObject({
      content: 'fffe00',
    });
  });

  it('says which file is missing', async () => {
    const thrown = await bench.run(read, { path: 'nope.txt' }).catch(failureOf);
    expect(thrown).toMatchObject({ code: 'file.not_found', message: expect.stringContaining('nope.txt') });
  });

  it('refuses a folder', async () => {
    await expect(bench.run(read, { path: '.' })).rejects.toMatchObject({ code: 'file.is_folder' });
  });
});

describe('file.write', () => {
  it('replaces a file as a whole, keeps its permissions and leaves nothing beside it', async () => {
    bench.write('run.sh', 'old');
    execFileSync('chmod', ['750', at('run.sh')]);
    const inode = statSync(at('run.sh')).ino;
    await expect(bench.run(write, { path: 'run.sh', content: 'new' })).resolves.toMatchObject({
      created: false,
      size: 3,
    });
    expect(statSync(at('run.sh'))).toMatchObject({ mode: 0o100750 });
    expect(statSync(at('run.sh')).ino).not.toBe(inode);
    expect(readdirSync(bench.root)).toEqual(['run.sh']);
  });

  it('removes what a killed attempt left', async () => {
    bench.write('other', 'x');
    await bench.run(write, { path: 'a', content: 'x' });
    const prefix = (await import('node:crypto'))
      .createHash('sha256')
      .update('execution/step')
      .digest('hex')
      .slice(0, 16);
    bench.write(`.acas-${prefix}-00000000`, 'half');
    await bench.run(write, { path: 'a', content: 'y' }, { attempt: 2 });
    expect(readdirSync(bench.root)).toEqual(['a', 'other']);
  });

  it('writes through a link to the file it points to, and replaces a second name', async () => {
    bench.write('real', 'old');
    symlinkSync('real', at('link'));
    linkSync(at('real'), at('second'));
    await bench.run(write, { path: 'link', content: 'new' });
    expect([text('real'), text('link'), text('second')]).toEqual(['new', 'new', 'old']);
    linkSync(at('second'), at('third'));
    await expect(bench.run(write, { path: 'third', content: '!', append: true })).rejects.toMatchObject({
      code: 'file.hard_link',
    });
  });

  it('refuses what is not base64 or hex instead of writing half of it', async () => {
    for (const { encoding, content } of [
      { encoding: 'base64', content: 'a*b' },
      { encoding: 'hex', content: 'abc' },
    ])
      await expect(bench.run(write, { path: 'a', content, encoding })).rejects.toMatchObject({
        code: 'file.bad_encoding',
      });
    expect(existsSync(at('a'))).toBe(false);
  });

  it('does not make folders when told so', async () => {
    const thrown = await bench
      .run(write, { path: 'x/a', content: '', createFolders: false })
      .catch(failureOf);
    expect(thrown).toMatchObject({ code: 'file.not_found' });
  });
});

describe('file.move', () => {
  it('does not overwrite unless told so', async () => {
    bench.write('a', 'a');
    bench.write('b', 'b');
    await expect(bench.run(move, { source: 'a', destination: 'b' })).rejects.toMatchObject({
      code: 'file.exists',
    });
    await bench.run(move, { source: 'a', destination: 'b', overwrite: true });
    expect([text('b'), existsSync(at('a'))]).toEqual(['a', false]);
  });

  it('counts as done on a retry whose source is gone and destination there', async () => {
    bench.write('b', 'b');
    await expect(bench.run(move, { source: 'a', destination: 'b' }, { attempt: 2 })).resolves.toEqual({
      source: 'a',
      destination: 'b',
    });
    const thrown = await bench.run(move, { source: 'a', destination: 'c' }, { attempt: 2 }).catch(failureOf);
    expect(thrown).toMatchObject({ code: 'file.not_found' });
  });

  it('does not move a folder into itself, the workspace, or a way to hooks', async () => {
    bench.write('d/a', 'a');
    await expect(bench.run(move, { source: 'd', destination: 'd/e' })).rejects.toMatchObject({
      code: 'file.same_place',
    });
    await expect(bench.run(move, { source: '.', destination: 'e' })).rejects.toMatchObject({
      code: 'file.same_place',
    });
    await expect(bench.run(move, { source: 'd', destination: '.git' })).rejects.toMatchObject({
      code: 'file.protected',
    });
  });
});

describe('file.copy', () => {
  it('copies a folder with all in it', async () => {
    bench.write('d/a', 'aa');
    bench.write('d/e/b', 'b');
    await expect(bench.run(copy, { source: 'd', destination: 'x/y' })).resolves.toMatchObject({ bytes: 3 });
    expect([text('x/y/a'), text('x/y/e/b')]).toEqual(['aa', 'b']);
  });

  it('stops at a link rather than taking what it leads to', async () => {
    bench.write('d/a', 'a');
    symlinkSync('/etc/passwd', at('d/link'));
    await expect(bench.run(copy, { source: 'd', destination: 'e' })).rejects.toMatchObject({
      code: 'file.link',
    });
  });

  it('goes on over its own copies on a retry only', async () => {
    bench.write('a', 'a');
    bench.write('b', 'half');
    await expect(bench.run(copy, { source: 'a', destination: 'b' })).rejects.toMatchObject({
      code: 'file.exists',
    });
    await bench.run(copy, { source: 'a', destination: 'b' }, { attempt: 2 });
    expect(text('b')).toBe('a');
  });
});

describe('file.delete', () => {
  it('asks for recursive before it deletes a folder', async () => {
    bench.write('d/a', 'a');
    await expect(bench.run(remove, { path: 'd' })).rejects.toMatchObject({ code: 'file.is_folder' });
    await bench.run(remove, { path: 'd', recursive: true });
    expect(existsSync(at('d'))).toBe(false);
  });

  it('deletes a link, never what it leads to', async () => {
    mkdirSync(join(bench.folder, 'outside'));
    writeFileSync(join(bench.folder, 'outside/kept'), '');
    bench.write('d/a', 'a');
    symlinkSync(join(bench.folder, 'outside'), at('d/link'));
    symlinkSync(join(bench.folder, 'outside'), at('link'));
    await bench.run(remove, { path: 'd', recursive: true });
    await bench.run(remove, { path: 'link' });
    expect(existsSync(join(bench.folder, 'outside/kept'))).toBe(true);
    expect(readdirSync(bench.root)).toEqual([]);
  });

  it('counts a missing file as done on a retry, or when told so', async () => {
    const thrown = await bench.run(remove, { path: 'a' }).catch(failureOf);
    expect(thrown).toMatchObject({ code: 'file.not_found' });
    await expect(bench.run(remove, { path: 'a', missingOk: true })).resolves.toEqual({
      path: 'a',
      deleted: false,
    });
    await expect(bench.run(remove, { path: 'a' }, { attempt: 2 })).resolves.toEqual({
      path: 'a',
      deleted: true,
    });
  });

  it('never deletes the workspace', async () => {
    bench.write('a', 'a');
    await expect(bench.run(remove, { path: '.', recursive: true })).rejects.toMatchObject({
      code: 'file.protected',
    });
    expect(text('a')).toBe('a');
  });
});

describe('file.list', () => {
  const paths = async (input: Record<string, string | number | boolean>): Promise<string[]> =>
    (await bench.run(list, input)).files.map(({ path }) => path);

  it('lists one folder, or all below it, without hidden names unless asked', async () => {
    for (const path of ['b', 'a/c', 'a/.d', '.e']) bench.write(path, '');
    expect(await paths({})).toEqual(['a', 'b']);
    expect(await paths({ recursive: true })).toEqual(['a', 'a/c', 'b']);
    expect(await paths({ recursive: true, includeHidden: true })).toEqual(['.e', 'a', 'a/.d', 'a/c', 'b']);
    expect(await paths({ path: 'a', pattern: '*' })).toEqual(['a/c']);
  });

  it('stops at the limit and says so', async () => {
    for (const path of ['a', 'b', 'c']) bench.write(path, '');
    await expect(bench.run(list, { limit: 2 })).resolves.toMatchObject({ count: 2, truncated: true });
    await expect(bench.run(list, { limit: 3 })).resolves.toMatchObject({ count: 3, truncated: false });
  });

  it('shows links as links and keeps the keys of others to itself', async () => {
    symlinkSync('/etc', at('etc'));
    bench.write('.ssh/id', 'key');
    const { files } = await bench.run(list, { recursive: true, includeHidden: true });
    expect(files.map(({ path, type }) => [path, type])).toEqual([['etc', 'link']]);
  });

  it('takes no other error for a file that went away', async () => {
    bench.write('a', '');
    await expect(statsOf(at('gone'))).resolves.toBeUndefined();
    await expect(statsOf(at('a/b'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('goes on when a file goes away meanwhile', async () => {
    for (let index = 0; index < 300; index++) bench.write(`d/f${index}`, '');
    let isOver = false;
    const churn = (async () => {
      for (let round = 0; !isOver; round++) {
        execFileSync('rm', ['-f', at(`d/f${round % 300}`)]);
        bench.write(`d/f${round % 300}`, '');
        await new Promise((go) => setImmediate(go));
      }
    })();
    for (let round = 0; round < 10; round++) {
      const { count } = await bench.run(list, { path: 'd' });
      expect(count).toBeGreaterThanOrEqual(299);
    }
    isOver = true;
    await churn;
  });

  it.each([
    '{a,b}'.repeat(40),
    `${'**/'.repeat(60)}x`,
    '*a*a*a*a*a*a*b',
    `[${'a'.repeat(400)}]`,
    '+(a|aa)+(a|aa)+(a|aa)b',
    '{1..1000000}',
  ])('answers the hostile pattern %s, which would take hours without limits', async (pattern) => {
    bench.write(`${'a'.repeat(200)}/${'a'.repeat(200)}`, '');
    await bench
      .run(list, { pattern, recursive: true })
      .catch((thrown) => expect(thrown.code).toBe('file.bad_pattern'));
    await bench
      .run(archive, { pattern, destination: 'a.zip' })
      .catch((thrown) => expect(['file.bad_pattern', 'file.nothing_to_archive']).toContain(thrown.code));
  });
});

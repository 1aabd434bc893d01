import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openWorkspace, type Workspace } from '../../workspace.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import { attachments } from '../ai/_attachments.ts';
import parse from '../data/parse.ts';
import { tarOf } from './_packed.ts';
import archive from './archive.ts';
import copy from './copy.ts';
import remove from './delete.ts';
import extract from './extract.ts';
import hash from './hash.ts';
import move from './move.ts';
import read from './read.ts';
import stat from './stat.ts';
import write from './write.ts';

/** Lets a name be a file, a link or a second name of a file outside, a folder and a link to one outside, by turns. */
const SWAPPING = `const fs = require('fs'); const [root, out] = process.argv.slice(1);
  const quietly = (work) => { try { work(); } catch {} };
  const put = (make, name) => { quietly(make); quietly(() => fs.renameSync(root + '/next', root + '/' + name)); };
  const end = Date.now() + 1500;
  while (Date.now() < end) {
    put(() => fs.symlinkSync(out + '/secret', root + '/next'), 'name');
    put(() => fs.linkSync(out + '/secret', root + '/next'), 'name');
    quietly(() => fs.renameSync(root + '/folder', root + '/kept'));
    quietly(() => fs.symlinkSync(out, root + '/folder'));
    put(() => fs.writeFileSync(root + '/next', 'public'), 'name');
    quietly(() => fs.unlinkSync(root + '/folder'));
    quietly(() => fs.renameSync(root + '/kept', root + '/folder'));
  }`;

const CANARY_HASH = createHash('sha256').update('canary').digest('hex');

let bench: Bench;
let outside: string;
beforeEach(() => {
  bench = makeBench();
  outside = join(bench.folder, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'secret'), 'canary');
  bench.write('name', 'public');
  bench.write('folder/secret', 'public');
  writeFileSync(join(bench.root, 'a.tar'), tarOf([{ path: 'x', content: 'public' }]));
});
afterEach(() => bench.clear());

/** What stands in the workspace under names that are files of its own. */
function contents(): string[] {
  return readdirSync(bench.root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/^(name|next)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

const uses: [string, (path: string) => Promise<unknown>][] = [
  ['file.read', (path) => bench.run(read, { path })],
  ['file.hash', (path) => bench.run(hash, { path })],
  ['file.write', (path) => bench.run(write, { path, content: 'public' })],
  ['file.write (append)', (path) => bench.run(write, { path, content: 'public', append: true })],
  ['file.copy from', (path) => bench.run(copy, { source: path, destination: 'copy', overwrite: true })],
  ['file.copy to', (path) => bench.run(copy, { source: 'a.tar', destination: path, overwrite: true })],
  ['file.move to', (path) => bench.run(move, { source: 'a.tar', destination: path, overwrite: true })],
  ['file.delete', (path) => bench.run(remove, { path, recursive: true })],
  ['file.archive from', () => bench.run(archive, { base: '.', destination: 'all.tar' })],
  ['file.archive to', (path) => bench.run(archive, { sources: ['a.tar'], destination: path, format: 'tar' })],
  ['file.extract from', (path) => bench.run(extract, { path, destination: 'out', format: 'tar' })],
  ['file.extract to', (path) => bench.run(extract, { path: 'a.tar', destination: `${path}-out` })],
];

describe('a link that is put there between check and use leads nowhere outside', () => {
  it.each(uses)('%s', async (_type, use) => {
    const child = spawn(process.execPath, ['-e', SWAPPING, bench.root, outside], { env: {} });
    let isOver = false;
    const ended = new Promise((resolve) => child.once('exit', resolve)).finally(() => {
      isOver = true;
    });
    const outcomes = new Set<string>();
    for (let round = 0; !isOver; round++) {
      const path = round % 2 === 0 ? 'name' : 'folder/secret';
      const outcome = await use(path).then(
        (output) => JSON.stringify(output),
        (thrown) => String(thrown.code),
      );
      outcomes.add(outcome.slice(0, 500));
      await new Promise((turn) => setImmediate(turn));
    }
    expect(await ended).toBe(0);
    expect(outcomes.size).toBeGreaterThan(0);
    expect(
      [...outcomes].filter((outcome) => outcome.includes('canary') || outcome.includes(CANARY_HASH)),
    ).toEqual([]);
    expect(contents().filter((content) => content.includes('canary'))).toEqual([]);
    // Neither read, nor changed, nor deleted, nor joined by another.
    expect(readdirSync(outside)).toEqual(['secret']);
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('canary');
  });
});

describe('a second name of a file outside', () => {
  const opening: [string, (path: string, workspace: Workspace) => Promise<unknown>][] = [
    ['file.read', (path, workspace) => bench.run(read, { path }, { workspace })],
    ['file.hash', (path, workspace) => bench.run(hash, { path }, { workspace })],
    [
      'file.write (append)',
      (path, workspace) => bench.run(write, { path, content: '.', append: true }, { workspace }),
    ],
    ['file.copy', (path, workspace) => bench.run(copy, { source: path, destination: 'copy' }, { workspace })],
    [
      'file.archive',
      (path, workspace) => bench.run(archive, { sources: [path], destination: 'b.tar' }, { workspace }),
    ],
    [
      'file.extract',
      (path, workspace) => bench.run(extract, { path, destination: 'out', format: 'tar' }, { workspace }),
    ],
    ['data.parse', (path, workspace) => bench.run(parse, { path, format: 'csv' }, { workspace })],
    ['an attachment for a model', (path, workspace) => attachments(workspace, [], [path])],
  ];

  beforeEach(() => {
    writeFileSync(join(outside, 'b.tar'), tarOf([{ path: 'x', content: 'public' }]));
    linkSync(join(outside, 'b.tar'), join(bench.root, 'second'));
  });

  it.each(opening)('is not opened by %s, unless that is allowed', async (_type, use) => {
    const refused = expect(use('second', bench.workspace)).rejects;
    await refused.toMatchObject({ code: 'file.hard_link', fix: expect.stringContaining('ACAS_HARD_LINKS') });
    const open = openWorkspace(bench.root, [bench.home], { hardLinks: 'allow' });
    const outcome = await use('second', open).catch((thrown) => thrown.code);
    expect(outcome).not.toBe('file.hard_link');
  });

  it('is seen, moved, replaced and deleted, which leaves the file alone', async () => {
    expect(await bench.run(stat, { path: 'second' })).toMatchObject({ exists: true });
    await bench.run(move, { source: 'second', destination: 'third' });
    await bench.run(write, { path: 'third', content: 'own' });
    linkSync(join(outside, 'secret'), join(bench.root, 'fourth'));
    await bench.run(remove, { path: 'fourth' });
    expect(readFileSync(join(bench.root, 'third'), 'utf8')).toBe('own');
    expect(readFileSync(join(outside, 'secret'), 'utf8')).toBe('canary');
  });
});

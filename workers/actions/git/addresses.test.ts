import { chmodSync, existsSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, type GitBench, makeGitBench } from './_fixture.ts';
import clone from './clone.ts';
import fetch from './fetch.ts';
import pull from './pull.ts';
import push from './push.ts';

let bench: GitBench;
/** Exists if some program ran that must not. */
let proof: string;
let program: string;
beforeEach(() => {
  bench = makeGitBench();
  bench.repository('.', { 'a.txt': 'one\n' });
  proof = join(bench.folder, 'proof');
  program = join(bench.folder, 'program.sh');
  writeFileSync(program, `#!/bin/sh\necho "$0 $*" >> ${proof}\n`);
  chmodSync(program, 0o755);
});
afterEach(() => bench.clear());

describe('addresses of remotes', () => {
  const refused: [string, string][] = [
    ['ext::sh -c touch% x', 'git.bad_remote'],
    ['ext::sh', 'git.bad_remote'],
    ['fd::7', 'git.bad_remote'],
    ['EXT::sh', 'git.bad_remote'],
    ['file:///etc', 'git.bad_remote'],
    ['git://example.org/x', 'git.bad_remote'],
    ['ftp://example.org/x', 'git.bad_remote'],
    ['http://example.org/x', 'git.bad_remote'],
    ['-u./program.sh', 'git.bad_remote'],
    ['--upload-pack=sh', 'git.bad_remote'],
    ['https://user:password@example.org/x', 'git.bad_remote'],
    ['https://token@example.org/x', 'git.bad_remote'],
    ['ssh://git:password@example.org/x', 'git.bad_remote'],
    ['ssh://-oProxyCommand=sh/x', 'git.bad_remote'],
    ['ssh://-l@example.org/x', 'git.bad_remote'],
    ['-oProxyCommand=sh:x', 'git.bad_remote'],
    ['x@-oProxyCommand=sh:x', 'git.bad_remote'],
    ['https://example.org/x\nhttps://other', 'git.bad_remote'],
    ['https:///x', 'git.bad_remote'],
    ['https://127.0.0.1/x', 'http.address_refused'],
    ['https://[::1]/x', 'http.address_refused'],
    ['https://2130706433/x', 'http.address_refused'],
    ['https://169.254.169.254/x', 'http.address_refused'],
    ['ssh://git@10.0.0.1/x', 'http.address_refused'],
    ['git@127.0.0.1:x', 'http.address_refused'],
    ['localhost:x', 'http.address_refused'],
    ['/etc', 'file.outside_workspace'],
    ['../outside', 'file.outside_workspace'],
    ['a.txt', 'git.bad_remote'],
    ['nothing-there', 'git.bad_remote'],
  ];

  it.each(refused)('%j is refused when it is cloned', async (url, code) => {
    expect(await codeOf(bench.run(clone, { url, path: 'copy' }))).toBe(code);
    expect(existsSync(join(bench.root, 'copy'))).toBe(false);
  });

  it.each(refused.filter(([url]) => !/[\n\s]/.test(url) && !url.startsWith('-')))(
    '%j is refused when a repository has it as remote',
    async (url, code) => {
      bench.sh('.', 'config', 'remote.origin.url', url);
      expect(await codeOf(bench.run(fetch, {}))).toBe(code);
      expect(await codeOf(bench.run(pull, { branch: 'main' }))).toBe(code);
      expect(await codeOf(bench.run(push, {}))).toBe(code);
    },
  );

  it('are checked as they are after rewriting, and those for pushing too', async () => {
    mkdirSync(join(bench.root, 'remote.git'));
    bench.sh('remote.git', 'init', '--quiet', '--bare', '--initial-branch=main');
    bench.sh('.', 'config', 'remote.origin.url', './remote.git');
    await bench.run(push, {});
    bench.sh('.', 'config', 'remote.origin.pushurl', `ext::${program}`);
    expect(await codeOf(bench.run(push, {}))).toBe('git.bad_remote');
    await bench.run(fetch, {});
    bench.sh('.', 'config', '--unset', 'remote.origin.pushurl');
    bench.sh('.', 'config', `url.ext::${program} .insteadOf`, './');
    bench.sh('.', 'config', 'protocol.ext.allow', 'always');
    expect(await codeOf(bench.run(fetch, {}))).toBe('git.bad_remote');
    expect(existsSync(proof)).toBe(false);
  });

  it('take a token only where it is sent safely', async () => {
    mkdirSync(join(bench.root, 'remote.git'));
    bench.sh('remote.git', 'init', '--quiet', '--bare', '--initial-branch=main');
    expect(await codeOf(bench.run(clone, { url: 'remote.git', path: 'copy', token: 'x' }))).toBe(
      'git.bad_remote',
    );
  });
});

describe('a remote on this disk', () => {
  beforeEach(() => {
    mkdirSync(join(bench.root, 'remote.git'));
    bench.sh('remote.git', 'init', '--quiet', '--bare', '--initial-branch=main');
    bench.sh('.', 'remote', 'add', 'origin', './remote.git');
  });

  it('runs none of its hooks', async () => {
    for (const hook of ['pre-receive', 'update', 'post-receive', 'post-update', 'reference-transaction'])
      symlinkSync(program, join(bench.root, 'remote.git/hooks', hook));
    expect((await bench.run(push, {})).pushed).toMatchObject([{ result: 'created' }]);
    expect(existsSync(proof)).toBe(false);
  });

  it.each([
    ['core.hooksPath'],
    ['core.fsmonitor'],
    ['core.alternateRefsCommand'],
    ['uploadpack.packObjectsHook'],
  ])('is refused if it sets %s', async (key) => {
    bench.sh('remote.git', 'config', key, program);
    expect(await codeOf(bench.run(push, {}))).toBe('git.unsafe_config');
    expect(await codeOf(bench.run(clone, { url: 'remote.git', path: 'copy' }))).toBe('git.unsafe_config');
  });

  it('is refused if it borrows objects from outside the workspace', async () => {
    writeFileSync(join(bench.root, 'remote.git/objects/info/alternates'), `${bench.folder}/x/objects\n`);
    expect(await codeOf(bench.run(clone, { url: 'remote.git', path: 'copy' }))).toBe('git.outside_workspace');
  });

  it('is refused if it is a link out of the workspace', async () => {
    renameSync(join(bench.root, 'remote.git'), join(bench.folder, 'remote.git'));
    symlinkSync(join(bench.folder, 'remote.git'), join(bench.root, 'remote.git'));
    expect(await codeOf(bench.run(push, {}))).toBe('file.outside_workspace');
  });
});

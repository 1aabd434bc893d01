import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, type GitBench, makeGitBench } from './_fixture.ts';
import add from './add.ts';
import branch from './branch.ts';
import checkout from './checkout.ts';
import clone from './clone.ts';
import commit from './commit.ts';
import diff from './diff.ts';
import fetch from './fetch.ts';
import log from './log.ts';
import merge from './merge.ts';
import pull from './pull.ts';
import push from './push.ts';
import status from './status.ts';
import tag from './tag.ts';
import worktree from './worktree.ts';

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

const hostile = ['-x', '--upload-pack=touch x', '--output=/tmp/x', '--exec=sh', '-', 'a b', 'a\nb', 'a\0b'];

describe('names that would be options or more than one argument', () => {
  const places: [string, () => readonly [Parameters<GitBench['run']>[0], (name: string) => unknown]][] = [
    ['git.log revision', () => [log, (revision) => ({ revision })]],
    ['git.diff from', () => [diff, (from) => ({ from })]],
    ['git.diff to', () => [diff, (to) => ({ from: 'HEAD', to })]],
    ['git.merge revision', () => [merge, (revision) => ({ revision })]],
    ['git.checkout revision', () => [checkout, (revision) => ({ revision })]],
    ['git.checkout from', () => [checkout, (from) => ({ revision: 'x', create: true, from })]],
    ['git.branch name', () => [branch, (name) => ({ operation: 'create', name })]],
    ['git.branch from', () => [branch, (from) => ({ operation: 'create', name: 'x', from })]],
    ['git.tag name', () => [tag, (name) => ({ operation: 'create', name })]],
    ['git.tag revision', () => [tag, (revision) => ({ operation: 'create', name: 'x', revision })]],
    ['git.push remote', () => [push, (remote) => ({ remote })]],
    ['git.push branch', () => [push, (name) => ({ branch: name })]],
    ['git.push tags', () => [push, (name) => ({ tags: [name] })]],
    ['git.fetch remote', () => [fetch, (remote) => ({ remote })]],
    ['git.fetch branch', () => [fetch, (name) => ({ branch: name })]],
    ['git.pull branch', () => [pull, (name) => ({ branch: name })]],
    ['git.clone branch', () => [clone, (name) => ({ url: 'x', path: 'y', branch: name })]],
    ['git.worktree branch', () => [worktree, (name) => ({ operation: 'add', path: 'y', branch: name })]],
  ];

  it.each(places)('%s takes none', (_name, place) => {
    const [action, input] = place();
    expect(hostile.filter((name) => action.input.safeParse(input(name)).success)).toEqual([]);
    expect(action.input.safeParse(input('fine/name-1.2')).success).toBe(true);
  });

  it('takes such texts as they are where any text may stand', async () => {
    bench.write('-x', 'x');
    bench.write('--all', 'x');
    expect(await bench.run(add, { files: ['-x'] })).toEqual({ staged: ['-x'] });
    await bench.run(commit, { message: '--amend', author: { name: '--x', email: '-y' } });
    expect(bench.sh('.', 'log', '-1', '--format=%s %an %ae').trim()).toBe('--amend --x -y');
    expect((await bench.run(log, { author: '--x', path: '-x' })).count).toBe(1);
    expect((await bench.run(log, { since: '--output=x', until: '-x' })).commits).toBeDefined();
    expect(existsSync(join(bench.root, 'x'))).toBe(false);
  });
});

describe('the configuration of a repository', () => {
  const everything = async (): Promise<unknown[]> => {
    bench.write('a.txt', `${Math.random()}\n`);
    bench.write('.gitattributes', '* diff=evil\n');
    return [
      await codeOf(bench.run(status, {})),
      await codeOf(bench.run(diff, {})),
      await codeOf(bench.run(commit, { message: 'x', addAll: true })),
      await codeOf(bench.run(log, { files: true })),
      await codeOf(bench.run(branch, { operation: 'create', name: 'b' })),
      await codeOf(bench.run(checkout, { revision: 'b' })),
      await codeOf(bench.run(tag, { operation: 'create', name: `t${Math.random()}`, message: 'x' })),
      await codeOf(bench.run(merge, { revision: 'main', fastForward: 'never' })),
      await codeOf(bench.run(checkout, { revision: 'main' })),
      await codeOf(bench.run(worktree, { operation: 'add', path: `w${Math.random()}` })),
      await codeOf(bench.run(push, {})),
      await codeOf(bench.run(pull, {})),
    ].filter((code) => code !== undefined);
  };

  it('is not followed where it names programs that git can do without', async () => {
    mkdirSync(join(bench.root, 'remote.git'));
    bench.sh('remote.git', 'init', '--quiet', '--bare', '--initial-branch=main');
    bench.sh('.', 'remote', 'add', 'origin', './remote.git');
    bench.sh('.', 'push', '--quiet', 'origin', 'main');
    for (const key of [
      'core.fsmonitor',
      'core.sshCommand',
      'core.askPass',
      'core.editor',
      'core.pager',
      'sequence.editor',
      'credential.helper',
      'credential.https://example.org.helper',
      'gpg.program',
      'gpg.ssh.program',
      'diff.external',
      'diff.evil.command',
      'diff.evil.textconv',
      'alias.status',
      'pager.log',
      'mergetool.x.cmd',
    ]) {
      // By its name the proof tells which of them ran.
      const named = join(bench.folder, `program-${key.replace(/\W/g, '-')}`);
      symlinkSync(program, named);
      bench.sh('.', 'config', key, named);
    }
    mkdirSync(join(bench.folder, 'hooks'));
    bench.sh('.', 'config', 'core.hooksPath', join(bench.folder, 'hooks'));
    for (const hook of ['pre-commit', 'post-checkout', 'post-merge', 'pre-push', 'reference-transaction'])
      symlinkSync(program, join(bench.folder, 'hooks', hook));
    for (const sign of ['commit.gpgSign', 'tag.gpgSign', 'tag.forceSignAnnotated', 'push.gpgSign'])
      bench.sh('.', 'config', sign, 'true');
    for (const check of ['log.showSignature', 'merge.verifySignatures'])
      bench.sh('.', 'config', check, 'true');
    expect(await everything()).toEqual([]);
    expect(existsSync(proof) && readFileSync(proof, 'utf8')).toBe(false);
  });

  it('stops every action if it is refused', async () => {
    bench.sh('.', 'config', 'filter.evil.clean', program);
    const codes = await everything();
    expect(codes).toEqual(new Array(12).fill('git.unsafe_config'));
  });

  it.each([
    ['filter.evil.clean'],
    ['filter.evil.smudge'],
    ['filter.evil.process'],
    ['merge.evil.driver'],
    ['core.alternateRefsCommand'],
    ['core.gitProxy2'],
    ['remote.origin.uploadpack'],
    ['remote.origin.receivepack'],
    ['remote.origin.vcs'],
    ['remote.origin.proxy'],
    ['branch.main.mergeOptions'],
    ['pull.twohead'],
    ['include.path'],
    ['includeIf.gitdir:/.path'],
    ['http.proxy'],
    ['http.sslVerify'],
    ['http.https://example.org.proxy'],
    ['hook.evil.command'],
    ['trailer.evil.command'],
    ['gc.recentObjectsHook'],
    ['FILTER.evil.CLEAN'],
    ['Filter.Evil.Clean'],
    ['unheard.of'],
  ])('is refused if it sets %s', async (key) => {
    bench.sh('.', 'config', key, key.startsWith('include') ? '/dev/null' : program);
    expect(await codeOf(bench.run(commit, { message: 'x', allowEmpty: true }))).toBe('git.unsafe_config');
    await expect(bench.run(status, {})).rejects.toMatchObject({
      message: expect.stringMatching(new RegExp(`"${key.replace(/[.*/:]/g, '\\$&')}"`, 'i')),
    });
    expect(existsSync(proof)).toBe(false);
  });

  it('is read in full: what a worktree sets counts', async () => {
    bench.sh('.', 'config', 'extensions.worktreeConfig', 'true');
    bench.sh('.', 'config', '--worktree', 'filter.evil.clean', program);
    expect(await codeOf(bench.run(status, {}))).toBe('git.unsafe_config');
  });

  it.each(['core.fsmonitor', 'filter.evil.clean', 'core.hooksPath'])(
    'is refused if a submodule sets %s, or a repository below that becomes one',
    async (key) => {
      bench.repository('sub', { 's.txt': 's\n' });
      bench.sh('sub', 'config', key, program);
      bench.write('sub/.gitattributes', '* filter=evil\n');
      bench.write('sub/s.txt', 'S\n');
      expect(await codeOf(bench.run(commit, { message: 'x', addAll: true }))).toBe('git.unsafe_config');
      expect(await everything()).toEqual(new Array(12).fill('git.unsafe_config'));
      expect(existsSync(proof) && readFileSync(proof, 'utf8')).toBe(false);
    },
  );

  it('does not keep a harmless submodule from working, whose hooks do not run', async () => {
    bench.repository('source/sub', { 's.txt': 's\n' });
    bench.repository('outer', { 'o.txt': 'o\n' });
    bench.sh(
      'outer',
      '-c',
      'protocol.file.allow=always',
      'submodule',
      '--quiet',
      'add',
      '../source/sub',
      'sub',
    );
    bench.sh('outer', 'commit', '--quiet', '-m', 'Add');
    for (const hook of ['pre-commit', 'post-checkout', 'post-index-change'])
      symlinkSync(program, join(bench.root, 'outer/.git/modules/sub/hooks', hook));
    bench.write('outer/sub/s.txt', 'S\n');
    bench.write('outer/o.txt', 'O\n');
    const done = await bench.run(commit, { cwd: 'outer', message: 'x', addAll: true });
    expect(done.summary.changes).toBe(1);
    expect((await bench.run(status, { cwd: 'outer' })).clean).toBe(true);
    bench.sh('outer/sub', 'config', 'filter.evil.clean', program);
    expect(await codeOf(bench.run(status, { cwd: 'outer' }))).toBe('git.unsafe_config');
    expect(existsSync(proof)).toBe(false);
  });

  it('does not let its own hooks run', async () => {
    for (const hook of [
      'pre-commit',
      'commit-msg',
      'post-commit',
      'post-checkout',
      'post-index-change',
      'pre-push',
    ])
      symlinkSync(program, join(bench.root, '.git/hooks', hook));
    await everything();
    expect(existsSync(proof)).toBe(false);
  });
});

describe('where a repository lies', () => {
  it('is looked for inside the workspace only', async () => {
    rmSync(join(bench.root, '.git'), { recursive: true });
    expect(await codeOf(bench.run(status, {}))).toBe('git.not_a_repository');
    renameSync(join(bench.root, 'a.txt'), join(bench.folder, 'a.txt'));
    bench.sh('..', 'init', '--quiet');
    expect(await codeOf(bench.run(status, {}))).toBe('git.outside_workspace');
  });

  it('must not be told by a file or link that leads out of the workspace', async () => {
    renameSync(join(bench.root, '.git'), join(bench.folder, 'stolen'));
    writeFileSync(join(bench.root, '.git'), `gitdir: ${bench.folder}/stolen\n`);
    expect(await codeOf(bench.run(status, {}))).toBe('git.outside_workspace');
    rmSync(join(bench.root, '.git'));
    symlinkSync(join(bench.folder, 'stolen'), join(bench.root, '.git'));
    expect(await codeOf(bench.run(status, {}))).toBe('git.outside_workspace');
  });

  it('must not have its working tree, its common folder or its objects elsewhere', async () => {
    bench.sh('.', 'config', 'core.worktree', bench.folder);
    expect(await codeOf(bench.run(status, {}))).toBe('git.outside_workspace');
    bench.sh('.', 'config', '--unset', 'core.worktree');
    writeFileSync(join(bench.root, '.git/objects/info/alternates'), '../../../elsewhere/objects\n');
    expect(await codeOf(bench.run(status, {}))).toBe('git.outside_workspace');
    rmSync(join(bench.root, '.git/objects/info/alternates'));
    renameSync(join(bench.root, '.git/objects'), join(bench.folder, 'objects'));
    symlinkSync(join(bench.folder, 'objects'), join(bench.root, '.git/objects'));
    expect(await codeOf(bench.run(status, {}))).toBe('git.outside_workspace');
  });

  it('is refused where it belongs to git or leads out by its path', async () => {
    expect(await codeOf(bench.run(status, { cwd: '.git' }))).toBe('file.protected');
    expect(await codeOf(bench.run(status, { cwd: '..' }))).toBe('file.outside_workspace');
    expect(await codeOf(bench.run(status, { cwd: 'a.txt' }))).toBe('file.not_a_folder');
    expect(await codeOf(bench.run(add, { files: ['../x'] }))).toBe('file.outside_workspace');
    expect(await codeOf(bench.run(clone, { url: '.', path: '.git/x' }))).toBe('file.protected');
    mkdirSync(join(bench.root, 'bare.git'));
    bench.sh('bare.git', 'init', '--quiet', '--bare');
    expect(await codeOf(bench.run(log, { cwd: 'bare.git/refs' }))).toBe('file.protected');
  });

  it('may belong to another user of the machine', async () => {
    // Git would refuse it: safe.directory says that the operator chose the workspace.
    if (process.getuid?.() !== 0) return;
    chownSync(bench.root, 12_345, 12_345);
    expect(await codeOf(bench.run(status, {}))).toBeUndefined();
  });
});

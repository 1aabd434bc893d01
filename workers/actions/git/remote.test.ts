import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, type GitBench, gitServer, listen, makeGitBench } from './_fixture.ts';
import checkout from './checkout.ts';
import clone from './clone.ts';
import commit from './commit.ts';
import fetch from './fetch.ts';
import pull from './pull.ts';
import push from './push.ts';
import status from './status.ts';

let bench: GitBench;
beforeEach(() => {
  bench = makeGitBench();
  bench.repository('seed', { 'a.txt': 'one\n' });
  bench.sh('.', 'clone', '--quiet', '--bare', 'seed', 'remote.git');
  bench.sh('.', 'clone', '--quiet', join(bench.root, 'remote.git'), 'work');
  bench.sh('.', 'clone', '--quiet', join(bench.root, 'remote.git'), 'other');
});
afterEach(() => bench.clear());

const cwd = 'work';
const headOf = (folder: string, ref = 'HEAD'): string => bench.sh(folder, 'rev-parse', ref).trim();

/** Someone else pushes a commit. */
const pushOther = (files: Record<string, string>): void => {
  bench.commit('other', 'Theirs', files);
  bench.sh('other', 'push', '--quiet', 'origin', 'HEAD');
};

describe('git.push', () => {
  it('sends a branch and tags, and does nothing the second time', async () => {
    bench.commit(cwd, 'Mine', { 'b.txt': 'x' });
    bench.sh(cwd, 'tag', 'v1');
    const input = { cwd, to: 'feature', tags: ['v1'], setUpstream: true };
    const created = [
      { ref: 'refs/heads/feature', result: 'created' },
      { ref: 'refs/tags/v1', result: 'created' },
    ];
    expect((await bench.run(push, input)).pushed).toEqual(created);
    expect(headOf('remote.git', 'feature')).toBe(headOf(cwd));
    expect((await bench.run(status, { cwd })).upstream).toBe('origin/feature');
    expect((await bench.run(push, input)).pushed).toMatchObject([
      { result: 'unchanged' },
      { result: 'unchanged' },
    ]);
  });

  it('does not replace what others pushed, not even with force if it was never fetched', async () => {
    pushOther({ 'b.txt': 'theirs' });
    bench.commit(cwd, 'Mine', { 'c.txt': 'mine' });
    expect(await codeOf(bench.run(push, { cwd }))).toBe('git.rejected');
    expect(await codeOf(bench.run(push, { cwd, force: true }))).toBe('git.rejected');
    await bench.run(fetch, { cwd });
    expect((await bench.run(push, { cwd, force: true })).pushed).toMatchObject([{ result: 'forced' }]);
  });

  it('names remotes and branches that do not exist', async () => {
    await expect(bench.run(push, { cwd, remote: 'upstream' })).rejects.toMatchObject({
      code: 'git.unknown_remote',
      fix: 'It has: origin.',
    });
    expect(await codeOf(bench.run(push, { cwd, branch: 'none' }))).toBe('git.unknown_revision');
    bench.sh(cwd, 'checkout', '--quiet', '--detach');
    expect(await codeOf(bench.run(push, { cwd }))).toBe('git.no_branch');
  });
});

describe('git.fetch and git.pull', () => {
  it('fetches what is new and forgets what is gone', async () => {
    bench.sh('remote.git', 'branch', 'gone', 'main');
    expect((await bench.run(fetch, { cwd })).updated).toMatchObject([
      { ref: 'refs/remotes/origin/gone', from: null },
    ]);
    bench.sh('remote.git', 'branch', '-D', 'gone');
    pushOther({ 'b.txt': 'x' });
    const { updated } = await bench.run(fetch, { cwd, prune: true });
    expect(updated).toEqual([
      { ref: 'refs/remotes/origin/gone', from: headOf(cwd), to: null },
      { ref: 'refs/remotes/origin/main', from: headOf(cwd), to: headOf('other') },
    ]);
    expect(await codeOf(bench.run(fetch, { cwd, branch: 'none' }))).toBe('git.unknown_revision');
  });

  it('pulls ahead, merges, and tells conflicts', async () => {
    pushOther({ 'b.txt': 'x' });
    expect(await bench.run(pull, { cwd })).toMatchObject({
      merged: true,
      changed: true,
      to: headOf('other'),
    });
    expect(await bench.run(pull, { cwd })).toMatchObject({ merged: true, changed: false });
    pushOther({ 'b.txt': 'theirs' });
    bench.commit(cwd, 'Mine', { 'c.txt': 'mine' });
    expect(await codeOf(bench.run(pull, { cwd, fastForward: 'only' }))).toBe('git.not_fast_forward');
    expect(await bench.run(pull, { cwd })).toMatchObject({ merged: true, changed: true });
    expect(bench.sh(cwd, 'log', '-1', '--format=%s').trim()).toBe("Merge branch 'main' of origin");
    pushOther({ 'a.txt': 'theirs' });
    bench.commit(cwd, 'Mine', { 'a.txt': 'mine' });
    expect(await bench.run(pull, { cwd })).toMatchObject({
      merged: false,
      conflicts: [{ path: 'a.txt', reason: 'both modified' }],
    });
    expect((await bench.run(status, { cwd })).clean).toBe(true);
  });

  it('checks out a branch that only the remote has', async () => {
    bench.sh('remote.git', 'branch', 'release', 'main');
    await bench.run(fetch, { cwd });
    expect(await bench.run(checkout, { cwd, revision: 'release' })).toMatchObject({
      branch: 'release',
      created: true,
    });
    expect((await bench.run(status, { cwd })).upstream).toBe('origin/release');
  });
});

describe('git.clone', () => {
  it('clones a branch into a new folder', async () => {
    bench.sh('remote.git', 'branch', 'release', 'main');
    const done = await bench.run(clone, { url: 'remote.git', path: 'deep/copy', branch: 'release' });
    expect(done).toEqual({ path: 'deep/copy', branch: 'release', commit: headOf('seed') });
    expect(readFileSync(join(bench.root, 'deep/copy/a.txt'), 'utf8')).toBe('one\n');
    expect((await bench.run(status, { cwd: 'deep/copy' })).clean).toBe(true);
    expect(readdirSync(join(bench.root, 'deep'))).toEqual(['copy']);
  });

  it('takes an empty repository and an empty folder, and not one that holds something', async () => {
    mkdirSync(join(bench.root, 'empty'));
    bench.sh('empty', 'init', '--quiet', '--bare');
    mkdirSync(join(bench.root, 'there'));
    expect(await bench.run(clone, { url: 'empty', path: 'there' })).toMatchObject({
      path: 'there',
      commit: null,
    });
    expect(await codeOf(bench.run(clone, { url: 'remote.git', path: 'seed' }))).toBe('git.exists');
    expect(await codeOf(bench.run(clone, { url: 'remote.git', path: 'x', branch: 'none' }))).toBe(
      'git.unknown_revision',
    );
    expect(readdirSync(bench.root).sort()).toEqual(['empty', 'other', 'remote.git', 'seed', 'there', 'work']);
  });

  it('takes a clone of the attempt before for its own, but not what is in its place', async () => {
    const input = { url: 'remote.git', path: 'copy' };
    const first = await bench.run(clone, input);
    expect(await codeOf(bench.run(clone, input))).toBe('git.exists');
    expect(await bench.run(clone, input, { attempt: 2 })).toEqual(first);
    expect(await codeOf(bench.run(clone, { ...input, path: 'seed' }, { attempt: 2 }))).toBe('git.exists');
  });
});

describe('a remote over HTTP', () => {
  const token = 'canary-token-93c1';
  let server: Server;
  let host: string;
  let seen: string[];
  beforeEach(async () => {
    seen = [];
    bench.sh('remote.git', 'config', 'http.receivepack', 'true');
    server = gitServer(bench.root, token, seen);
    host = await listen(server);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  const network = () => ({ network: { allow: [host] } });
  const everything = (folder: string): string =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n');

  it('clones, fetches and pushes with a token that is stored nowhere', async () => {
    const input = { url: `http://${host}/remote.git`, path: 'copy', token };
    await bench.run(clone, input, network());
    bench.write('copy/b.txt', 'x');
    await bench.run(commit, { cwd: 'copy', message: 'Mine', addAll: true });
    await bench.run(push, { cwd: 'copy', token }, network());
    pushOtherBranch();
    await bench.run(fetch, { cwd: 'copy', token }, network());
    expect(headOf('remote.git', 'main')).toBe(headOf('copy'));
    expect(headOf('copy', 'origin/theirs')).toBe(headOf('other'));
    const stored = everything(join(bench.root, 'copy/.git'));
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    expect(stored).toContain(`http://${host}/remote.git`);
    expect([token, basic].filter((secret) => stored.includes(secret))).toEqual([]);
    expect(seen).toContain(`Basic ${basic}`);
  });

  const pushOtherBranch = (): void => {
    bench.commit('other', 'Theirs', { 't.txt': 't' });
    bench.sh('other', 'push', '--quiet', 'origin', 'HEAD:theirs');
  };

  it('says that credentials are missing or wrong, without showing them', async () => {
    const url = `http://${host}/remote.git`;
    expect(await codeOf(bench.run(clone, { url, path: 'copy' }, network()))).toBe('git.authentication');
    const wrong = await bench
      .run(clone, { url, path: 'copy', token: 'wrong-token-5512' }, network())
      .catch((thrown: object) => JSON.stringify({ ...thrown, message: String(thrown) }));
    expect(wrong).toContain('git.authentication');
    expect(wrong).not.toContain('wrong-token-5512');
    expect(
      await codeOf(bench.run(clone, { url: `http://${host}/none.git`, path: 'x', token }, network())),
    ).toBe('git.unknown_remote');
  });

  it('is refused unless its address is allowed', async () => {
    const url = `http://${host}/remote.git`;
    expect(await codeOf(bench.run(clone, { url, path: 'copy', token }))).toBe('git.bad_remote');
    const port = Number(host.split(':')[1]);
    const own = { network: { allow: ['*'], ownPorts: [port] } };
    expect(await codeOf(bench.run(clone, { url, path: 'copy', token }, own))).toBe('http.address_refused');
    const secure = url.replace('http:', 'https:');
    expect(await codeOf(bench.run(clone, { url: secure, path: 'copy', token }))).toBe('http.address_refused');
    bench.sh('work', 'remote', 'set-url', 'origin', url);
    expect(await codeOf(bench.run(fetch, { cwd }))).toBe('git.bad_remote');
    expect(seen).toEqual([]);
  });

  it('reaches the address that was checked, whatever the name means by then', async () => {
    const port = host.split(':')[1];
    const lookup = ((_name: string, _options: object, done: (e: null, found: object[]) => void) =>
      done(null, [{ address: '127.0.0.1', family: 4 }])) as never;
    const name = `git.example.invalid:${port}`;
    const done = await bench.run(
      clone,
      { url: `http://${name}/remote.git`, path: 'copy', token },
      { network: { allow: [name], lookup } },
    );
    expect(done.commit).toBe(headOf('seed'));
  });

  it('is tried again when nobody answers', async () => {
    await new Promise((done) => server.close(done));
    const url = `http://${host}/remote.git`;
    expect(await codeOf(bench.run(clone, { url, path: 'copy', token }, network()))).toBe('git.network');
  });
});

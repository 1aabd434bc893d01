import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, type GitBench, makeGitBench } from './_fixture.ts';
import add from './add.ts';
import commit from './commit.ts';
import diff from './diff.ts';
import log from './log.ts';
import merge from './merge.ts';
import status from './status.ts';

let bench: GitBench;
beforeEach(() => {
  bench = makeGitBench();
  bench.repository('.', { 'a.txt': 'one\n', 'dir/b.txt': 'two\n', 'c.txt': 'three\n' });
});
afterEach(() => bench.clear());

const head = (): string => bench.sh('.', 'rev-parse', 'HEAD').trim();
const subjects = (): string[] => bench.sh('.', 'log', '--format=%s').trim().split('\n');

describe('git.status', () => {
  it('tells staged, changed, untracked and renamed files apart', async () => {
    bench.write('a.txt', 'changed\n');
    bench.sh('.', 'mv', 'c.txt', 'new name é.txt');
    bench.write('x y.txt', 'new');
    expect(await bench.run(status, {})).toEqual({
      branch: 'main',
      commit: head(),
      upstream: null,
      ahead: 0,
      behind: 0,
      clean: false,
      staged: [{ path: 'new name é.txt', status: 'renamed', from: 'c.txt' }],
      unstaged: [{ path: 'a.txt', status: 'modified' }],
      untracked: ['x y.txt'],
      conflicts: [],
    });
  });

  it('knows a repository without commits, and one without a branch', async () => {
    mkdirSync(join(bench.root, 'empty'));
    bench.sh('empty', 'init', '--quiet', '--initial-branch=trunk');
    expect(await bench.run(status, { cwd: 'empty' })).toMatchObject({
      branch: 'trunk',
      commit: null,
      clean: true,
    });
    bench.sh('.', 'checkout', '--quiet', '--detach');
    expect(await bench.run(status, {})).toMatchObject({ branch: null, commit: head() });
  });
});

describe('git.log', () => {
  it('lists commits with author, body and files, the latest first', async () => {
    bench.commit('.', 'Second\n\nwith "a body"\nof two lines', { 'd é.txt': 'four', 'a.txt': 'five' });
    bench.commit('.', 'Third, empty', {});
    const { commits, count } = await bench.run(log, { files: true });
    expect(count).toBe(3);
    expect(commits).toMatchObject([
      { message: 'Third, empty', files: [] },
      {
        message: 'Second',
        body: 'with "a body"\nof two lines',
        author: { name: 'Ann', email: 'ann@example.org' },
        files: ['a.txt', 'd é.txt'],
      },
      { message: 'Begin', body: '', files: ['a.txt', 'c.txt', 'dir/b.txt'] },
    ]);
    expect(Date.parse(commits[0]?.date ?? '')).not.toBeNaN();
  });

  it('filters by time, author, path and number', async () => {
    bench.commit('.', 'Second', { 'dir/b.txt': 'x' });
    const messages = async (input: Record<string, unknown>) =>
      (await bench.run(log, input as never)).commits.map(({ message }) => message);
    expect(await messages({ since: '1 day ago' })).toEqual(['Second', 'Begin']);
    expect(await messages({ until: '1 day ago' })).toEqual([]);
    expect(await messages({ author: 'ann@example' })).toEqual(['Second', 'Begin']);
    expect(await messages({ author: 'a.*n' })).toEqual([]);
    expect(await messages({ path: 'dir' })).toEqual(['Second', 'Begin']);
    expect(await messages({ path: 'a.txt' })).toEqual(['Begin']);
    expect(await messages({ revision: 'HEAD~1..HEAD' })).toEqual(['Second']);
    expect(await bench.run(log, { limit: 1 })).toMatchObject({ count: 1, truncated: true });
  });

  it('is empty before the first commit, and refuses what does not exist', async () => {
    mkdirSync(join(bench.root, 'empty'));
    bench.sh('empty', 'init', '--quiet');
    expect(await bench.run(log, { cwd: 'empty' })).toEqual({ commits: [], count: 0, truncated: false });
    expect(await codeOf(bench.run(log, { revision: 'nowhere' }))).toBe('git.unknown_revision');
  });
});

describe('git.diff', () => {
  it('gives files with their numbers, and a patch', async () => {
    bench.write('a.txt', 'one\nmore\n');
    rmSync(join(bench.root, 'c.txt'));
    writeFileSync(join(bench.root, 'dir/b.txt'), Buffer.from([0, 1, 2, 0]));
    const { files, additions, deletions, text, truncated } = await bench.run(diff, {});
    expect(files).toEqual([
      { path: 'a.txt', status: 'modified', additions: 1, deletions: 0, binary: false },
      { path: 'c.txt', status: 'deleted', additions: 0, deletions: 1, binary: false },
      { path: 'dir/b.txt', status: 'modified', additions: 0, deletions: 0, binary: true },
    ]);
    expect({ additions, deletions, truncated }).toEqual({ additions: 1, deletions: 1, truncated: false });
    expect(text).toContain('--- a/a.txt\n+++ b/a.txt\n@@ -1 +1,2 @@\n one\n+more\n');
  });

  it('compares revisions and what is staged, follows renames, and can be limited to paths', async () => {
    bench.sh('.', 'mv', 'c.txt', 'd.txt');
    expect((await bench.run(diff, {})).files).toEqual([]);
    const renamed = {
      path: 'd.txt',
      from: 'c.txt',
      status: 'renamed',
      additions: 0,
      deletions: 0,
      binary: false,
    };
    expect((await bench.run(diff, { staged: true })).files).toEqual([renamed]);
    bench.commit('.', 'Second', { 'a.txt': 'x\n' });
    expect((await bench.run(diff, { from: 'HEAD~1', to: 'HEAD' })).files).toMatchObject([
      { path: 'a.txt' },
      renamed,
    ]);
    expect((await bench.run(diff, { from: 'HEAD~1', to: 'HEAD', paths: ['a.txt'] })).files).toHaveLength(1);
    expect(await codeOf(bench.run(diff, { to: 'HEAD' }))).toBe('action.invalid_input');
  });

  it('keeps only so much of a long patch', async () => {
    bench.write('a.txt', 'x'.repeat(3_000_000));
    const { text, truncated, files } = await bench.run(diff, { maxBytes: 1_000 });
    expect({ length: text.length, truncated, files: files.length }).toEqual({
      length: 1_000,
      truncated: true,
      files: 1,
    });
  });
});

describe('git.add and git.commit', () => {
  it('commits the files named and only those, new and deleted ones too', async () => {
    bench.write('a.txt', 'x\n');
    bench.write('new [1].txt', 'x\n');
    bench.write('other.txt', 'x\n');
    rmSync(join(bench.root, 'c.txt'));
    bench.sh('.', 'add', 'other.txt');
    const done = await bench.run(commit, {
      message: '# One\n\nBody',
      files: ['a.txt', 'new [1].txt', 'c.txt'],
    });
    expect(done).toEqual({
      hash: head(),
      branch: 'main',
      summary: { changes: 3, insertions: 2, deletions: 2 },
    });
    expect(bench.sh('.', 'log', '-1', '--format=%an <%ae> %B')).toBe(
      'ACAS Runner <runner@localhost> # One\n\nBody\n\n',
    );
    expect(bench.sh('.', 'status', '--porcelain')).toBe('A  other.txt\n');
  });

  it('commits what is staged, or everything with addAll', async () => {
    bench.write('a.txt', 'x\n');
    bench.write('b.txt', 'x\n');
    expect(await bench.run(add, { files: ['a.txt'] })).toEqual({ staged: ['a.txt'] });
    expect((await bench.run(commit, { message: 'Staged' })).summary.changes).toBe(1);
    expect((await bench.run(commit, { message: 'All', addAll: true })).summary.changes).toBe(1);
    expect(bench.sh('.', 'status', '--porcelain')).toBe('');
  });

  it('takes an author, and the user of the repository before its own', async () => {
    bench.sh('.', 'config', 'user.name', 'Bob');
    bench.sh('.', 'config', 'user.email', 'bob@example.org');
    const author = { name: 'Zoë "Z" Q', email: 'zoe@example.org' };
    await bench.run(commit, { message: 'x', allowEmpty: true, author });
    expect(bench.sh('.', 'log', '-1', '--format=%an %ae %cn %ce').trim()).toBe(
      'Zoë "Z" Q zoe@example.org Bob bob@example.org',
    );
  });

  it('says when there is nothing to commit, and which file there is not', async () => {
    expect(await codeOf(bench.run(commit, { message: 'x' }))).toBe('git.nothing_to_commit');
    expect(await codeOf(bench.run(commit, { message: 'x', files: ['a.txt'] }))).toBe('git.nothing_to_commit');
    bench.write('new.txt', 'x');
    expect(await codeOf(bench.run(commit, { message: 'x' }))).toBe('git.nothing_to_commit');
    expect(await codeOf(bench.run(commit, { message: 'x', files: ['none.txt'] }))).toBe('git.unknown_path');
    bench.write('.gitignore', 'ignored');
    bench.write('ignored', 'x');
    expect(await codeOf(bench.run(commit, { message: 'x', files: ['ignored'] }))).toBe('git.ignored_path');
    expect(subjects()).toEqual(['Begin']);
  });

  it('takes paths as they are called, not as patterns', async () => {
    bench.write('*.txt', 'star');
    bench.write('a.txt', 'changed');
    await bench.run(commit, { message: 'Star', files: ['*.txt'] });
    expect(bench.sh('.', 'show', '--format=', '--name-only').trim()).toBe('*.txt');
    expect(await codeOf(bench.run(add, { files: [':(exclude)a.txt'] }))).toBe('git.unknown_path');
  });

  it('makes the first commit of a repository, and one in a folder below', async () => {
    bench.write('fresh/sub/x.txt', 'x\n');
    bench.sh('fresh', 'init', '--quiet', '--initial-branch=main');
    const done = await bench.run(commit, { cwd: 'fresh/sub', message: 'First', files: ['x.txt'] });
    expect(done).toMatchObject({ branch: 'main', summary: { changes: 1, insertions: 1 } });
  });

  it('does not commit again what an attempt before has committed', async () => {
    bench.write('a.txt', 'x\n');
    const first = await bench.run(commit, { message: 'Once', addAll: true });
    bench.write('a.txt', 'y\n');
    expect(await bench.run(commit, { message: 'Once', addAll: true }, { attempt: 2 })).toEqual(first);
    expect(subjects()).toEqual(['Once', 'Begin']);
    const other = await bench.run(
      commit,
      { message: 'Twice', addAll: true },
      { attempt: 2, idempotencyKey: 'e/other' },
    );
    expect(other.hash).not.toBe(first.hash);
  });

  it('commits again if what an attempt before has committed is gone', async () => {
    bench.write('a.txt', 'x\n');
    await bench.run(commit, { message: 'Once', addAll: true });
    bench.sh('.', 'reset', '--quiet', '--soft', 'HEAD~1');
    await bench.run(commit, { message: 'Once', addAll: true }, { attempt: 2 });
    expect(subjects()).toEqual(['Once', 'Begin']);
  });

  it('leaves the data directory of the runner out', async () => {
    bench.write('data/secrets.db', 'secret');
    bench.write('b.txt', 'x');
    const home = join(bench.root, 'data');
    await bench.run(commit, { message: 'All', addAll: true }, { home });
    await bench.run(commit, { message: 'Folder', files: ['.'], allowEmpty: true }, { home });
    expect(bench.sh('.', 'ls-files', 'data')).toBe('');
    expect((await bench.run(status, {}, { home })).untracked).toEqual([]);
  });

  it('reports a lock that another process holds, as something to wait for', async () => {
    writeFileSync(join(bench.root, '.git/index.lock'), '');
    await expect(bench.run(add, { addAll: true })).rejects.toMatchObject({
      code: 'git.locked',
      after: undefined,
    });
  });
});

describe('git.merge', () => {
  const diverge = (): void => {
    bench.sh('.', 'checkout', '--quiet', '-b', 'other');
    bench.commit('.', 'Theirs', { 'a.txt': 'theirs\n', 'new.txt': 'theirs\n' });
    bench.sh('.', 'rm', '--quiet', 'c.txt');
    bench.commit('.', 'Remove', {});
    bench.sh('.', 'checkout', '--quiet', 'main');
    bench.commit('.', 'Ours', { 'a.txt': 'ours\n', 'c.txt': 'changed\n' });
  };

  it('moves ahead, makes a merge commit, and does nothing the second time', async () => {
    bench.sh('.', 'checkout', '--quiet', '-b', 'other');
    bench.commit('.', 'Theirs', { 'new.txt': 'x' });
    bench.sh('.', 'checkout', '--quiet', 'main');
    bench.sh('.', 'branch', 'old');
    expect(await bench.run(merge, { revision: 'other' })).toMatchObject({
      merged: true,
      changed: true,
      to: head(),
    });
    expect(await bench.run(merge, { revision: 'other' })).toMatchObject({ merged: true, changed: false });
    bench.sh('.', 'checkout', '--quiet', 'old');
    await bench.run(merge, { revision: 'other', fastForward: 'never', message: 'Joined' });
    expect(subjects()[0]).toBe('Joined');
    bench.sh('.', 'checkout', '--quiet', '-b', 'third', 'HEAD~1');
    bench.commit('.', 'Third', { 'z.txt': 'z' });
    expect(await codeOf(bench.run(merge, { revision: 'other', fastForward: 'only' }))).toBe(
      'git.not_fast_forward',
    );
    expect(await bench.run(merge, { revision: 'other', squash: true })).toMatchObject({
      merged: true,
      changed: false,
    });
    expect(bench.sh('.', 'status', '--porcelain')).toBe('A  new.txt\n');
  });

  it('tells conflicts and leaves the tree as it was', async () => {
    diverge();
    const before = head();
    expect(await bench.run(merge, { revision: 'other' })).toEqual({
      merged: false,
      changed: false,
      aborted: true,
      from: before,
      to: before,
      conflicts: [
        { path: 'a.txt', reason: 'both modified' },
        { path: 'c.txt', reason: 'deleted by them' },
      ],
    });
    expect(bench.sh('.', 'status', '--porcelain')).toBe('');
  });

  it('leaves the conflicts to be solved if asked to, and a commit ends the merge', async () => {
    diverge();
    const done = await bench.run(merge, { revision: 'other', abortOnConflict: false });
    expect(done).toMatchObject({ merged: false, aborted: false });
    expect((await bench.run(status, {})).conflicts).toHaveLength(2);
    expect(await codeOf(bench.run(merge, { revision: 'other' }))).toBe('git.unfinished_merge');
    expect(await codeOf(bench.run(commit, { message: 'x' }))).toBe('git.unfinished_merge');
    bench.write('a.txt', 'solved\n');
    await bench.run(commit, { message: 'Solved', files: ['a.txt', 'c.txt'] });
    expect(bench.sh('.', 'log', '-1', '--format=%p').trim().split(' ')).toHaveLength(2);
  });

  it('does not merge over changes that are not committed', async () => {
    diverge();
    bench.write('a.txt', 'not committed');
    expect(await codeOf(bench.run(merge, { revision: 'other' }))).toBe('git.uncommitted_changes');
    expect(await codeOf(bench.run(merge, { revision: 'nowhere' }))).toBe('git.unknown_revision');
  });
});

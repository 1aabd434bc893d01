import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, type GitBench, makeGitBench } from './_fixture.ts';
import branch from './branch.ts';
import checkout from './checkout.ts';
import commit from './commit.ts';
import merge from './merge.ts';
import tag from './tag.ts';
import worktree from './worktree.ts';

let bench: GitBench;
beforeEach(() => {
  bench = makeGitBench();
  bench.repository('.', { 'a.txt': 'one\n', 'dir/b.txt': 'two\n', 'c.txt': 'three\n' });
});
afterEach(() => bench.clear());

const head = (): string => bench.sh('.', 'rev-parse', 'HEAD').trim();
describe('git.branch, git.checkout and git.tag', () => {
  it('creates a branch once, changes to it and deletes it', async () => {
    const create = { operation: 'create', name: 'feature/x' };
    expect(await bench.run(branch, create)).toMatchObject({ changed: true, current: 'main' });
    expect(await bench.run(branch, create)).toMatchObject({ changed: false });
    expect(await bench.run(checkout, { revision: 'feature/x' })).toEqual({
      branch: 'feature/x',
      commit: head(),
      created: false,
    });
    bench.commit('.', 'More', { 'x.txt': 'x' });
    expect(await codeOf(bench.run(branch, { ...create, from: 'main' }))).toBe('git.exists');
    expect(await codeOf(bench.run(branch, { operation: 'delete', name: 'feature/x' }))).toBe(
      'git.branch_in_use',
    );
    await bench.run(checkout, { revision: 'main' });
    expect(await codeOf(bench.run(branch, { operation: 'delete', name: 'feature/x' }))).toBe(
      'git.branch_in_use',
    );
    const remove = { operation: 'delete', name: 'feature/x', force: true };
    expect(await bench.run(branch, remove)).toMatchObject({ changed: true, branches: [{ name: 'main' }] });
    expect(await bench.run(branch, remove)).toMatchObject({ changed: false });
    expect(await codeOf(bench.run(branch, { operation: 'create' }))).toBe('action.invalid_input');
  });

  it('checks out a new branch, a tag, and nothing over changes', async () => {
    expect(await bench.run(checkout, { revision: 'fresh', create: true })).toMatchObject({ created: true });
    expect(await bench.run(checkout, { revision: 'fresh', create: true })).toMatchObject({ created: false });
    bench.commit('.', 'Fresh', { 'a.txt': 'fresh\n' });
    await bench.run(tag, { operation: 'create', name: 'v1' });
    await bench.run(checkout, { revision: 'main' });
    expect(await bench.run(checkout, { revision: 'v1' })).toMatchObject({ branch: null });
    await bench.run(checkout, { revision: 'main' });
    bench.write('a.txt', 'not committed\n');
    expect(await codeOf(bench.run(checkout, { revision: 'fresh' }))).toBe('git.uncommitted_changes');
    expect(await codeOf(bench.run(checkout, { revision: 'nowhere' }))).toBe('git.unknown_revision');
    expect(await codeOf(bench.run(checkout, { revision: 'a.txt' }))).toBe('git.unknown_revision');
  });

  it('does not write over files that are ignored, nor into the data directory', async () => {
    bench.sh('.', 'checkout', '--quiet', '-b', 'hostile');
    bench.commit('.', 'Hostile', { 'local.env': 'theirs', 'data/key': 'theirs' });
    bench.sh('.', 'checkout', '--quiet', 'main');
    bench.write('.git/info/exclude', 'local.env\ndata\n');
    bench.write('local.env', 'ours');
    expect(await codeOf(bench.run(checkout, { revision: 'hostile' }))).toBe('git.uncommitted_changes');
    const home = join(bench.root, 'data');
    mkdirSync(home);
    expect(await codeOf(bench.run(checkout, { revision: 'hostile' }, { home }))).toBe('file.protected');
    expect(await codeOf(bench.run(merge, { revision: 'hostile' }, { home }))).toBe('file.protected');
    expect(existsSync(join(home, 'key'))).toBe(false);
  });

  it('makes tags with and without a message, and deletes them', async () => {
    await bench.run(tag, { operation: 'create', name: 'v1.10' });
    const create = { operation: 'create', name: 'v1.9', message: 'Nine\n\nBody' };
    const { tags } = await bench.run(tag, create);
    expect(tags).toEqual([
      { name: 'v1.9', hash: head(), message: 'Nine' },
      { name: 'v1.10', hash: head(), message: null },
    ]);
    expect(await bench.run(tag, create)).toMatchObject({ changed: false });
    bench.commit('.', 'More', {});
    expect(await codeOf(bench.run(tag, create))).toBe('git.exists');
    expect(await bench.run(tag, { operation: 'delete', name: 'v1.9' })).toMatchObject({ changed: true });
    expect((await bench.run(tag, {})).tags).toHaveLength(1);
  });
});

describe('git.worktree', () => {
  it('adds a worktree that the other actions work in, and removes it', async () => {
    const add = { operation: 'add', path: 'trees/review', branch: 'review' };
    await bench.run(worktree, add);
    bench.write('trees/review/a.txt', 'reviewed\n');
    const done = await bench.run(commit, { cwd: 'trees/review', message: 'Review', files: ['a.txt'] });
    expect(done.branch).toBe('review');
    const remove = { operation: 'remove', path: 'trees/review' };
    bench.write('trees/review/a.txt', 'more\n');
    expect(await codeOf(bench.run(worktree, remove))).toBe('git.uncommitted_changes');
    expect(await codeOf(bench.run(worktree, add))).toBe('git.exists');
    expect(await bench.run(worktree, add, { attempt: 2 })).toMatchObject({ changed: false });
    const { worktrees } = await bench.run(worktree, { ...remove, force: true });
    expect(worktrees).toMatchObject([{ path: '.', branch: 'main' }]);
    expect(existsSync(join(bench.root, 'trees/review'))).toBe(false);
    expect(await codeOf(bench.run(worktree, remove))).toBe('git.unknown_path');
    expect(await bench.run(worktree, remove, { attempt: 2 })).toMatchObject({ changed: false });
  });

  it('stays inside the workspace, and does not show what lies outside', async () => {
    expect(await codeOf(bench.run(worktree, { operation: 'add', path: '../out' }))).toBe(
      'file.outside_workspace',
    );
    expect(await codeOf(bench.run(worktree, { operation: 'add', path: '.git/x' }))).toBe('file.protected');
    symlinkSync(bench.folder, join(bench.root, 'link'));
    expect(await codeOf(bench.run(worktree, { operation: 'add', path: 'link/x' }))).toBe(
      'file.outside_workspace',
    );
    bench.sh('.', 'worktree', 'add', '--quiet', '--detach', join(bench.folder, 'outside'));
    expect((await bench.run(worktree, {})).worktrees).toMatchObject([{ path: '.' }]);
  });
});

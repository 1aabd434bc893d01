import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Access, openWorkspace, type Workspace } from './workspace.ts';

let folder: string;
let root: string;
let workspace: Workspace;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'acas-workspace-')));
  root = join(folder, 'root');
  for (const path of ['root/src', 'root/.git/hooks', 'root/.acas', 'outside', 'root-beside'])
    mkdirSync(join(folder, path), { recursive: true });
  writeFileSync(join(root, 'src/a.txt'), 'a');
  writeFileSync(join(root, '.git/config'), '');
  writeFileSync(join(folder, 'outside/secret'), 'secret');
  workspace = openWorkspace(root, [join(root, '.acas')]);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codeOf = (path: string, access: Access): string => {
  try {
    workspace.resolve(path, access);
    return 'taken';
  } catch (thrown) {
    return String((thrown as { code?: unknown }).code);
  }
};

describe('a workspace', () => {
  it.each(['src/a.txt', './src//a.txt', 'src/../src/a.txt', 'src/nope/../a.txt'])(
    'takes %s as a path inside it',
    (path) => {
      expect(workspace.resolve(path, 'read')).toBe(join(root, 'src/a.txt'));
    },
  );

  it('takes an absolute path inside it, also where the root was given by a link', () => {
    symlinkSync(root, join(folder, 'link'));
    const linked = openWorkspace(join(folder, 'link'));
    expect(linked.resolve(join(folder, 'link/src/a.txt'), 'read')).toBe(join(root, 'src/a.txt'));
    expect(workspace.resolve(join(root, 'src/a.txt'), 'read')).toBe(join(root, 'src/a.txt'));
  });

  it('resolves a path to write of which nothing is there yet', () => {
    expect(workspace.resolve('new/deep/file', 'write')).toBe(join(root, 'new/deep/file'));
  });

  it('names paths relative to itself, with /', () => {
    expect(workspace.relative(join(root, 'src/a.txt'))).toBe('src/a.txt');
    expect(workspace.relative(root)).toBe('.');
  });

  it('takes a link that stays inside', () => {
    symlinkSync('src', join(root, 'inner'));
    expect(workspace.resolve('inner/a.txt', 'write')).toBe(join(root, 'src/a.txt'));
  });

  it('refuses to be opened where there is no folder', () => {
    expect(() => openWorkspace(join(folder, 'nowhere'))).toThrow(
      expect.objectContaining({ code: 'workspace.missing' }),
    );
  });
});

describe('paths that lead out', () => {
  it.each<Access>(['read', 'write'])('are refused to %s', (access) => {
    const given: Record<string, string> = {
      '': 'file.bad_path',
      'a\0b': 'file.bad_path',
      'src\\a.txt': 'file.bad_path',
      '..\\outside': 'file.bad_path',
      '..': 'file.outside_workspace',
      '../root-beside/x': 'file.outside_workspace',
      'src/../../outside/secret': 'file.outside_workspace',
      '/etc/passwd': 'file.outside_workspace',
      '/proc/self/environ': 'file.outside_workspace',
      [`${folder}/root-beside`]: 'file.outside_workspace',
      [`${root}/../outside/secret`]: 'file.outside_workspace',
    };
    expect(Object.fromEntries(Object.keys(given).map((path) => [path, codeOf(path, access)]))).toEqual(given);
  });

  it.each<Access>(['read', 'write'])(
    'are refused to %s through links, last or in the middle, relative or dead',
    (access) => {
      symlinkSync(join(folder, 'outside'), join(root, 'folder'));
      symlinkSync('../outside/secret', join(root, 'file'));
      symlinkSync(join(folder, 'outside/missing'), join(root, 'dead'));
      symlinkSync('loop', join(root, 'loop'));
      for (const path of ['folder', 'folder/secret', 'folder/new', 'file', 'dead', 'dead/x'])
        expect([path, codeOf(path, access)]).toEqual([path, 'file.outside_workspace']);
      expect(codeOf('loop', access)).toBe('ELOOP');
    },
  );
});

describe('protected places', () => {
  it.each(['.acas', '.acas/acas.db', '.ssh/id_ed25519', 'home/.gnupg/key'])('%s is not even read', (path) => {
    expect([codeOf(path, 'read'), codeOf(path, 'write')]).toEqual(['file.protected', 'file.protected']);
  });

  it.each([
    '.git',
    '.git/hooks/pre-commit',
    '.GIT/config',
    '.git./config',
    'vendor/x/.git/config',
    '.husky/pre-push',
    '.bashrc',
    'home/.zshrc',
    '.profile',
  ])('%s is not written', (path) => {
    expect(codeOf(path, 'write')).toBe('file.protected');
  });

  it('are recognised behind a link', () => {
    symlinkSync('.git', join(root, 'innocent'));
    expect(codeOf('innocent/hooks/x', 'write')).toBe('file.protected');
  });

  it('include the hooks of a bare repository, and no other folder of that name', () => {
    for (const path of ['bare.git/objects', 'bare.git/refs', 'src/hooks'])
      mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, 'bare.git/HEAD'), '');
    expect(codeOf('bare.git/hooks/update', 'write')).toBe('file.protected');
    expect(codeOf('src/hooks/use-a.ts', 'write')).toBe('taken');
  });
});

describe('a held place', () => {
  it('stays the folder it was when a link is put in its place', async () => {
    await workspace.at('src/new.txt', 'write', ({ handle }) => {
      renameSync(join(root, 'src'), join(root, 'moved'));
      symlinkSync(join(folder, 'outside'), join(root, 'src'));
      writeFileSync(handle, 'kept inside');
    });
    expect(readFileSync(join(root, 'moved/new.txt'), 'utf8')).toBe('kept inside');
    expect(existsSync(join(folder, 'outside/new.txt'))).toBe(false);
  });

  it('never leads out, however often a folder and a link change places', async () => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    const swapping = `const fs = require('fs'); const [root, out] = process.argv.slice(1);
      const end = Date.now() + 1500;
      while (Date.now() < end) {
        fs.renameSync(root + '/a', root + '/kept'); fs.symlinkSync(out, root + '/a');
        fs.unlinkSync(root + '/a'); fs.renameSync(root + '/kept', root + '/a');
      }`;
    const { spawn } = await import('node:child_process');
    mkdirSync(join(folder, 'outside/b'));
    const child = spawn(process.execPath, ['-e', swapping, root, join(folder, 'outside')], { env: {} });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    let isOver = false;
    void ended.then(() => {
      isOver = true;
    });
    const seen = new Set<string>();
    for (let n = 0; !isOver; n++) {
      await workspace
        .at(`a/b/${n % 50}.txt`, 'write', ({ handle }) => writeFileSync(handle, 'x'))
        .then(
          () => seen.add('written'),
          (thrown) => seen.add(String(thrown.code)),
        );
      if (n % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).toBe(0);
    expect(seen).toContain('written');
    expect(execFileSync('find', [join(folder, 'outside'), '-name', '*.txt'], { encoding: 'utf8' })).toBe('');
  });

  it('makes missing folders, but none behind a link', async () => {
    symlinkSync(join(folder, 'outside'), join(root, 'out'));
    await workspace.at('x/y/z.txt', 'write', ({ handle }) => writeFileSync(handle, 'z'), {
      createFolders: true,
    });
    expect(readFileSync(join(root, 'x/y/z.txt'), 'utf8')).toBe('z');
    await expect(
      workspace.at('out/y/z.txt', 'write', () => undefined, { createFolders: true }),
    ).rejects.toMatchObject({ code: 'file.outside_workspace' });
    expect(existsSync(join(folder, 'outside/y'))).toBe(false);
  });

  it('names the path as it was given in errors of the system', async () => {
    await expect(
      workspace.at('src/nope.txt', 'read', ({ handle }) => readFileSync(handle)),
    ).rejects.toMatchObject({ code: 'ENOENT', path: 'src/nope.txt' });
    await expect(workspace.at('nope/x', 'read', () => undefined)).rejects.toMatchObject({
      code: 'ENOENT',
      path: 'nope/x',
    });
  });
});

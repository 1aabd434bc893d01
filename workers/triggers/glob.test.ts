import { describe, expect, it } from '@jest/globals';
import { type FileChangeConfig, fileChangeConfig } from '#shared/triggers/file-change.ts';
import { selectionOf } from './glob.ts';

const select = (config: Partial<FileChangeConfig>, left?: string[]) =>
  selectionOf(fileChangeConfig.parse({ path: '**', ...config }), left);

describe('a selection', () => {
  it('matches globs with braces and any depth', () => {
    const { matches } = select({ path: 'src/**/*.{ts,tsx}' });
    expect(['src/a.ts', 'src/x/y/b.tsx', 'src/a.js', 'lib/a.ts'].filter(matches)).toEqual([
      'src/a.ts',
      'src/x/y/b.tsx',
    ]);
  });

  it('looks only into folders that may hold matches', () => {
    const { mayHold } = select({ path: 'docs/*/img/*.png' });
    expect(
      ['', 'docs', 'docs/a', 'docs/a/img', 'src', 'docs/a/other', 'docs/a/img/deep'].filter(mayHold),
    ).toEqual(['', 'docs', 'docs/a', 'docs/a/img']);
  });

  it('takes a plain path for a file', () => {
    const { matches, mayHold } = select({ path: './notes/today.md' });
    expect(matches('notes/today.md')).toBe(true);
    expect(matches('notes/other.md')).toBe(false);
    expect(mayHold('notes')).toBe(true);
  });

  it('leaves dotfiles out unless told otherwise', () => {
    expect(select({}).matches('.env')).toBe(false);
    expect(select({}).mayHold('.git')).toBe(false);
    expect(select({ dotfiles: true }).matches('.env')).toBe(true);
  });

  it('leaves out what is ignored, by path or by name, with all that is in it', () => {
    const { matches, mayHold } = select({ ignored: ['build/**', '*.tmp', 'cache', 'one/*'] });
    expect(['build/a', 'x/y.tmp', 'a/cache/b', 'one/a', 'kept.txt'].filter(matches)).toEqual(['kept.txt']);
    expect(['build', 'a/cache', 'a'].filter(mayHold)).toEqual(['a']);
  });

  it('still looks into a folder of which only some files are ignored', () => {
    const { matches, mayHold } = select({ ignored: ['src/*.js'] });
    expect(mayHold('src')).toBe(true);
    expect(mayHold('src/deep')).toBe(true);
    expect(matches('src/a.js')).toBe(false);
    expect(matches('src/deep/a.js')).toBe(true);
  });

  it('needs the second pattern to match too', () => {
    const { matches } = select({ path: 'src/**', pattern: '*.md' });
    expect(['src/a.md', 'src/b/c.md', 'src/a.ts'].filter(matches)).toEqual(['src/a.md', 'src/b/c.md']);
  });

  it('leaves node_modules out unless the glob names it', () => {
    expect(select({}).mayHold('node_modules')).toBe(false);
    expect(select({ path: 'node_modules/mine/**' }).matches('node_modules/mine/a.js')).toBe(true);
  });

  it('never looks into the folders of the runner itself', () => {
    const { matches, mayHold } = select({ dotfiles: true }, ['.acas']);
    expect(mayHold('.acas')).toBe(false);
    expect(matches('.acas/acas.db')).toBe(false);
  });

  it.each(['/etc/*', '../secrets/**', 'a/../../b', 'C:/x'])(
    'refuses %s, which leads out of the workspace',
    (path) => {
      expect(() => select({ path })).toThrow(expect.objectContaining({ code: 'trigger.outside_workspace' }));
    },
  );

  it('takes a leading exclamation mark for part of a name', () => {
    expect(select({ path: '!important/*.md' }).matches('!important/a.md')).toBe(true);
    expect(select({ path: '!important/*.md' }).matches('other/a.md')).toBe(false);
  });
});

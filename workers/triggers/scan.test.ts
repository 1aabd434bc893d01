import {
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type FileChangeConfig, fileChangeConfig } from '#shared/triggers/file-change.ts';
import { selectionOf } from './glob.ts';
import { inParallel } from './in-parallel.ts';
import { scan } from './scan.ts';
import { factsOf } from './version.ts';

let root: string;
let outside: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'acas-scan-')));
  outside = realpathSync(mkdtempSync(join(tmpdir(), 'acas-outside-')));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
  rmSync(outside, { recursive: true, force: true });
});

const seen = (config: Partial<FileChangeConfig> = {}) =>
  scan(root, selectionOf(fileChangeConfig.parse({ path: '**', ...config })));
const paths = async (config?: Partial<FileChangeConfig>): Promise<string[]> =>
  [...(await seen(config)).versions.keys()].sort();

describe('a scan', () => {
  it('finds the selected files at any depth', async () => {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    for (const name of ['x.md', 'a/y.md', 'a/b/z.md', 'a/b/z.txt']) writeFileSync(join(root, name), name);
    expect(await paths({ path: '**/*.md' })).toEqual(['a/b/z.md', 'a/y.md', 'x.md']);
  });

  it('finds nothing where the folder is not there yet', async () => {
    expect(await paths({ path: 'inbox/**' })).toEqual([]);
  });

  it('does not take files for deleted because the whole workspace is away', async () => {
    renameSync(root, `${root}-away`);
    await expect(seen()).rejects.toThrow(expect.objectContaining({ code: 'workspace.missing' }));
    renameSync(`${root}-away`, root);
  });

  it('follows links to files inside the workspace, and none that lead out of it or to folders', async () => {
    writeFileSync(join(root, 'real.md'), 'x');
    writeFileSync(join(outside, 'secret.md'), 'x');
    symlinkSync(join(root, 'real.md'), join(root, 'inner.md'));
    symlinkSync(join(outside, 'secret.md'), join(root, 'outer.md'));
    symlinkSync(outside, join(root, 'folder'));
    symlinkSync(join(root, 'nowhere'), join(root, 'dead.md'));
    symlinkSync(root, join(root, 'loop'));
    expect(await paths()).toEqual(['inner.md', 'real.md']);
  });

  it('tells a file put in the place of another from it, even with the same size and time', async () => {
    const time = new Date('2026-01-01T00:00:00Z');
    for (const name of ['a.md', 'b.tmp']) {
      writeFileSync(join(root, name), 'same');
      utimesSync(join(root, name), time, time);
    }
    const before = (await seen({ path: '*.md' })).versions.get('a.md');
    renameSync(join(root, 'b.tmp'), join(root, 'a.md'));
    const after = (await seen({ path: '*.md' })).versions.get('a.md');
    expect(after).not.toBe(before);
    expect(factsOf(String(after))).toEqual({ size: 4, modified: '2026-01-01T00:00:00.000Z' });
  });

  it('sees exactly what was added, changed and deleted since the scan before', async () => {
    const name = fc.constantFrom('a.md', 'd/b.md', 'd/e/c.md', 'f.md');
    const deed = fc.oneof(
      fc.record({ do: fc.constant('write' as const), name, text: fc.string({ maxLength: 5 }) }),
      fc.record({ do: fc.constant('delete' as const), name }),
    );
    mkdirSync(join(root, 'd/e'), { recursive: true });
    let clock = 1_700_000_000;
    const present = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(deed, { maxLength: 6 }), async (deeds) => {
        const before = (await seen()).versions;
        const was = new Map(present);
        for (const each of deeds) {
          const file = join(root, each.name);
          if (each.do === 'delete') {
            if (present.delete(each.name)) unlinkSync(file);
          } else {
            writeFileSync(file, each.text);
            utimesSync(file, ++clock, clock);
            present.set(each.name, clock);
          }
        }
        const after = (await seen()).versions;
        expect([...after.keys()].sort()).toEqual([...present.keys()].sort());
        for (const [path, version] of after)
          expect(version === before.get(path)).toBe(was.get(path) === present.get(path));
      }),
      { numRuns: 40 },
    );
  });
});

describe('work in parallel', () => {
  it('never does more at once than it may', async () => {
    let now = 0;
    let most = 0;
    await inParallel(
      Array.from({ length: 50 }, (_, index) => index),
      8,
      async () => {
        most = Math.max(most, ++now);
        await new Promise(setImmediate);
        now--;
      },
    );
    expect(most).toBe(8);
  });

  it('ends with the first error, and begins nothing more', async () => {
    const done: number[] = [];
    const work = inParallel([1, 2, 3, 4], 1, async (item) => {
      if (item === 2) throw new Error('two');
      done.push(item);
    });
    await expect(work).rejects.toThrow('two');
    expect(done).toEqual([1]);
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Blobs, refOf } from '#shared/node/blobs/blobs.ts';
import { Ledger } from './ledger.ts';

const memoryBlobs = (): Blobs & { size: number } => {
  const kept = new Map<string, Uint8Array>();
  return {
    async put(bytes) {
      kept.set(refOf(bytes), bytes);
      return refOf(bytes);
    },
    async get(ref) {
      return kept.get(ref) ?? new Uint8Array();
    },
    get size() {
      return kept.size;
    },
  };
};

const contentOf = (ledger: Ledger): Record<string, string | undefined> =>
  Object.fromEntries([...ledger.paths()].sort().map((path) => [path, ledger.get(path)]));

const fill = (ledger: Ledger, count: number): void => {
  for (let index = 0; index < count; index++)
    ledger.set(`folder/with/a/long/name/file-${index}.md`, `1.${index}.2`);
};

describe('a ledger', () => {
  it('travels as it is while it is small', async () => {
    const blobs = memoryBlobs();
    const ledger = Ledger.empty();
    ledger.set('a.md', '1.1.1');
    await ledger.compact(blobs, 0);
    expect(ledger.snapshot()).toEqual({ changes: { 'a.md': '1.1.1' } });
    expect(blobs.size).toBe(0);
  });

  it('is stored when it is large, and travels as a reference with what has changed since', async () => {
    const blobs = memoryBlobs();
    const ledger = Ledger.empty();
    fill(ledger, 4_000);
    await ledger.compact(blobs, 0);
    ledger.set('new.md', '1.1.1');
    ledger.set('folder/with/a/long/name/file-7.md', undefined);
    const snapshot = ledger.snapshot();
    expect(snapshot).toEqual({
      base: expect.stringMatching(/^sha256-/),
      changes: { 'new.md': '1.1.1', 'folder/with/a/long/name/file-7.md': null },
    });
    expect(contentOf(await Ledger.open(snapshot, blobs))).toEqual(contentOf(ledger));
  });

  it('is stored at most every few seconds, unless it grows past what a heartbeat may hold', async () => {
    const blobs = memoryBlobs();
    const ledger = Ledger.empty();
    fill(ledger, 4_000);
    await ledger.compact(blobs, 0);
    for (let index = 0; index < 4_000; index++) ledger.set(`second/lot/of/many/files-${index}.md`, '1.2.3');
    await ledger.compact(blobs, 1_000);
    expect(blobs.size).toBe(1);
    await ledger.compact(blobs, 6_000);
    expect(blobs.size).toBe(2);
    for (let index = 0; index < 20_000; index++) ledger.set(`third/lot/of/many/files-${index}.md`, '1.2.3');
    await ledger.compact(blobs, 6_001);
    expect(blobs.size).toBe(3);
    expect(JSON.stringify(ledger.snapshot()).length).toBeLessThan(1_000);
  });

  it('is the same after any changes, storing and travelling', async () => {
    const paths = fc.constantFrom('a', 'b/c', 'd.md', '__proto__', 'é');
    const version = fc.option(fc.constantFrom('1.1.1', '2.2.2', '3.3.3'), { nil: undefined });
    const step = fc.record({ path: paths, version, travel: fc.boolean(), flood: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        const blobs = memoryBlobs();
        const model = new Map<string, string>();
        let ledger = Ledger.empty();
        for (const { path, version: next, travel, flood } of steps) {
          if (flood) fill(ledger, 2_500);
          if (flood)
            for (let index = 0; index < 2_500; index++)
              model.set(`folder/with/a/long/name/file-${index}.md`, `1.${index}.2`);
          ledger.set(path, next);
          if (next === undefined) model.delete(path);
          else model.set(path, next);
          await ledger.compact(blobs, 0);
          if (travel) ledger = await Ledger.open(JSON.parse(JSON.stringify(ledger.snapshot())), blobs);
        }
        expect([...ledger.paths()].sort()).toEqual([...model.keys()].sort());
        expect([...model].filter(([path, known]) => ledger.get(path) !== known)).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { executionIdOf, keyOf } from './event-id.ts';
import { changeOf, Settling } from './settling.ts';

describe('settling', () => {
  it('holds a change back until it has lasted', () => {
    const settling = new Settling(300);
    settling.observe('a', '1', undefined, 0);
    expect(settling.due(299)).toEqual([]);
    expect(settling.wait(100)).toBe(200);
    expect(settling.due(300)).toEqual(['a']);
  });

  it('begins anew with every version of a growing file', () => {
    const settling = new Settling(300);
    for (let now = 0; now <= 5_000; now += 100) {
      settling.observe('a', String(now), undefined, now);
      expect(settling.due(now)).toEqual([]);
    }
    expect(settling.due(5_300)).toEqual(['a']);
  });

  it('forgets a change that was taken back', () => {
    const settling = new Settling(300);
    settling.observe('a', '2', '1', 0);
    settling.observe('a', '1', '1', 100);
    expect(settling.due(1_000)).toEqual([]);
    expect(settling.wait(1_000)).toBeUndefined();
  });

  it('takes a deletion that a new file follows at once for a change', () => {
    const settling = new Settling(300);
    settling.observe('a', undefined, '1', 0);
    settling.observe('a', '2', '1', 200);
    expect(settling.due(400)).toEqual([]);
    expect(settling.due(500)).toEqual(['a']);
    expect(changeOf('a', '1', '2')?.event).toBe('change');
  });
});

describe('what changed between two versions', () => {
  it('is an addition, a change, a deletion, or nothing', () => {
    expect(changeOf('a', undefined, '2')).toEqual({ path: 'a', event: 'add', version: '2' });
    expect(changeOf('a', '1', '2')).toEqual({ path: 'a', event: 'change', version: '2' });
    expect(changeOf('a', '1', undefined)).toEqual({ path: 'a', event: 'unlink', version: '1' });
    expect(changeOf('a', undefined, undefined)).toBeUndefined();
    expect(changeOf('a', '1', '1')).toBeUndefined();
  });

  it('taken one after another turns any state into any other', () => {
    const state = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2'));
    fc.assert(
      fc.property(state, state, (before, after) => {
        const known = new Map<string, string>(Object.entries(before));
        for (const path of new Set([...Object.keys(before), ...Object.keys(after)])) {
          const change = changeOf(path, before[path], after[path]);
          if (!change) continue;
          if (change.event === 'unlink') known.delete(path);
          else known.set(path, change.version);
        }
        expect(Object.fromEntries(known)).toEqual({ ...after });
      }),
    );
  });
});

describe('the execution of a change', () => {
  const id = (path: string, event: 'add' | 'change' | 'unlink', version: string) =>
    executionIdOf('w', 't', keyOf({ path, event, version }));

  it('is the same however the version was found, and another one for all else', () => {
    expect(id('a', 'add', '1.1.1')).toBe(id('a', 'change', '1.1.1'));
    const others = [
      id('a', 'add', '1.1.1'),
      id('a', 'unlink', '1.1.1'),
      id('b', 'add', '1.1.1'),
      id('a', 'add', '1.2.1'),
      id('a', 'add', '1.1.2'),
    ];
    expect(new Set(others).size).toBe(5);
    expect(id('a', 'add', '1.1.1')).toMatch(/^w-t-[0-9a-f]{24}$/);
  });
});

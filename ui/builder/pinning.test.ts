import { describe, expect, it } from '@jest/globals';
import type { Json } from '#shared/json.ts';
import { pinnable } from './pinning.ts';

const never = (ref: string): Promise<Json> => Promise.reject(new Error(`${ref} is not to be loaded.`));

describe('an output to be pinned', () => {
  it('is itself where nothing of it is kept apart', async () => {
    const output = { rows: [1, { two: null }], text: 'as it is' };
    expect(await pinnable(output, never)).toBe(output);
  });

  it('holds what was kept apart in its place, loaded once', async () => {
    const asked: string[] = [];
    const load = async (ref: string): Promise<Json> => {
      asked.push(ref);
      return { was: ref };
    };
    const output: Json = {
      one: { $blob: 'a', bytes: 900 },
      list: [{ $blob: 'a', bytes: 900 }, { $blob: 'b' }],
      n: 1,
    };
    expect(await pinnable(output, load)).toEqual({
      one: { was: 'a' },
      list: [{ was: 'a' }, { was: 'b' }],
      n: 1,
    });
    expect(asked).toEqual(['a', 'b']);
  });

  it('is refused with its size where it is too large, unloaded where that is known', async () => {
    await expect(pinnable({ $blob: 'a', bytes: 5_000_000 }, never)).rejects.toThrow('It holds 4,883 kB');
    const load = async (): Promise<Json> => 'x'.repeat(300_000);
    await expect(pinnable({ $blob: 'a' }, load)).rejects.toThrow('256 kB at most');
  });

  it('is refused where what is kept apart cannot be loaded', async () => {
    await expect(pinnable([{ $blob: 'gone' }], never)).rejects.toThrow('gone');
  });
});

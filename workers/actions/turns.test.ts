import { describe, expect, it } from '@jest/globals';
import { Turns } from './_turns.ts';

const { signal } = new AbortController();

describe('turns', () => {
  it('let so many at once, and the others in the order they asked', async () => {
    const turns = new Turns(2);
    const begun: number[] = [];
    const asked = [0, 1, 2, 3].map((n) => turns.take(signal).then(() => begun.push(n)));
    await Promise.all(asked.slice(0, 2));
    expect(begun).toEqual([0, 1]);
    turns.give();
    await asked[2];
    expect(begun).toEqual([0, 1, 2]);
    turns.give();
    await asked[3];
    expect(begun).toEqual([0, 1, 2, 3]);
  });

  it('are not waited for by one that was called off, and go to the next', async () => {
    const turns = new Turns(1);
    await turns.take(signal);
    const off = new AbortController();
    const second = turns.take(off.signal);
    const third = turns.take(signal);
    off.abort(new Error('called off'));
    await expect(second).rejects.toThrow('called off');
    turns.give();
    await third;
    await expect(turns.take(off.signal)).rejects.toThrow('called off');
  });
});

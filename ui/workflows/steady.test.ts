import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { steady } from './steady.ts';

describe('the order of a list that is looked at', () => {
  it('keeps what moved, puts new ones in front and further pages behind', () => {
    expect(steady([], ['a', 'b'])).toEqual(['a', 'b']);
    expect(steady(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual(['a', 'b', 'c']);
    expect(steady(['a', 'b', 'c'], ['new', 'a', 'c', 'd'])).toEqual(['new', 'a', 'c', 'd']);
  });

  it('shows each item once, and moves none that was shown', () => {
    const names = fc.uniqueArray(fc.constantFrom(...'abcdefghij'));
    fc.assert(
      fc.property(names, names, (shown, ids) => {
        const order = steady(shown, ids);
        expect([...order].sort()).toEqual([...ids].sort());
        expect(order.filter((id) => shown.includes(id))).toEqual(shown.filter((id) => ids.includes(id)));
      }),
    );
  });
});

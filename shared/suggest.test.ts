import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { didYouMean, distance, nearest } from './suggest.ts';

describe('a suggestion', () => {
  it.each([
    ['tset', 'test'],
    ['Stpes', 'steps'],
    ['retryPolcy', 'retryPolicy'],
  ])('for %s is %s', (word, expected) => {
    expect(nearest(word, ['steps', 'test', 'retryPolicy'])).toBe(expected);
    expect(didYouMean(word, ['steps', 'test', 'retryPolicy'])).toBe(`did you mean "${expected}"?`);
  });

  it('is not made where nothing is near', () => {
    expect(didYouMean('banana', ['steps', 'test'])).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });

  it('measures distances that are the same both ways and no longer than the longer word', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), fc.string({ maxLength: 20 }), (a, b) => {
        expect(distance(a, b)).toBe(distance(b, a));
        expect(distance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance(a, a)).toBe(0);
        expect(distance(a, `${a}x`)).toBe(1);
      }),
    );
  });
});

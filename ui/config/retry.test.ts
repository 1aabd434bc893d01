import { describe, expect, it } from '@jest/globals';
import { policyOf, retryText, waitsOf } from './retry.ts';

describe('a retry policy', () => {
  it('is said in words', () => {
    expect(retryText(policyOf())).toBe('3 attempts, after 1 s and 2 s');
    expect(retryText(policyOf({ maximumAttempts: 1 }))).toBe('1 attempt, no retries');
    expect(retryText(policyOf({ maximumAttempts: 2, initialInterval: '45s' }))).toBe(
      '2 attempts, after 45 s',
    );
    expect(retryText(policyOf({ maximumAttempts: 10 }))).toBe(
      '10 attempts, after 1 s, 2 s, 4 s and so on, at most 1 min',
    );
  });

  it('takes the last level that says something', () => {
    expect(policyOf({ maximumAttempts: 1 }, undefined, { maximumAttempts: 5 })).toMatchObject({
      maximumAttempts: 5,
      backoffCoefficient: 2,
    });
    expect(policyOf({ maximumAttempts: 'many', initialInterval: 'soon' })).toMatchObject({
      maximumAttempts: 3,
      initialInterval: 1_000,
    });
  });

  it('waits no longer than its longest wait', () => {
    expect(waitsOf(policyOf({ maximumAttempts: 5, maximumInterval: '3s' }))).toEqual([
      1_000, 2_000, 3_000, 3_000,
    ]);
  });
});

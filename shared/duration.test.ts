import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { durationOf, formatDuration, LONGEST, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    [0, 0],
    [250, 250],
    ['500ms', 500],
    ['1.5s', 1_500],
    [' 5m ', 300_000],
    ['2h', 7_200_000],
    ['3650d', LONGEST],
  ])('%j is %i ms', (text, expected) => {
    expect(durationOf(text)).toBe(expected);
  });

  it.each([
    [-1],
    ['5'],
    ['5 m'],
    ['m'],
    ['1e3s'],
    ['3651d'],
    [LONGEST + 1],
    [null],
    [true],
    [[]],
    [{}],
    [''],
  ])('is not %j', (value) => {
    expect(durationOf(value as never)).toBeUndefined();
    expect(() => parseDuration(value as never)).toThrow(
      expect.objectContaining({ code: 'duration.invalid' }),
    );
  });

  it('survives being written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: LONGEST }), (time) =>
        expect(durationOf(formatDuration(time))).toBe(time),
      ),
    );
  });

  it.each([
    [0, '0ms'],
    [90_000, '90s'],
    [3_600_000, '1h'],
    [1_001, '1001ms'],
  ])('of %i ms is written %s', (time, text) => {
    expect(formatDuration(time)).toBe(text);
  });
});

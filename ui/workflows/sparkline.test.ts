import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { barsOf, sparklineWords } from './sparkline.ts';

const run = (
  executionId: string,
  duration: number,
  status: 'success' | 'failure' | 'cancelled' = 'success',
) => ({
  executionId,
  status,
  duration,
});
const SIZE = { width: 100, height: 20, count: 20 };

describe('bars of a sparkline', () => {
  it('stand at the right edge, the longest as high as there is room', () => {
    const [short, long] = barsOf([run('a', 25), run('b', 100)], SIZE);
    expect(short).toEqual({ id: 'a', status: 'success', x: 90, y: 8.5, width: 4, height: 11.5 });
    expect(long).toMatchObject({ id: 'b', x: 95, y: 0, height: 20 });
  });

  it('are within the picture and in order, for any durations', () => {
    const durations = fc.array(fc.double({ min: 0, max: 1e12, noNaN: true }), { maxLength: 40 });
    fc.assert(
      fc.property(durations, (all) => {
        const bars = barsOf(
          all.map((duration, index) => run(String(index), duration)),
          SIZE,
        );
        expect(bars).toHaveLength(Math.min(all.length, SIZE.count));
        for (const { x, y, width, height } of bars) {
          expect(x).toBeGreaterThanOrEqual(0);
          expect(x + width).toBeLessThanOrEqual(SIZE.width);
          expect(y).toBeGreaterThanOrEqual(-1e-9);
          expect(y + height).toBeCloseTo(SIZE.height);
          expect(height).toBeGreaterThanOrEqual(3);
        }
        expect(bars.map(({ id }) => id)).toEqual(all.map((_, index) => String(index)).slice(-SIZE.count));
      }),
    );
  });
});

describe('the words for a sparkline', () => {
  const words = (...recent: Parameters<typeof sparklineWords>[0]) =>
    sparklineWords(recent, (duration) => `${duration} ms`);

  it('count by how it ended', () => {
    expect(words()).toBe('No execution has ended yet');
    expect(words(run('a', 5))).toBe('The last execution: 1 succeeded; the latest took 5 ms');
    expect(words(run('a', 5, 'cancelled'), run('b', 6, 'failure'), run('c', 7, 'failure'))).toBe(
      'The last 3 executions: 2 failed, 1 cancelled; the latest took 7 ms',
    );
  });
});

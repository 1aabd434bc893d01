import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Plan, planOf, readCron, writeCron } from './cron.ts';
import { cronWords, nextRuns } from './cron-words.ts';

const hour = fc.integer({ min: 0, max: 23 });
const minute = fc.integer({ min: 0, max: 59 });
const days = fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }).map((found) => found.sort());

const plans: fc.Arbitrary<Plan> = fc.oneof(
  fc.record({ every: fc.constant('minutes' as const), step: fc.integer({ min: 1, max: 59 }) }),
  fc.record({ every: fc.constant('hours' as const), step: fc.integer({ min: 1, max: 23 }), minute }),
  fc.record({ every: fc.constant('day' as const), hour, minute }),
  fc.record({ every: fc.constant('week' as const), days, hour, minute }),
  fc.record({ every: fc.constant('month' as const), day: fc.integer({ min: 1, max: 31 }), hour, minute }),
);

describe('a cron expression', () => {
  it('is read as the plan it was written from', () => {
    fc.assert(fc.property(plans, (plan) => expect(readCron(writeCron(plan))).toEqual(plan)));
  });

  it('is kept as it is where it says more than can be chosen', () => {
    for (const cron of ['0 9 * 1 *', '0 9 1 * 1', '0,30 * * * *', '@daily', '', '0 9-17 * * *', 'x']) {
      expect(readCron(cron)).toEqual({ every: 'custom', cron });
    }
    expect(readCron('0 9 * * 1-5')).toEqual({ every: 'week', days: [1, 2, 3, 4, 5], hour: 9, minute: 0 });
    expect(readCron('0 9 * * 5-7')).toEqual({ every: 'week', days: [0, 5, 6], hour: 9, minute: 0 });
  });

  it('keeps the time of day when another kind is chosen', () => {
    expect(planOf('month', { every: 'day', hour: 7, minute: 30 })).toEqual({
      every: 'month',
      day: 1,
      hour: 7,
      minute: 30,
    });
    expect(planOf('custom', { every: 'day', hour: 7, minute: 30 })).toEqual({
      every: 'custom',
      cron: '30 7 * * *',
    });
  });

  it('is said in words and gives its next runs in its time zone', () => {
    expect(cronWords('0 9 * * 1-5')).toBe('At 09:00, Monday through Friday');
    expect(cronWords('nonsense')).toBeUndefined();
    const from = new Date('2026-03-28T00:00:00Z');
    expect(nextRuns('0 9 * * *', 'Europe/Berlin', 2, from)).toEqual([
      '2026-03-28T08:00:00.000Z',
      '2026-03-29T07:00:00.000Z',
    ]);
    expect(nextRuns('nonsense', 'UTC', 2)).toEqual([]);
    expect(nextRuns('0 9 * * *', 'Mars/Base', 2)).toEqual([]);
  });
});

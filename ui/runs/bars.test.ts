import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ExecutionView, StepView } from '#shared/contract/execution.ts';
import { barsOf } from './bars.ts';

const at = (milliseconds: number): string => new Date(milliseconds).toISOString();

describe('the bars of the timeline', () => {
  it('stay inside the execution, whatever the clocks say', () => {
    const time = fc.integer({ min: 0, max: 1_000_000 });
    fc.assert(
      fc.property(
        time,
        fc.option(time),
        fc.array(fc.tuple(time, fc.option(time))),
        time,
        (start, end, spans, now) => {
          const steps = spans.map(([from, to], index) => ({
            path: `s${index}`,
            startTime: at(from),
            endTime: to === null ? null : at(to),
          })) as StepView[];
          const execution = {
            startTime: at(start),
            endTime: end === null ? null : at(end),
            steps,
          } as ExecutionView;
          for (const { from, width } of barsOf(execution, now)) {
            expect(from).toBeGreaterThanOrEqual(0);
            expect(width).toBeGreaterThan(0);
            expect(from + width).toBeLessThanOrEqual(100.000001);
          }
        },
      ),
    );
  });

  it('has no bar for a step that has not begun', () => {
    const step = { path: 'each[0].read', startTime: null, endTime: null } as StepView;
    const execution = { startTime: at(0), endTime: null, steps: [step] } as unknown as ExecutionView;
    expect(barsOf(execution, 10)).toEqual([{ step, from: 0, width: 0, depth: 1 }]);
  });
});

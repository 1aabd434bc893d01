import type { ExecutionView, StepView } from '#shared/contract/execution.ts';

/** A step's bar: where it begins and how long it is, in percent of the execution. */
export interface Bar {
  step: StepView;
  from: number;
  width: number;
  /** How many frames it is in. */
  depth: number;
}

/** The narrowest bar that can still be seen, in percent. */
const NARROWEST = 0.4;

/** The bars of all steps, in the order in which they stand in the execution; `now` in milliseconds. */
export function barsOf({ startTime, endTime, steps }: ExecutionView, now: number): Bar[] {
  const start = Date.parse(startTime);
  const total = Math.max(1, (endTime === null ? now : Date.parse(endTime)) - start);
  return steps.map((step) => {
    const depth = step.path.split('.').length - 1;
    if (step.startTime === null) return { step, from: 0, width: 0, depth };
    const begin = Date.parse(step.startTime) - start;
    const length = (step.endTime === null ? now : Date.parse(step.endTime)) - Date.parse(step.startTime);
    const from = Math.min(100 - NARROWEST, Math.max(0, (begin / total) * 100));
    const width = Math.min(100 - from, Math.max(NARROWEST, (length / total) * 100));
    return { step, from, width, depth };
  });
}

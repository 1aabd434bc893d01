import type { RecentExecution } from '#shared/contract/workflow.ts';

/** A bar of a sparkline, in pixels from the top left. */
export interface Bar {
  id: string;
  status: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Size of a sparkline, in pixels. */
export interface Size {
  width: number;
  height: number;
  /** Bars it has room for. */
  count: number;
}

const GAP = 1;
const SHORTEST = 3;

/**
 * Bars for executions, the oldest at the left and the last at the right edge, as high as they took long. Durations
 * differ by powers of ten, so the height goes with the root.
 */
export function barsOf(recent: readonly RecentExecution[], { width, height, count }: Size): Bar[] {
  const shown = recent.slice(-count);
  const pitch = width / count;
  const longest = Math.max(1, ...shown.map(({ duration }) => duration));
  return shown.map(({ executionId, status, duration }, index) => {
    const tall = SHORTEST + Math.sqrt(Math.max(0, duration) / longest) * (height - SHORTEST);
    return {
      id: executionId,
      status,
      x: (count - shown.length + index) * pitch,
      y: height - tall,
      width: pitch - GAP,
      height: tall,
    };
  });
}

const counted = (count: number, what: string): string => `${count} ${what}`;

/** What a sparkline shows, in words. `duration` says how milliseconds are read. */
export function sparklineWords(
  recent: readonly RecentExecution[],
  duration: (milliseconds: number) => string,
): string {
  const last = recent.at(-1);
  if (!last) return 'No execution has ended yet';
  const of = (...statuses: string[]) => recent.filter(({ status }) => statuses.includes(status)).length;
  const parts = [
    counted(of('success'), 'succeeded'),
    counted(of('failure', 'timeout'), 'failed'),
    counted(of('cancelled'), 'cancelled'),
  ].filter((part) => !part.startsWith('0 '));
  const head = recent.length === 1 ? 'The last execution' : `The last ${recent.length} executions`;
  return `${head}: ${parts.join(', ')}; the latest took ${duration(last.duration)}`;
}

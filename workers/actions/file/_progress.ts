import type { Json } from '#shared/json.ts';

/** How often a file action reports how far it is, in milliseconds. */
const REPORT_EVERY = 1_000;

/** Reports progress, but no more often than is of use. */
export function progressOf(report: (progress: Json) => void): (progress: Json) => void {
  let last = performance.now();
  return (progress) => {
    const now = performance.now();
    if (now - last < REPORT_EVERY) return;
    last = now;
    report(progress);
  };
}

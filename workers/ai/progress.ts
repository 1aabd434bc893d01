import type { Json } from '#shared/json.ts';

/** Characters of the end of the text that progress shows. */
const SHOWN = 2_000;

/** Milliseconds between two reports of progress. */
const REPORT_EVERY = 500;

/** Reports the end of the text, now and then; tokens are reckoned at four characters, for nobody says yet. */
export function reporter(report: (progress: Json) => void): (textSoFar: string) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (textSoFar) => {
    const now = performance.now();
    if (now - last < REPORT_EVERY) return;
    last = now;
    report({ text: textSoFar.slice(-SHOWN), tokens: Math.ceil(textSoFar.length / 4) });
  };
}

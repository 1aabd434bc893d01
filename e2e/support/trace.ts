import type { CDPSession, Page } from 'playwright-core';

/** What `paintedSquares` is read from; it has a price, which no figure of time should bear. */
export const PAINTING: readonly string[] = ['cc'];

/** What the figures of time are read from: event timings, and the frames that reached the screen. */
const TIMING: readonly string[] = ['devtools.timeline', 'disabled-by-default-devtools.timeline.frame'];

/** An entry of the browser's trace, as far as it is read here. */
interface Entry {
  name: string;
  /** `b` begins and `e` ends what has the same id. */
  ph: string;
  /** In microseconds, of the browser's clock. */
  ts: number;
  id2?: { local?: string };
  args: {
    data?: { type?: string; duration?: number };
    frame_reporter?: { state?: string };
  };
}

/** What the browser itself wrote down while something was done in a page. */
export class Trace {
  readonly #entries: readonly Entry[];

  private constructor(entries: readonly Entry[]) {
    this.#entries = entries;
  }

  static async of(page: Page, work: () => Promise<void>, categories = TIMING): Promise<Trace> {
    const session = await page.context().newCDPSession(page);
    const entries: Entry[] = [];
    session.on('Tracing.dataCollected', ({ value }) => entries.push(...(value as unknown as Entry[])));
    await session.send('Tracing.start', {
      transferMode: 'ReportEvents',
      traceConfig: { includedCategories: [...categories] },
    });
    await work();
    await ended(session);
    await session.detach();
    return new Trace(entries);
  }

  /** From each press of a key to the frame that shows what came of it, in milliseconds. */
  keyTimes(): number[] {
    const times = this.#entries.flatMap(({ name, ph, args: { data } }) =>
      name === 'EventTiming' && ph === 'b' && data?.type === 'keydown' ? [data.duration ?? 0] : [],
    );
    return times.filter((time) => time > 0);
  }

  /** How many squares of the page were painted anew. */
  paintedSquares(): number {
    return this.#entries.filter(({ name }) => name === 'RasterTask').length;
  }

  /** Between each frame that reached the screen and the next, in milliseconds. */
  frameTimes(): number[] {
    const isShown = new Set<string | undefined>();
    const at = new Set<number>();
    for (const { name, ph, ts, id2, args } of this.#entries) {
      if (name !== 'PipelineReporter') continue;
      if (ph === 'b' && args.frame_reporter?.state?.startsWith('STATE_PRESENTED')) isShown.add(id2?.local);
      if (ph === 'e' && isShown.delete(id2?.local)) at.add(ts);
    }
    const sorted = [...at].sort((a, b) => a - b);
    return sorted.slice(1).map((ts, index) => (ts - (sorted[index] ?? ts)) / 1_000);
  }
}

async function ended(session: CDPSession): Promise<void> {
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
}

import type { Page } from 'playwright-core';
import { settled } from './settled.ts';

/** How many squares of the page the browser painted anew while something was done in it, by its own trace. */
export async function paintedDuring(page: Page, work: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  let painted = 0;
  session.on('Tracing.dataCollected', ({ value }) => {
    painted += value.filter(({ name }) => (name as unknown) === 'RasterTask').length;
  });
  await session.send('Tracing.start', { traceConfig: { includedCategories: ['cc'] } });
  await work();
  await settled(page);
  const complete = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await complete;
  await session.detach();
  return painted;
}

import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';

/** What a page fetches before anything is done with it, in bytes after gzip. */
export interface Weight {
  /** Code of the page itself. */
  page: number;
  /** Code of its workers, which the page does not wait for. */
  workers: number;
}

async function weighed(url: string): Promise<{ url: string; bytes: number }> {
  const code = await (await fetch(url)).arrayBuffer();
  return { url, bytes: gzipSync(code).length };
}

/**
 * Opens an address in a profile that has fetched nothing yet, and weighs the code it takes until the network is quiet.
 * The page is never idle here, so what it fetches ahead when it has nothing to do is not in it.
 */
export async function weightOf(browser: Browser, url: string, shown: string): Promise<Weight> {
  const context = await browser.newContext();
  try {
    await context.addInitScript('window.requestIdleCallback = () => 0;');
    const page = await context.newPage();
    const asked = new Set<string>();
    page.on('request', (request) => {
      if (new URL(request.url()).pathname.endsWith('.js')) asked.add(request.url());
    });
    await page.goto(url, { waitUntil: 'networkidle' });
    await page.locator(shown).first().waitFor();
    const all = await Promise.all([...asked].map(weighed));
    const sum = (isWorker: boolean): number =>
      all
        .filter(({ url: script }) => script.includes('.worker-') === isWorker)
        .reduce((total, { bytes }) => total + bytes, 0);
    return { page: sum(false), workers: sum(true) };
  } finally {
    await context.close();
  }
}

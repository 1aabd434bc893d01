import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { ensureChromium } from '#scripts/chromium.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long something on the page may take, in milliseconds: much longer than it takes, for loaded machines. */
const PATIENCE = 40_000;

/** The window, in pixels. */
const SIZE = { width: 1440, height: 900 };

/** A small window, in which pictures are taken. */
export const SMALL = { width: 1280, height: 800 };

/** A page in the real browser, and what it complained of. */
export interface Tab {
  page: Page;
  /** Errors the page has met, as they came. */
  complaints: string[];
  close(): Promise<void>;
}

/** Starts the browser; close it when done. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath: ensureChromium(process.env, () => undefined), args: FLAGS });

/** Opens an address in a fresh profile of its own. */
export async function openTab(browser: Browser, url: string, viewport = SIZE): Promise<Tab> {
  const context = await browser.newContext({ viewport, acceptDownloads: true });
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: new URL(url).origin });
  return tabIn(context, url);
}

/** Opens an address in a profile that is there: a second tab, or the first one again. */
export async function tabIn(context: BrowserContext, url: string): Promise<Tab> {
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error.stack ?? error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text());
  });
  await page.goto(url);
  return { page, complaints, close: () => context.close() };
}

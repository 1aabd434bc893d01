import type { Page } from 'playwright-core';
import { SMALL } from './browser.ts';
import { settled } from './settled.ts';

/** Keeps a picture of the page, in a small window, in light and in dark under `docs`, where that is asked for. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.ACAS_PICTURES) return;
  // The pointer rests where nothing answers to it.
  await page.mouse.move(SMALL.width / 2, 1);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await settled(page);
    await page.screenshot({ path: `docs/pictures/${name}-${colorScheme}.png`, caret: 'hide' });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

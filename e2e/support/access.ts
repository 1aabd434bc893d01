import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { settled } from './settled.ts';

type Axe = typeof axe;

/** What a person with a screen reader, with weak eyes or without a mouse would stumble over, one line each. */
async function findings(page: Page, rules: string[] | undefined): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (only) =>
      (globalThis as unknown as { axe: Axe }).axe.run(document, {
        resultTypes: ['violations'],
        ...(only && { runOnly: { type: 'rule', values: only } }),
      }),
    rules,
  );
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary?.split('\n')[1]}`,
      ),
    );
}

/** Serious and critical findings of axe, in light, and what of them is about colours in dark as well. */
export async function accessProblems(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  const light = await findings(page, undefined);
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await settled(page);
  const dark = await findings(page, ['color-contrast']);
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  return [...light, ...dark.map((finding) => `in dark, ${finding}`)];
}

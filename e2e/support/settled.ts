import type { Page } from 'playwright-core';

/** Frames in which nothing may have changed: what moves by itself begins a frame or two after its cause. */
const STILL = 4;

/**
 * Waits until nothing on the page moves any more: transitions have run, what floats has come or gone, the canvas stands.
 * What never ends, as the pulse of a running step, does not count.
 */
export const settled = (page: Page): Promise<void> =>
  page.evaluate(async (wanted) => {
    const isEnding = ({ playState, effect }: Animation): boolean =>
      playState === 'running' && effect?.getComputedTiming().endTime !== Number.POSITIVE_INFINITY;
    const places = (): string =>
      [...document.querySelectorAll('.react-flow__viewport, [data-portal] [style]')]
        .map((element) => element.getAttribute('style'))
        .join();
    let before = '';
    for (let still = 0; still < wanted; ) {
      await new Promise(requestAnimationFrame);
      const now = places();
      still = now === before && !document.getAnimations().some(isEnding) ? still + 1 : 0;
      before = now;
    }
  }, STILL);

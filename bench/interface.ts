import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { stringify } from 'yaml';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import { openBrowser, openTab } from '../e2e/support/browser.ts';
import { Trace } from '../e2e/support/trace.ts';
import { Product } from '../test/support/product.ts';
import { median } from './median.ts';

/** How the builder bears a large workflow: figures of the browser's own trace, on the product as people run it. */
const STEPS = Number(process.env.BENCH_STEPS ?? 500);
const ROUNDS = 5;
const WIDTH = 10;

/** In the middle of the canvas: near its border, the canvas would move under what is dragged. */
const DRAGGED = `step_${Math.floor(STEPS / 2) + WIDTH / 2}`;

/** Chains side by side, of actions, with a condition in about every tenth place and a loop around two in every fiftieth. */
function definition(): string {
  const id = (index: number): string => `step_${index}`;
  const action = (index: number): JsonObject => ({
    type: 'action',
    action: { type: 'file.read', parameters: { path: `notes/${index}.md` } },
  });
  const condition = { type: 'condition', config: { expression: "trigger.kind == 'note'" } };
  const loop = (index: number): JsonObject => ({
    type: 'loop',
    config: { times: 3, steps: [0, 1].map((part) => ({ id: `in_${index}_${part}`, ...action(index) })) },
  });
  const steps = Array.from({ length: STEPS }, (_, index) => ({
    id: id(index),
    name: `Step number ${index}`,
    ...(index % 50 === 27 ? loop(index) : index % 11 === 3 ? condition : action(index)),
    connections: { outputs: index + WIDTH < STEPS ? [{ targetStepId: id(index + WIDTH) }] : [] },
  }));
  return stringify({ name: `Large ${STEPS}`, steps });
}

async function openingTime(page: Page, url: string): Promise<number> {
  const from = performance.now();
  await page.goto(url);
  await page.locator('.react-flow__node').first().waitFor();
  await page.locator('[data-inspector] button').first().waitFor();
  return performance.now() - from;
}

/** How far from its place a step is dragged, in pixels, and the angle that each move adds: 13 px, more than the canvas's grid. */
const RADIUS = 80;
const TURN = 1 / 6;

/**
 * As a browser hands a real mouse's moves to a page: one for each frame of a sixtieth of a second, whether or not the page
 * has taken in the last. Moves sent by the protocol are never put together: a page that is slower has to take in each.
 * They are sent without the driver, which would run its own code in the page around each, to see whether a drag begins.
 */
async function moveAround(page: Page, { x, y }: { x: number; y: number }): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const from = performance.now();
  const moves: Promise<unknown>[] = [];
  for (let move = 1; move <= 120; move++) {
    const angle = move * TURN;
    const to = { x: x + RADIUS * Math.sin(angle), y: y + RADIUS * Math.cos(angle) };
    moves.push(
      session.send('Input.dispatchMouseEvent', { type: 'mouseMoved', ...to, button: 'left', buttons: 1 }),
    );
    await setTimeout(from + (move * 1_000) / 60 - performance.now());
  }
  await Promise.all(moves);
  await session.detach();
}

async function dragTimes(page: Page): Promise<number[]> {
  const node = page.getByTestId(`step-${DRAGGED}`);
  const box = await node.boundingBox();
  if (!box) throw new Error('The step is not drawn.');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  // Where it is first moved to is where the library begins to count.
  await page.mouse.move(x + 2, y);
  const trace = await Trace.of(page, () => moveAround(page, { x, y }));
  await page.mouse.move(x + 2, y);
  await page.mouse.up();
  // Until what the drop has set off is done: it is saved and checked.
  await page.waitForTimeout(1_500);
  return trace.frameTimes();
}

/** From the key press to the frame that shows it, in milliseconds. */
async function typingTimes(page: Page): Promise<number[]> {
  await page.getByTestId(`step-${DRAGGED}`).click();
  const field = page.getByRole('textbox', { name: /Name/ }).first();
  await field.click();
  const trace = await Trace.of(page, async () => {
    await page.keyboard.type(' and then some more words', { delay: 60 });
    await page.waitForTimeout(500);
  });
  return trace.keyTimes();
}

const product = await Product.start(process.env.ACAS_UI ? { ACAS_UI: process.env.ACAS_UI } : {});
const browser = await openBrowser();
try {
  const { id } = await product.ask<WorkflowView>('POST', '/workflows?draft=true', definition());
  const url = `${product.url}/workflows/${id}`;
  const tab = await openTab(browser, product.url);
  const { page } = tab;
  await openingTime(page, url);
  const opening: number[] = [];
  for (let round = 0; round < ROUNDS; round++) opening.push(await openingTime(page, url));
  const frames: number[] = [];
  const wholeFrames: number[] = [];
  for (let round = 0; round < 3; round++) wholeFrames.push(...(await dragTimes(page)));
  await page.getByTestId(`step-${DRAGGED}`).click();
  await page.keyboard.press('0');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.waitForTimeout(500);
  for (let round = 0; round < 3; round++) frames.push(...(await dragTimes(page)));
  const typing = await typingTimes(page);
  const rate = (times: number[]): string =>
    `${(1_000 / median(times)).toFixed(0)} frames/s median, ${((times.length * 1_000) / times.reduce((a, b) => a + b, 0)).toFixed(0)} mean, ${times.length} frames`;
  process.stdout.write(
    [
      `| with ${STEPS} steps | measured | wanted |`,
      '|---|---|---|',
      `| opens, in a warm browser | ${(median(opening) / 1_000).toFixed(2)} s | < 2 s |`,
      `| dragging with all of it in view | ${rate(wholeFrames)} | ≥ 50 |`,
      `| dragging at 100 % | ${rate(frames)} | ≥ 50 |`,
      `| a key typed in the configuration, to the frame that shows it | ${median(typing).toFixed(0)} ms median, ${Math.max(...typing).toFixed(0)} ms worst, ${typing.length} keys | < 50 ms |`,
      '',
    ].join('\n'),
  );
  await tab.close();
} finally {
  await browser.close();
  await product.stop();
}

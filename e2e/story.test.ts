import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { SMALL } from './support/browser.ts';
import { BuilderPage } from './support/builder-page.ts';
import { picture } from './support/picture.ts';
import { REVIEW, ReviewWorld } from './support/review-world.ts';
import type { World } from './support/world.ts';

let review: ReviewWorld;
let world: World;

beforeAll(async () => {
  review = await ReviewWorld.open();
  ({ world } = review);
});

afterAll(() => review?.close());

const field = (page: Page, name: string) => page.locator('[data-inspector]').getByRole('textbox', { name });

/** Draws a wire from a step to the empty space below it. */
async function follow(at: BuilderPage, step: string): Promise<void> {
  await at.page.getByRole('button', { name: 'Fit all of it' }).click();
  await at.dropWire(step, { x: 0, y: 70 });
}

async function publish(at: BuilderPage, note: string): Promise<void> {
  await at.saved();
  await at.page.getByRole('button', { name: /^Publish version/ }).click();
  const dialog = at.page.getByRole('dialog', { name: /Publish/ });
  await dialog.getByRole('textbox', { name: /Note/ }).fill(note);
  await dialog.getByRole('button', { name: /^Publish/ }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Where the execution is shown that a change of the file has begun. */
const executed = async (version: number, known?: readonly string[]): Promise<string> =>
  `/executions/${encodeURIComponent(await review.executed(version, known))}`;

describe("the specification's story, by mouse and keyboard", () => {
  it('draws the review workflow on an empty install, tries it, publishes it, and it runs when a file changes', async () => {
    const { page, complaints } = await world.tab('/workflows', SMALL);
    await page.getByRole('heading', { name: 'Make your first workflow' }).waitFor();
    await picture(page, 'welcome');
    await page.getByRole('button', { name: 'New workflow' }).click();
    await page.getByRole('menuitem', { name: 'Empty' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Automated Code Review');
    await page.keyboard.press('Enter');
    await page.getByTestId('canvas').waitFor();
    const at = new BuilderPage(page, world.product, REVIEW);

    await page.getByRole('button', { name: 'Add a trigger' }).click();
    await page.getByRole('menuitem', { name: 'File change' }).click();
    await field(page, 'Files').fill('src/**/*.ts');

    await at.dragNew('file.read', { x: 360, y: 60 });
    await at.step('read_a_file').waitFor();
    await field(page, 'Path').fill('{{ trigger.filePath }}');
    await follow(at, 'read_a_file');
    await at.pick('analyze with ai');
    await at.step('analyze_with_ai').waitFor();
    await field(page, 'Prompt').fill('Review this code:\n\n{{ steps.read_a_file.output.content }}');
    await page.getByRole('combobox', { name: 'Provider' }).click();
    await page.getByRole('option', { name: 'claude' }).click();
    await follow(at, 'analyze_with_ai');
    await at.pick('condition');
    await at.step('condition').waitFor();
    const expression = page.locator('[data-inspector] .cm-content').first();
    await expression.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type("steps.analyze_with_ai.output.response != 'fine'");
    await page.keyboard.press('Escape');
    await follow(at, 'condition');
    await at.pick('send a chat message');
    await at.step('send_a_chat_message').waitFor();
    await field(page, 'Message').fill('Review: {{ steps.analyze_with_ai.output.response }}');
    await page.getByRole('status').filter({ hasText: 'No problems' }).waitFor();
    await page.keyboard.press('Escape');
    await at.saved();
    await page.getByRole('button', { name: 'Fit all of it' }).click();
    await at.step('analyze_with_ai').click();
    await page.getByTestId('palette-condition').scrollIntoViewIfNeeded();
    await picture(page, 'builder');

    await page.getByRole('tab', { name: 'Sandbox' }).click();
    await page.getByRole('button', { name: 'Try the draft' }).click();
    await page.locator('[data-testid="step-read_a_file"][data-status="success"]').waitFor();
    await picture(page, 'sandbox');
    expect(review.ai.requests).toEqual([]);

    await publish(at, 'The first');
    await review.watching();
    review.ai.script(() => 'Use a better name.');
    await page.goto(`${world.product.url}${await executed(1)}`);
    await page.getByRole('heading', { name: 'Automated Code Review' }).waitFor();
    await page.locator('[data-testid="step-send_a_chat_message"][data-status="success"]').waitFor();
    await at.step('analyze_with_ai').click();
    await page.getByRole('region', { name: 'Output' }).getByText('Use a better name.').first().waitFor();
    await picture(page, 'execution');
    expect(review.ai.requests.length).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  it('pauses an execution and resumes it', async () => {
    let answer: (text: string) => void = () => undefined;
    const held = new Promise<string>((resolve) => {
      answer = resolve;
    });
    review.ai.script(async () => await held);
    const { page, complaints } = await world.tab(await executed(1, await review.ids()), SMALL);
    await page.locator('[data-testid="step-analyze_with_ai"][data-status="running"]').waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByText(/Pausing: 1 in flight/).waitFor();
    answer('fine');
    await page.getByText('Paused: no further step starts until it is resumed').waitFor();
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.locator('[data-testid="step-condition"][data-status="success"]').waitFor();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('retries a failed execution from its failed step on a mended definition', async () => {
    review.ai.script(() => 'Shorter, please.');
    const { page, complaints } = await world.tab(`/workflows/${REVIEW}`, SMALL);
    const at = new BuilderPage(page, world.product, REVIEW);
    await at.step('send_a_chat_message').click();
    const broken = 'Review: {{ steps.analyze_with_ai.output.response.nothing.there }}';
    await page.locator('[data-inspector] .cm-content').first().click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(broken);
    await page.keyboard.press('Escape');
    await publish(at, 'Broken');
    await review.watching();
    await page.goto(`${world.product.url}${await executed(2)}`);
    await page.locator('[data-testid="step-send_a_chat_message"][data-status="failure"]').waitFor();
    await page.getByRole('alert').first().waitFor();
    await picture(page, 'failure');
    const failed = page.url();
    const asked = review.ai.requests.length;

    await page.goto(`${world.product.url}/workflows/${REVIEW}`);
    await at.step('send_a_chat_message').click();
    await page.locator('[data-inspector] .cm-content').first().click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('Review: {{ steps.analyze_with_ai.output.response }}');
    await page.keyboard.press('Escape');
    await publish(at, 'Mended');
    await page.goto(failed);
    await page.getByRole('button', { name: 'Retry', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Retry this execution' });
    await dialog.getByRole('radio', { name: /The failed step/ }).check();
    await dialog.getByRole('radio', { name: 'The latest published definition' }).check();
    await dialog.getByRole('button', { name: 'Retry from here' }).click();
    await page.getByRole('link', { name: 'retry of an earlier execution' }).waitFor();
    await page.locator('[data-testid="step-send_a_chat_message"][data-status="success"]').waitFor();
    await page.getByText('taken over').first().waitFor();
    expect(review.ai.requests).toHaveLength(asked);
    expect(complaints).toEqual([]);
  });
});

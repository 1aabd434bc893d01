import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { JsonObject } from '#shared/json.ts';
import { BuilderPage } from './support/builder-page.ts';
import { Keys, tabTo } from './support/keys.ts';
import { REVIEW, ReviewWorld } from './support/review-world.ts';
import type { World } from './support/world.ts';

let review: ReviewWorld;
let world: World;

beforeAll(async () => {
  review = await ReviewWorld.open();
  ({ world } = review);
});

afterAll(() => review?.close());

const MESSAGE = 'Review: {{ steps.analyze_with_ai.output.response }}';

const shown = (page: Page, id: string, status: string) =>
  page.locator(`[data-testid="step-${id}"][data-status="${status}"]`).waitFor();

async function publish(keys: Keys, version: number, note: string): Promise<void> {
  await keys.page.locator('[data-saving="saved"]').waitFor();
  await keys.press('Shift+P');
  const dialog = keys.page.getByRole('dialog', { name: `Publish version ${version}` });
  await dialog.getByRole('textbox', { name: 'Note' }).and(keys.page.locator(':focus')).waitFor();
  await keys.type(note);
  await keys.press('Control+Enter');
  await keys.button(`Version ${version}`).waitFor();
  await dialog.waitFor({ state: 'detached' });
}

/** Opens the workflow from the list of all of them. */
async function openReview(keys: Keys): Promise<void> {
  await keys.row(REVIEW);
  await keys.page.getByTestId('canvas').waitFor();
}

/** Opens an execution from the list of all of them. */
async function openExecution(keys: Keys, id: string): Promise<void> {
  await keys.command('Go to Executions');
  await keys.row(id);
  await keys.page.waitForURL((url) => url.pathname.endsWith(encodeURIComponent(id)));
}

/** From the page of an execution to the builder of its workflow. */
async function openWorkflow(keys: Keys): Promise<void> {
  await keys.activate(keys.page.getByRole('heading', { level: 1 }).getByRole('link'));
  await keys.page.getByTestId('canvas').waitFor();
}

const outputs = ({ steps }: JsonObject, id: string): unknown =>
  (steps as JsonObject[]).flatMap((step) =>
    step.id === id ? (step.connections as { outputs: JsonObject[] }).outputs : [],
  );

describe("the specification's story, without a mouse", () => {
  it('draws the review workflow with its conditions on an empty install', async () => {
    const { page, complaints } = await world.tab('/workflows');
    const keys = new Keys(page);
    await page.getByRole('heading', { name: 'Make your first workflow' }).waitFor();
    await keys.activate(keys.button('New workflow'));
    await keys.menu('Empty');
    await page.getByRole('dialog', { name: 'New workflow' }).waitFor();
    await keys.type('Automated Code Review');
    await keys.press('Enter');
    await page.getByTestId('canvas').waitFor();
    const at = new BuilderPage(page, world.product, REVIEW);

    await keys.activate(keys.button('Add a trigger'));
    await keys.menu('File change');
    await keys.write('Files', 'src/**/*.ts');
    await keys.add('read a file', 'read_a_file');
    await keys.write('Path', '{{ trigger.filePath }}');
    await keys.add('analyze with ai', 'analyze_with_ai');
    await keys.write('Prompt', 'Review this: {{ steps.read_a_file.output.content }}');
    await keys.choose(keys.panel().getByRole('combobox', { name: 'Provider' }), 'claude');
    await keys.leave();
    await keys.activate(page.getByTestId('palette-condition'));
    await keys.step('condition').waitFor();
    await tabTo(page, keys.panel().locator('.cm-content').first());
    await keys.press('Control+a');
    await keys.type("steps.analyze_with_ai.output.response != 'fine'");
    await keys.leave();
    await keys.add('send a chat message', 'send_a_chat_message');
    await keys.write('Message', MESSAGE);
    await keys.select('condition');
    await keys.add('set values', 'set_values');

    await keys.select('condition');
    await keys.configure();
    await keys.activate(keys.button('Set values, if yes'));
    await keys.choose(page.getByRole('combobox', { name: 'Followed' }), 'if no');
    await keys.select('read_a_file');
    await keys.configure();
    await keys.choose(page.getByRole('combobox', { name: 'Connect to another step' }), /^Set values/);
    await keys.activate(keys.button('Set values, on success'));
    await keys.choose(page.getByRole('combobox', { name: 'Followed' }), 'when an expression holds');
    await tabTo(page, keys.panel().locator('.cm-content').first());
    await keys.press('Control+a');
    await keys.type("output.content == ''");
    await keys.leave();
    await tabTo(page, page.getByRole('textbox', { name: 'Label' }));
    await keys.type('empty');
    await keys.leave();

    await keys.select('condition');
    const before = await keys.step('condition').boundingBox();
    await keys.press('Control+ArrowRight', 'Control+ArrowRight', 'Control+ArrowUp');
    const draft = await at.draft();
    const after = await keys.step('condition').boundingBox();
    expect(after?.x).toBeGreaterThan(before?.x ?? Number.NaN);
    expect(after?.y).toBeLessThan(before?.y ?? Number.NaN);
    expect(outputs(draft, 'condition')).toEqual([
      { targetStepId: 'send_a_chat_message' },
      { targetStepId: 'set_values', condition: { type: 'failure' } },
    ]);
    expect(outputs(draft, 'read_a_file')).toContainEqual({
      targetStepId: 'set_values',
      condition: { type: 'expression', expression: "output.content == ''" },
      label: 'empty',
    });
    await page.getByRole('status').filter({ hasText: 'No problems' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('tries it, publishes it, and watches it run when a file changes', async () => {
    const { page, complaints } = await world.tab('/workflows');
    const keys = new Keys(page);
    await openReview(keys);
    await keys.activate(keys.button('Try'));
    await keys.activate(keys.button('Try the draft'));
    await shown(page, 'send_a_chat_message', 'success');
    expect(review.ai.requests).toEqual([]);
    await publish(keys, 1, 'All by keys');
    await review.watching();
    review.ai.script(() => 'Use a better name.');
    await openExecution(keys, await review.executed(1));
    await shown(page, 'send_a_chat_message', 'success');
    await shown(page, 'set_values', 'skipped');
    await page.locator('header [data-status="success"]').waitFor();
    expect(complaints).toEqual([]);
  });

  it('pauses an execution and resumes it', async () => {
    let answer: (text: string) => void = () => undefined;
    const held = new Promise<string>((resolve) => {
      answer = resolve;
    });
    review.ai.script(async () => await held);
    const { page, complaints } = await world.tab('/');
    const keys = new Keys(page);
    await openExecution(keys, await review.executed(1, await review.ids()));
    await shown(page, 'analyze_with_ai', 'running');
    await keys.press('p');
    await page.getByText(/Pausing: 1 in flight/).waitFor();
    answer('fine');
    await page.getByText('Paused: no further step starts until it is resumed').waitFor();
    await keys.activate(keys.button('Resume'));
    await shown(page, 'set_values', 'success');
    await shown(page, 'send_a_chat_message', 'skipped');
    expect(complaints).toEqual([]);
  });

  it('retries a failed execution from its failed step on a definition that was mended meanwhile', async () => {
    review.ai.script(() => 'Shorter, please.');
    const { page, complaints } = await world.tab('/workflows');
    const keys = new Keys(page);
    await openReview(keys);
    await keys.select('send_a_chat_message');
    await keys.write('Message', 'Review: {{ steps.analyze_with_ai.output.response.nothing.there }}');
    await publish(keys, 2, 'Broken');
    await review.watching();
    const failed = await review.executed(2);
    await openExecution(keys, failed);
    await shown(page, 'send_a_chat_message', 'failure');
    const asked = review.ai.requests.length;
    await openWorkflow(keys);
    await keys.select('send_a_chat_message');
    await keys.write('Message', MESSAGE);
    await publish(keys, 3, 'Mended');
    await openExecution(keys, failed);
    await shown(page, 'send_a_chat_message', 'failure');
    await keys.press('r');
    const dialog = page.getByRole('dialog', { name: 'Retry this execution' });
    await dialog.waitFor();
    expect(await dialog.getByRole('radio', { name: /The failed step/ }).isChecked()).toBe(true);
    await tabTo(page, dialog.getByRole('radio', { name: /The definition it ran/ }));
    await keys.press('ArrowDown');
    expect(await dialog.getByRole('radio', { name: 'The latest published definition' }).isChecked()).toBe(
      true,
    );
    await keys.activate(dialog.getByRole('button', { name: 'Retry from here' }));
    await page.getByRole('link', { name: 'retry of an earlier execution' }).waitFor();
    await shown(page, 'send_a_chat_message', 'success');
    await page.locator('header [data-status="success"]').waitFor();
    expect(review.ai.requests).toHaveLength(asked);
    expect(complaints).toEqual([]);
  });
});

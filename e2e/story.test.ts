import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { JsonObject } from '#shared/json.ts';
import { type AiServer, startAiServer } from '../test/support/ai-server.ts';
import { eventually } from '../test/support/eventually.ts';
import { picture } from './support/browser.ts';
import { BuilderPage } from './support/builder-page.ts';
import { World } from './support/world.ts';

let ai: AiServer;
let world: World;

beforeAll(async () => {
  ai = await startAiServer();
  world = await World.open({ ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: ai.baseUrl('claude') });
  mkdirSync(join(world.product.workspace, 'src'));
}, 120_000);

afterAll(async () => {
  await world?.close();
  await ai?.close();
}, 60_000);

const ID = 'automated-code-review';
const PICTURES = 'docs/pictures';

let saved = 0;

/** Saves a source file with other content than before. */
const saveFile = (): void => {
  saved++;
  writeFileSync(join(world.product.workspace, 'src', 'app.ts'), `export const answer = ${saved};\n`);
};

const field = (page: Page, name: string) => page.locator('[data-inspector]').getByRole('textbox', { name });

async function publish(at: BuilderPage, note: string): Promise<void> {
  await at.saved();
  await at.page.getByRole('button', { name: /^Publish version/ }).click();
  const dialog = at.page.getByRole('dialog', { name: /Publish/ });
  await dialog.getByRole('textbox', { name: /Note/ }).fill(note);
  await dialog.getByRole('button', { name: /^Publish/ }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Until the trigger watches with the version that was just published. */
const watching = () =>
  eventually(async () => {
    const { items } = await world.product.ask<{ items: JsonObject[] }>('GET', '/triggers');
    return items.some(({ workflowId, state }) => workflowId === ID && state === 'active') || undefined;
  }, 'the file trigger is active');

/** Saves the file until an execution of a version has begun, for a watcher may serve the old one a moment longer. */
async function executed(version: number, known: readonly string[] = []): Promise<string> {
  for (let round = 0; round < 8; round++) {
    saveFile();
    const found = await eventually(
      async () => {
        const all = await world.product.executions(ID);
        return all.find(
          ({ executionId, workflowVersion }) => workflowVersion === version && !known.includes(executionId),
        );
      },
      `version ${version} has been executed`,
      5_000,
    ).catch(() => undefined);
    if (found) return `/executions/${encodeURIComponent(found.executionId)}`;
  }
  throw new Error(`Version ${version} was never executed.`);
}

const ids = async (): Promise<string[]> =>
  (await world.product.executions(ID)).map(({ executionId }) => executionId);

describe("the specification's story, by mouse and keyboard", () => {
  it('draws the review workflow on an empty install, tries it, publishes it, and it runs when a file changes', async () => {
    const { page, complaints } = await world.tab('/workflows');
    await picture(page, `${PICTURES}/welcome`);
    await page.getByRole('button', { name: 'New workflow' }).click();
    await page.getByRole('menuitem', { name: 'Empty' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Automated Code Review');
    await page.keyboard.press('Enter');
    await page.getByTestId('canvas').waitFor();
    const at = new BuilderPage(page, world.product, ID);

    await page.getByRole('button', { name: 'Add a trigger' }).click();
    await page.getByRole('menuitem', { name: 'File change' }).click();
    await field(page, 'Files').fill('src/**/*.ts');

    await at.dragNew('file.read', { x: 360, y: 60 });
    await at.step('read_a_file').waitFor();
    await field(page, 'Path').fill('{{ trigger.filePath }}');
    await at.dropWire('read_a_file', { x: 0, y: 110 });
    await at.pick('analyze with ai');
    await at.step('analyze_with_ai').waitFor();
    await field(page, 'Prompt').fill('Review this code:\n\n{{ steps.read_a_file.output.content }}');
    await page.getByRole('combobox', { name: 'Provider' }).click();
    await page.getByRole('option', { name: 'claude' }).click();
    await at.dropWire('analyze_with_ai', { x: 0, y: 110 });
    await at.pick('condition');
    await at.step('condition').waitFor();
    const expression = page.locator('[data-inspector] .cm-content').first();
    await expression.click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type("steps.analyze_with_ai.output.response != 'fine'");
    await page.keyboard.press('Escape');
    await at.dropWire('condition', { x: 0, y: 110 });
    await at.pick('send a chat message');
    await at.step('send_a_chat_message').waitFor();
    await field(page, 'Message').fill('Review: {{ steps.analyze_with_ai.output.response }}');
    await page.getByRole('status').filter({ hasText: 'No problems' }).waitFor();
    await page.keyboard.press('Escape');
    await picture(page, `${PICTURES}/builder`);

    await page.getByRole('tab', { name: 'Sandbox' }).click();
    await page.getByRole('button', { name: 'Try the draft' }).click();
    await page.locator('[data-testid="step-read_a_file"][data-status="success"]').waitFor();
    await picture(page, `${PICTURES}/sandbox`);
    expect(ai.requests).toEqual([]);

    await publish(at, 'The first');
    await watching();
    ai.script(() => 'Use a better name.');
    await page.goto(`${world.product.url}${await executed(1)}`);
    await page.getByRole('heading', { name: ID }).waitFor();
    await page.locator('[data-testid="step-send_a_chat_message"][data-status="success"]').waitFor();
    await picture(page, `${PICTURES}/execution`);
    expect(ai.requests.length).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  it('pauses an execution and resumes it', async () => {
    let answer: (text: string) => void = () => undefined;
    const held = new Promise<string>((resolve) => {
      answer = resolve;
    });
    ai.script(async () => await held);
    const { page, complaints } = await world.tab(await executed(1, await ids()));
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
    ai.script(() => 'Shorter, please.');
    const { page, complaints } = await world.tab(`/workflows/${ID}`);
    const at = new BuilderPage(page, world.product, ID);
    await at.step('send_a_chat_message').click();
    const broken = 'Review: {{ steps.analyze_with_ai.output.response.nothing.there }}';
    await page.locator('[data-inspector] .cm-content').first().click();
    await page.keyboard.press('Control+a');
    await page.keyboard.type(broken);
    await page.keyboard.press('Escape');
    await publish(at, 'Broken');
    await watching();
    await page.goto(`${world.product.url}${await executed(2)}`);
    await page.locator('[data-testid="step-send_a_chat_message"][data-status="failure"]').waitFor();
    await page.getByRole('alert').first().waitFor();
    await picture(page, `${PICTURES}/failure`);
    const failed = page.url();
    const asked = ai.requests.length;

    await page.goto(`${world.product.url}/workflows/${ID}`);
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
    expect(ai.requests).toHaveLength(asked);
    expect(complaints).toEqual([]);
  });
});

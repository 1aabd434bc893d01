import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world?.close());

const create = (yaml: string): Promise<WorkflowView> =>
  world.product.ask<WorkflowView>('POST', '/workflows', yaml);

const simple = (name: string, tags: string[]): string =>
  `name: ${name}\nmetadata: { tags: [${tags.join(', ')}] }\nsteps:\n  - { id: one, type: set, config: { values: { a: 1 } } }\n`;

const row = (page: Page, name: string) => page.getByRole('row', { name, exact: true });

async function choose(page: Page, name: string, item: string): Promise<void> {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

/** Lets go of a file over the page, as from a folder's window. */
const drop = (page: Page, name: string, text: string): Promise<void> =>
  page.evaluate(
    ([fileName, content]) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([content as string], fileName as string));
      for (const kind of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
    },
    [name, text],
  );

describe('an empty install', () => {
  it('leads to a workflow that has run by clicks only, and from there to its canvas', async () => {
    const { page, complaints } = await world.tab('/');
    await page.getByRole('heading', { name: 'Make your first workflow' }).waitFor();
    await page.getByRole('button', { name: 'Run an example' }).click();
    await page.getByText('Every step that had to run has run').waitFor();
    await page.locator('[data-testid="step-read"][data-status="success"]').waitFor();
    await page.getByTestId('step-read').click();
    await page.getByRole('complementary', { name: 'Step' }).getByText('Orders by country').first().waitFor();
    await page.getByRole('heading', { level: 1 }).getByRole('link').click();
    await page.getByTestId('palette-file.read').waitFor();
    await page.getByRole('link', { name: 'Home', exact: true }).click();
    await page.getByRole('region', { name: 'Used most' }).getByText('My first workflow').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('the list of workflows', () => {
  it('is searched, filtered by tag and by switch, and keeps that in the address', async () => {
    await create(simple('Alpha report', ['daily', 'report']));
    await create(simple('Beta backup', ['daily']));
    const { page, complaints } = await world.tab('/workflows');
    await row(page, 'Alpha report').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('beta');
    await row(page, 'Alpha report').waitFor({ state: 'detached' });
    expect(page.url()).toContain('search=beta');
    await page.getByRole('textbox', { name: 'Search workflows' }).fill('');
    await page.getByText('report', { exact: true }).first().click();
    await row(page, 'Beta backup').waitFor({ state: 'detached' });
    await row(page, 'Alpha report').waitFor();
    await page.reload();
    await row(page, 'Alpha report').waitFor();
    expect(new URL(page.url()).searchParams.get('tag')).toBe('report');
    await page.getByRole('switch', { name: 'Alpha report is switched on' }).locator('..').click();
    await page.getByRole('combobox', { name: 'Switched on or off' }).click();
    const wasOn = (await world.product.ask<WorkflowView>('GET', '/workflows/alpha-report')).enabled;
    await page.getByRole('option', { name: wasOn ? 'Switched off' : 'Switched on' }).click();
    await page.getByText('No workflow is like that').waitFor();
    await page.getByRole('button', { name: 'Show all workflows' }).click();
    await row(page, 'Beta backup').waitFor();
    expect(complaints).toEqual([]);
  });

  it('duplicates, exports, deletes and takes the deletion back', async () => {
    const { id } = await create(`# kept\n${simple('Gamma', ['x'])}`);
    const { page, complaints } = await world.tab('/workflows');
    await choose(page, 'Gamma', 'Duplicate');
    await page.getByText(/Duplicated “Gamma” as/).waitFor();
    await row(page, 'Gamma (copy)').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      choose(page, 'Gamma', 'Export as YAML'),
    ]);
    expect(download.suggestedFilename()).toBe(`${id}.yaml`);
    expect(await readFile(await download.path(), 'utf8')).toContain('# kept');
    await choose(page, 'Gamma', 'Delete');
    await row(page, 'Gamma').waitFor({ state: 'detached' });
    await expect(world.product.ask('GET', `/workflows/${id}`)).rejects.toThrow('404');
    await page.getByRole('button', { name: 'Undo' }).click();
    await row(page, 'Gamma').waitFor();
    await page.getByText('“Gamma” is back.').waitFor();
    expect(await world.product.ask('GET', `/workflows/${id}`)).toMatchObject({ name: 'Gamma' });
    expect(complaints).toEqual([]);
  });
});

describe('a new workflow', () => {
  it('is made from a template', async () => {
    const { page, complaints } = await world.tab('/workflows');
    await page.getByRole('button', { name: 'New workflow' }).click();
    await page.getByRole('menuitem', { name: 'From a template' }).click();
    await page.getByRole('textbox', { name: 'Search templates' }).fill('backup');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Nightly backup/i })
      .click();
    await page.getByTestId('canvas').waitFor();
    await page.locator('[data-testid^="step-"]').first().waitFor();
    expect(complaints).toEqual([]);
  });

  it('is made from YAML that is pasted, once its problems are mended', async () => {
    const { page, complaints } = await world.tab('/workflows');
    await page.getByRole('button', { name: 'New workflow' }).click();
    await page.getByRole('menuitem', { name: 'From YAML or JSON' }).click();
    const text = page.getByRole('textbox', { name: 'Definition' });
    await page.evaluate(() =>
      navigator.clipboard.writeText('name: Pasted\nsteps:\n  - { id: one, type: sett, config: {} }\n'),
    );
    await text.press('Control+v');
    await page.getByText(/^1 problem/).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'line 3' }).waitFor();
    await text.fill('name: Pasted\nsteps:\n  - { id: one, type: set, config: { values: { a: 1 } } }\n');
    await page.getByText('No problems found.').waitFor();
    await page.getByRole('button', { name: 'Create draft', exact: true }).click();
    await page.getByTestId('step-one').waitFor();
    expect(complaints).toEqual([]);
  });

  it('is made from a file that is dropped, problems and all; other files are refused with the reason', async () => {
    const { page, complaints } = await world.tab('/workflows');
    await row(page, 'Gamma').waitFor();
    await drop(page, 'picture.png', 'no');
    await page.getByText('Definitions are .yaml, .yml or .json files.').waitFor();
    await drop(page, 'dropped.yaml', 'name: Dropped\nsteps:\n  - { id: one, type: nonsense }\n');
    await page
      .getByRole('dialog')
      .getByText(/1 problem/)
      .waitFor();
    await page.getByRole('button', { name: 'Create draft with problems' }).click();
    await page.getByTestId('step-one').waitFor();
    await page.getByRole('tab', { name: /Problems/ }).waitFor();
    expect(complaints).toEqual([]);
  });
});

describe('secrets', () => {
  it('are added, replaced and deleted, and no page ever holds their values', async () => {
    const { page, complaints } = await world.tab('/secrets');
    const seen: string[] = [];
    page.on('response', async (response) => {
      if (response.url().includes('/api/')) seen.push(await response.text().catch(() => ''));
    });
    const dialog = page.getByRole('dialog');
    await page.getByRole('button', { name: 'Add a secret' }).first().click();
    await dialog.getByRole('textbox', { name: 'Name' }).fill('GITHUB_TOKEN');
    await dialog.getByLabel('Value', { exact: true }).fill('first-hidden-value');
    await dialog.getByRole('button', { name: 'Keep secret' }).click();
    await page.getByRole('cell', { name: 'GITHUB_TOKEN', exact: true }).waitFor();
    await choose(page, 'GITHUB_TOKEN', 'Replace');
    expect(await dialog.getByLabel('New value').inputValue()).toBe('');
    await dialog.getByLabel('New value').fill('second-hidden-value');
    await dialog.getByRole('button', { name: 'Replace value' }).click();
    await page.getByText('Replaced GITHUB_TOKEN.').waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(await page.content()).not.toMatch(/hidden-value/);
    expect(seen.join()).not.toMatch(/hidden-value/);
    await choose(page, 'GITHUB_TOKEN', 'Delete');
    await page.getByRole('button', { name: 'Delete the secret' }).click();
    await page.getByText('There are no secrets').waitFor();
    expect(complaints).toEqual([]);
  });
});

const TRIGGERED = `name: Watcher
triggers:
  - { id: nightly, type: schedule, config: { cron: "0 3 * * *" } }
  - { id: changed, type: file_change, config: { path: "src/**/*.ts" } }
steps:
  - { id: one, type: set, config: { values: { a: 1 } } }
`;

const TELLER = `name: Teller
variables:
  - { name: session, type: string, required: true }
steps:
  - id: say
    type: action
    action: { type: chat.send, parameters: { session: "{{ variables.session }}", message: "The report is ready" } }
`;

describe('triggers, plugins and chat', () => {
  it('show every trigger with its state and next runs', async () => {
    await create(TRIGGERED);
    const { page, complaints } = await world.tab('/triggers');
    const nightly = page.getByRole('row').filter({ hasText: 'nightly' });
    await nightly.getByText('At 03:00').waitFor();
    await page.getByRole('row').filter({ hasText: 'changed' }).getByText('src/**/*.ts').waitFor();
    await world.product.ask('POST', '/workflows/watcher/enable');
    await nightly.getByText('active', { exact: true }).waitFor();
    expect(await nightly.getByRole('time').count()).toBeGreaterThan(1);
    expect(complaints).toEqual([]);
  });

  it('say how plugins are added where there are none', async () => {
    const { page, complaints } = await world.tab('/plugins');
    await page.getByText('There are no plugins').waitFor();
    await page.getByText('plugins.example.yaml').waitFor();
    expect(complaints).toEqual([]);
  });

  it('show what workflows say, live, and take an answer', async () => {
    await create(TELLER);
    const { page, complaints } = await world.tab('/chat');
    await page.getByRole('button', { name: 'New session' }).first().click();
    await page.getByRole('textbox', { name: 'Title' }).fill('reports');
    await page.getByRole('button', { name: 'Create session' }).click();
    await page.waitForURL(/session=/);
    const session = new URL(page.url()).searchParams.get('session');
    if (session === null) throw new Error(`The address names no session: ${page.url()}`);
    await page.getByRole('textbox', { name: 'Message' }).fill('Is it ready?');
    await page.keyboard.press('Enter');
    const log = page.getByRole('log', { name: 'Messages' });
    await log.getByText('Is it ready?').waitFor();
    await world.product.ask('POST', '/workflows/teller/execute', { variables: { session } });
    await log.getByText('The report is ready').waitFor();
    await log.getByRole('link', { name: 'Open its execution' }).click();
    await page.locator('[data-testid="step-say"][data-status="success"]').waitFor();
    expect(complaints).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#shared/json.ts';
import type { BuilderPage } from './support/builder-page.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
  await world.product.ask('POST', '/secrets', { name: 'API_KEY', value: 'k-123' });
});

afterAll(() => world?.close());

const CHAIN = `name: Report
metadata:
  pins:
    read: { content: pinned words, size: 12 }
steps:
  # what is reported
  - { id: read, name: Read it, type: action, action: { type: file.read, parameters: { path: in.txt } } }
  - { id: write, type: action, action: { type: file.write, parameters: { path: out.txt, content: old } } }
`;

const one = (id: string, type: string, parameters = '{}'): string =>
  `name: One\nsteps:\n  - { id: ${id}, type: action, action: { type: ${type}, parameters: ${parameters} } }\n`;

async function step(at: BuilderPage, index = 0): Promise<JsonObject> {
  const { steps } = await at.draft();
  return (steps as JsonObject[])[index] ?? {};
}

const parametersOf = ({ action }: JsonObject): JsonObject => (action as JsonObject).parameters as JsonObject;

async function choose(at: BuilderPage, label: string, option: string): Promise<void> {
  await at.panel().getByRole('combobox', { name: label, exact: true }).click();
  await at.page.getByRole('option', { name: option, exact: true }).click();
}

const fold = (at: BuilderPage, title: string) => at.panel().getByRole('region', { name: title, exact: true });

async function unfold(at: BuilderPage, title: string): Promise<void> {
  await fold(at, title).getByRole('button', { name: title }).first().click();
}

describe('the configuration of a step', () => {
  it('is a form: texts, switches and choices, written into the definition', async () => {
    const { at, tab } = await world.builder(one('write', 'file.write'));
    await at.step('write').click();
    await at.input('Path').fill('out/report.md');
    await at.input('Content').fill('All is well');
    await at
      .panel()
      .getByRole('button', { name: /More options/ })
      .click();
    await at.panel().getByRole('switch', { name: 'Append' }).click();
    await choose(at, 'Encoding', 'latin1');
    expect(parametersOf(await step(at))).toEqual({
      path: 'out/report.md',
      content: 'All is well',
      append: true,
      encoding: 'latin1',
    });
    expect(tab.complaints).toEqual([]);
  });

  it('has rows for names and values, and forms in lists', async () => {
    const { at, tab } = await world.builder(
      one('ask', 'http.request', '{ url: "http://127.0.0.1:1", headers: {} }'),
    );
    await at.step('ask').click();
    await at.field('Headers').getByRole('button', { name: 'Add a value' }).click();
    await at.input('Name of name').fill('Accept');
    await at.page.keyboard.press('Enter');
    await at.input('Accept').fill('text/plain');
    expect(parametersOf(await step(at))).toMatchObject({ headers: { Accept: 'text/plain' } });
    await choose(at, 'Action', 'Aggregate a list data.aggregate');
    await at.field('Metrics').getByRole('button', { name: 'Add an item' }).click();
    const metric = at.field('Metrics 1');
    await metric.getByRole('textbox', { name: 'Name', exact: true }).fill('total');
    await choose(at, 'Operation', 'sum');
    expect(parametersOf(await step(at)).metrics).toMatchObject([{ name: 'total', operation: 'sum' }]);
    expect(tab.complaints).toEqual([]);
  });

  it('turns a field into an expression by typing, completes it, shows what it gives, and turns it back', async () => {
    const { at, tab } = await world.builder(CHAIN);
    const { keyboard } = at.page;
    await at.step('write').click();
    await at.input('Content').fill('');
    await at.input('Content').pressSequentially('{{');
    await at.field('Content').locator('.cm-content').waitFor();
    await keyboard.type('steps.');
    await at.takeCompletion('read');
    await keyboard.type('.out');
    await at.takeCompletion('output');
    await keyboard.type('.con');
    await at.takeCompletion('content');
    await at.field('Content').locator('[data-kind="value"]', { hasText: '"pinned words"' }).waitFor();
    expect(parametersOf(await step(at, 1)).content).toBe('{{ steps.read.output.content }}');
    await at.panel().getByRole('button', { name: 'Content: expression' }).click();
    await at.input('Content').fill('fixed');
    expect(parametersOf(await step(at, 1)).content).toBe('fixed');
    await at.input('Path').fill('{{ steps.nowhere.output }}');
    await at.field('Path').locator('[data-kind="error"]').waitFor();
    await at.page
      .getByTestId('step-write')
      .getByLabel(/^Problem: /)
      .waitFor();
    expect(tab.complaints).toEqual([]);
  });

  it('puts a secret in by name', async () => {
    const { at, tab } = await world.builder(
      one('ask', 'http.request', '{ url: "http://127.0.0.1:1", body: "" }'),
    );
    await at.step('ask').click();
    await at.panel().getByRole('button', { name: 'Body: insert a secret' }).click();
    await at.page.getByRole('menuitem', { name: 'API_KEY' }).click();
    await at.field('Body').getByText('known only when it runs').waitFor();
    expect(parametersOf(await step(at))).toMatchObject({ body: '{{ secrets.API_KEY }}' });
    expect(tab.complaints).toEqual([]);
  });

  it('chooses the workflow that a step runs by its name', async () => {
    const deploy = `name: Deploy it\nid: deploy\nsteps: [{ type: set, config: { values: {} } }]\n`;
    await world.product.ask('POST', '/workflows', deploy);
    const { at, tab } = await world.builder(
      'name: Parent\nsteps:\n  - { id: child, type: workflow, config: { workflowId: "" } }\n',
    );
    await at.step('child').click();
    await choose(at, 'Workflow', 'Deploy it');
    await at.step('child').getByText('Workflow · deploy').waitFor();
    expect((await at.draft()).steps).toMatchObject([{ config: { workflowId: 'deploy' } }]);
    expect(tab.complaints).toEqual([]);
  });

  it('has retry, timeout, what happens on an error, and what takes the step back', async () => {
    const { at, tab } = await world.builder(one('write', 'file.write', '{ path: a, content: b }'));
    await at.step('write').click();
    await unfold(at, 'Retry');
    await at.input('Maximum attempts').fill('5');
    await fold(at, 'Retry').getByText('Now: 5 attempts').waitFor();
    await unfold(at, 'Timeout');
    await at.input('Timeout').fill('90s');
    await unfold(at, 'On error');
    await at.panel().getByRole('radio', { name: 'Continue' }).click();
    await unfold(at, 'Undo');
    await at.panel().getByRole('button', { name: 'Add an action that takes it back' }).click();
    await at.panel().getByRole('combobox', { name: 'Action that takes the step back' }).fill('file.delete');
    await at.page.getByRole('option', { name: /file\.delete/ }).click();
    await fold(at, 'Undo').getByRole('textbox', { name: 'Path', exact: true }).fill('a');
    expect(await step(at)).toMatchObject({
      retryPolicy: { maximumAttempts: 5 },
      timeout: '90s',
      errorHandling: {
        strategy: 'continue',
        undo: { action: { type: 'file.delete', parameters: { path: 'a' } } },
      },
    });
    expect(tab.complaints).toEqual([]);
  });

  it('renames an id everywhere it is referred to', async () => {
    const { at, tab } = await world.builder(
      CHAIN.replace('content: old', 'content: "{{ steps.read.output.content }}"'),
    );
    await at.step('read').click();
    await at.input('Id of the step').fill('fetched');
    await at.page.keyboard.press('Enter');
    await at.step('fetched').waitFor();
    const text = await at.text();
    expect(text).toContain('{{ steps.fetched.output.content }}');
    expect(text).toContain('# what is reported');
    expect(await at.draft()).toMatchObject({ metadata: { pins: { fetched: { size: 12 } } } });
    await at.input('Id of the step').fill('write');
    await at.page.keyboard.press('Enter');
    await at.page.getByText('The id stays as it is').waitFor();
    expect(tab.complaints).toEqual([]);
  });

  it('takes values dragged from the data of earlier steps as expressions', async () => {
    const { at, tab } = await world.builder(CHAIN);
    await at.step('write').click();
    await at.page.getByRole('tab', { name: 'Data' }).click();
    await at.page.getByRole('combobox', { name: 'What is shown' }).click();
    await at.page.getByRole('option', { name: 'Output of read' }).click();
    const value = at.page.getByRole('treeitem', { name: /pinned words/ });
    await at.input('Content').fill('');
    await at.dragOnto(value, at.input('Content'));
    await at.field('Content').locator('[data-kind="value"]', { hasText: 'pinned words' }).waitFor();
    expect(parametersOf(await step(at, 1)).content).toBe('{{ steps.read.output.content }}');
    expect(tab.complaints).toEqual([]);
  });
});

describe('the configuration of a workflow', () => {
  it('has triggers: schedules put together from words with their next runs, and files that change', async () => {
    const { at, tab } = await world.builder(CHAIN);
    const add = async (title: string): Promise<void> => {
      await at.panel().getByRole('button', { name: 'Add a trigger' }).click();
      await at.page.getByRole('menuitem', { name: title }).click();
    };
    await add('Schedule');
    await choose(at, 'When', 'Weekly');
    await at.panel().getByLabel('At', { exact: true }).fill('07:30');
    await at
      .panel()
      .getByText(/^At 07:30/)
      .waitFor();
    expect(await at.panel().getByRole('list', { name: 'Next runs' }).getByRole('listitem').count()).toBe(5);
    await choose(at, 'When', 'As a cron expression');
    await at.input('Cron expression').fill('61 * * * *');
    await at.panel().getByText('This is no cron expression').waitFor();
    await at.input('Cron expression').fill('*/20 8-18 * * 1-5');
    await add('File change');
    await at.input('Files').fill('src/**/*.ts');
    expect((await at.draft()).triggers).toMatchObject([
      { type: 'schedule', config: { cron: '*/20 8-18 * * 1-5' } },
      { id: 'on_change', type: 'file_change', config: { path: 'src/**/*.ts' } },
    ]);
    expect(tab.complaints).toEqual([]);
  });

  it('has variables and settings', async () => {
    const { at, tab } = await world.builder(CHAIN);
    await at.page.getByRole('tab', { name: 'Variables' }).click();
    await at.panel().getByRole('button', { name: 'Add a variable' }).click();
    await at.input('Name').fill('folder');
    await choose(at, 'Type', 'number');
    await at.input('Default').fill('3');
    await at.panel().getByRole('switch', { name: 'Required' }).click();
    await at.page.getByRole('tab', { name: 'Settings' }).click();
    await at.input('Name').fill('Daily report');
    await at.panel().getByRole('combobox', { name: 'Tags' }).fill('daily');
    await at.page.keyboard.press('Enter');
    await at.page.getByRole('heading', { name: 'Daily report' }).waitFor();
    expect(await at.draft()).toMatchObject({
      name: 'Daily report',
      metadata: { tags: ['daily'] },
      variables: [{ name: 'folder', type: 'number', default: 3, required: true }],
    });
    expect(tab.complaints).toEqual([]);
  });
});

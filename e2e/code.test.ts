import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#shared/json.ts';
import type { BuilderPage } from './support/builder-page.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world?.close());

const CHAIN = `name: Chain
steps:
  # the first
  - id: a
    name: First
    type: delay
    config: { for: 1s }
  # the second
  - id: b
    name: Second
    type: delay
    config: { for: 2s }
`;

/** Puts the cursor at the end of the line that holds a text. */
async function goTo(at: BuilderPage, text: string): Promise<void> {
  await at.editor.locator('.cm-line', { hasText: text }).first().click();
  await at.page.keyboard.press('End');
}

const row = (at: BuilderPage, text: string | RegExp) =>
  at.page.getByRole('list', { name: 'Problems' }).getByRole('button').filter({ hasText: text }).first();

const lineOfCursor = (at: BuilderPage): Promise<string | null> =>
  at.editor.locator('.cm-activeLine').textContent();

describe('the definition as text', () => {
  it('follows the canvas with its comments kept, and the canvas follows what is typed', async () => {
    const { at, tab } = await world.builder(CHAIN);
    await at.view('Split');
    await goTo(at, 'name: Second');
    for (let count = 0; count < 'Second'.length; count++) await at.page.keyboard.press('Backspace');
    await at.page.keyboard.type('Typed');
    await at.step('b').getByText('Typed').waitFor();
    await at.step('a').click();
    await at.input('Name of the step').fill('Drawn');
    await at.editor.getByText('name: Drawn').waitFor();
    const text = await at.text();
    expect(text).toBe(CHAIN.replace('First', 'Drawn').replace('Second', 'Typed'));
    expect(tab.complaints).toEqual([]);
  });

  it('keeps the canvas while the text cannot be read, and says so', async () => {
    const { at, tab } = await world.builder(CHAIN);
    await at.view('Split');
    await goTo(at, 'for: 2s');
    await at.page.keyboard.type('\n   wrong: [');
    await at.page
      .getByRole('alert')
      .getByText(/cannot be read/)
      .waitFor();
    await at.step('a').waitFor();
    await at.step('b').waitFor();
    await row(at, /line/).waitFor();
    await at.page.keyboard.press('Control+z');
    await at.page.getByRole('alert').waitFor({ state: 'detached' });
    expect(await at.text()).toBe(CHAIN);
    expect(tab.complaints).toEqual([]);
  });

  it('lists problems that lead to their line and their step', async () => {
    const { at, tab } = await world.builder(CHAIN);
    await at.view('Split');
    await goTo(at, 'for: 2s');
    await at.page.keyboard.press('ArrowLeft');
    await at.page.keyboard.press('ArrowLeft');
    await at.page.keyboard.type('x');
    await row(at, 'b').click();
    await at.page.locator('[data-testid="step-b"][data-selected]').waitFor();
    expect(await lineOfCursor(at)).toContain('2sx');
    await at.input('Name of the step').and(at.page.locator('[value="Second"]')).waitFor();
    await at
      .step('b')
      .getByLabel(/^Problem: /)
      .waitFor();
    await at.view('Canvas');
    await at.step('a').click();
    await row(at, 'b').click();
    await at.page.locator('[data-testid="step-b"][data-selected]').waitFor();
    expect(tab.complaints).toEqual([]);
  });

  it('completes keys and types of actions', async () => {
    const { at, tab } = await world.builder(CHAIN);
    await at.view('Code');
    await goTo(at, 'for: 2s');
    await at.page.keyboard.press('Enter');
    await at.page.keyboard.press('Shift+Home');
    await at.page.keyboard.type('  - id: c\nact');
    await at.takeCompletion('action');
    await at.page.keyboard.type('ty');
    await at.takeCompletion('type');
    await at.page.keyboard.type('file.w');
    await at.takeCompletion('file.write');
    const steps = (await at.draft()).steps as JsonObject[];
    expect(steps[2]).toMatchObject({ id: 'c', action: { type: 'file.write' } });
    expect(tab.complaints).toEqual([]);
  });

  it('undoes and redoes across what was drawn and what was typed', async () => {
    const { at, tab } = await world.builder(CHAIN);
    const { keyboard } = at.page;
    await at.view('Split');
    await at.step('a').click();
    await keyboard.press('Control+d');
    await at.step('a_2').waitFor();
    await goTo(at, 'name: Second');
    await keyboard.type(' typed');
    await at.step('b').getByText('Second typed').waitFor();
    const last = await at.text();
    await keyboard.press('Control+z');
    await at.step('b').getByText('Second', { exact: true }).waitFor();
    await keyboard.press('Control+z');
    await at.step('a_2').waitFor({ state: 'detached' });
    expect(await at.text()).toBe(CHAIN);
    await keyboard.press('Control+y');
    await at.step('a_2').waitFor();
    await keyboard.press('Control+Shift+z');
    await at.step('b').getByText('Second typed').waitFor();
    expect(await at.text()).toBe(last);
    await keyboard.type('!');
    await keyboard.press('Control+z');
    await at.editor.getByText('Second typed!').waitFor({ state: 'detached' });
    expect(await at.text()).toBe(last);
    expect(tab.complaints).toEqual([]);
  });
});

describe('versions', () => {
  const publish = async (at: BuilderPage, version: number, note: string): Promise<void> => {
    await at.page.getByRole('button', { name: `Publish version ${version}` }).click();
    const dialog = at.page.getByRole('dialog', { name: `Publish version ${version}` });
    await dialog.getByRole('textbox', { name: 'Note' }).fill(note);
    await dialog.getByRole('button', { name: `Publish version ${version}` }).click();
    await dialog.waitFor({ state: 'detached' });
  };

  it('are published with a note, listed, compared step by step, on the canvas and as text, and restored', async () => {
    const { at, tab } = await world.builder(CHAIN);
    await publish(at, 1, 'The first');
    await at.step('b').click();
    await at.input('Name of the step').fill('Renamed');
    await publish(at, 2, 'A better name');
    await at.step('a').click();
    await at.page.keyboard.press('Delete');
    await publish(at, 3, 'Without the first');
    await at.page.getByRole('button', { name: 'More', exact: true }).click();
    await at.page.getByRole('menuitem', { name: 'Versions' }).click();
    const drawer = at.page.getByRole('dialog', { name: 'Versions' });
    const rows = drawer.getByRole('list', { name: 'Versions' }).getByRole('listitem');
    await rows.filter({ hasText: 'Without the first' }).filter({ hasText: 'Version 3' }).waitFor();
    await rows.filter({ hasText: 'A better name' }).waitFor();
    expect(await rows.count()).toBe(3);
    await rows.filter({ hasText: 'Version 1' }).getByRole('button').click();
    await drawer.getByRole('combobox', { name: 'with' }).click();
    await at.page.getByRole('option', { name: 'Version 2' }).click();
    const steps = drawer.getByRole('region', { name: 'Steps' });
    await steps.getByText('Renamed').first().waitFor();
    expect(await steps.textContent()).toContain('Second');
    await drawer.getByRole('combobox', { name: 'with' }).click();
    await at.page.getByRole('option', { name: 'Version 3' }).click();
    await drawer.getByRole('tab', { name: 'Canvas' }).click();
    await drawer.locator('[data-testid="step-a"][data-change="removed"]').getByText('removed').waitFor();
    await drawer.locator('.react-flow__edge path[data-change="removed"]').waitFor({ state: 'attached' });
    await drawer.locator('[data-testid="step-b"][data-change="changed"]').click();
    const changed = drawer.getByRole('region', { name: 'What changed in the step' });
    await changed.getByRole('heading', { name: 'Renamed' }).waitFor();
    await changed.locator('del', { hasText: 'Second' }).waitFor();
    expect(await changed.textContent()).not.toContain('place in its list');
    await drawer.getByRole('tab', { name: 'Text' }).click();
    await drawer.getByRole('textbox', { name: 'Version 1' }).getByText('name: Second').waitFor();
    await drawer.getByRole('button', { name: 'Restore version 1 as draft' }).click();
    await at.step('b').getByText('Second').waitFor();
    expect(await at.text()).toBe(CHAIN);
    await at.page.keyboard.press('Control+z');
    await at.step('b').getByText('Renamed').waitFor();
    expect(tab.complaints).toEqual([]);
  });

  it('are not published with problems, and each problem leads to its place', async () => {
    const { at, tab } = await world.builder(CHAIN.replace('2s', 'soon'));
    await at.step('a').click();
    await at.page.getByRole('button', { name: /^Publish/ }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Publish version 1' });
    await dialog.getByText('The draft has a problem').waitFor();
    expect(await dialog.getByRole('button', { name: /^Publish/ }).count()).toBe(0);
    await dialog.getByRole('list', { name: 'Problems' }).getByRole('button').first().click();
    await dialog.waitFor({ state: 'detached' });
    await at.page.locator('[data-testid="step-b"][data-selected]').waitFor();
    expect(tab.complaints).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#shared/json.ts';
import { eventually } from '../test/support/eventually.ts';
import { tabIn } from './support/browser.ts';
import { BuilderPage } from './support/builder-page.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
}, 120_000);

afterAll(() => world?.close(), 60_000);

const DRAFT = `name: Kept
steps:
  - { id: a, name: First, type: delay, config: { for: 1s } }
  - { id: b, name: Second, type: delay, config: { for: 1s } }
`;

const names = ({ steps }: JsonObject): unknown[] => (steps as JsonObject[]).map(({ name }) => name);

async function rename(at: BuilderPage, id: string, name: string): Promise<void> {
  await at.step(id).click();
  await at.page.keyboard.press('F2');
  await at.page.keyboard.type(name);
  await at.page.keyboard.press('Enter');
}

describe('a draft', () => {
  it('is there again when the tab crashed before the server had it', async () => {
    const { tab, at } = await world.builder(DRAFT);
    const url = at.page.url();
    let isCut = true;
    // No request to save gets through, as if the tab died before it could send one.
    await tab.page
      .context()
      .route('**/api/workflows/**', (route) =>
        isCut && route.request().method() === 'PUT' ? route.abort() : route.continue(),
      );
    await rename(at, 'a', 'Survivor');
    await at.page.locator('[data-saving="offline"]').waitFor();
    const context = at.page.context();
    await at.page.goto('chrome://crash').catch(() => undefined);
    isCut = false;
    const again = await tabIn(context, url);
    const after = new BuilderPage(again.page, world.product, at.id);
    await again.page.getByText('Changes that had not reached the server are back.').waitFor();
    expect(names(await after.draft())).toEqual(['Survivor', 'Second']);
  });

  it('is kept in the browser while the api is gone, and saved when it is back', async () => {
    const { at } = await world.builder(DRAFT);
    await world.product.kill('api');
    await rename(at, 'a', 'While it was away');
    await rename(at, 'b', 'And again');
    await eventually(
      async () => names(await at.draft().catch(() => ({ steps: [] }))).length > 0,
      'the api is back',
      60_000,
    );
    expect(names(await at.draft())).toEqual(['While it was away', 'And again']);
  });

  it('takes in what somebody else changed elsewhere, and asks where both changed the same', async () => {
    const { at } = await world.builder(DRAFT);
    const other = await world.tab(`/workflows/${at.id}`);
    const theirs = new BuilderPage(other.page, world.product, at.id);
    await theirs.canvas().waitFor();
    await rename(theirs, 'a', 'Theirs');
    await theirs.saved();
    await eventually(async () => (await theirs.text()).includes('Theirs') || undefined, 'theirs is saved');
    await rename(at, 'b', 'Mine');
    await at.page.getByText(/Both changes are in the draft now/).waitFor();
    await eventually(async () => (await at.text()).includes('Mine') || undefined, 'both are saved');
    expect(names(await at.draft())).toEqual(['Theirs', 'Mine']);

    await rename(theirs, 'b', 'Their second');
    const dialog = other.page.getByRole('dialog', { name: 'Somebody else changed the same places' });
    await dialog.getByText('steps.b.name').waitFor();
    await dialog.getByRole('button', { name: 'Keep mine there' }).click();
    await eventually(
      async () => (await theirs.text()).includes('Their second') || undefined,
      'the choice is saved',
    );
    expect(names(await theirs.draft())).toEqual(['Theirs', 'Their second']);
  });

  it('is undone back to its first text through reloads of what was saved', async () => {
    const { at, tab } = await world.builder(DRAFT);
    const start = await at.text();
    for (const name of ['One', 'Two', 'Three']) await rename(at, 'a', name);
    await eventually(async () => (await at.text()).includes('Three') || undefined, 'the last is saved');
    for (let count = 0; count < 3; count++) await at.page.keyboard.press('Control+z');
    await eventually(async () => (await at.text()) === start || undefined, 'the first text is saved again');
    await at.page.reload();
    await at.step('a').waitFor();
    expect(await at.text()).toBe(start);
    expect(tab.complaints).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#shared/json.ts';
import { eventually } from '../test/support/eventually.ts';
import { tabIn } from './support/browser.ts';
import { BuilderPage } from './support/builder-page.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world?.close());

const DRAFT = `name: Kept
steps:
  - { id: a, name: First, type: delay, config: { for: 1s } }
  - { id: b, name: Second, type: delay, config: { for: 1s } }
`;

const STEPS = ['a', 'b', 'c', 'd', 'e', 'f'];

const LONG = `name: Outage
steps:
${STEPS.map((id) => `  - { id: ${id}, name: ${id}, type: delay, config: { for: 1s } }`).join('\n')}
`;

/** How long the api is gone, in milliseconds: an outage long enough that everything that waits for it has given up. */
const OUTAGE = 30_000;

/** Each second between two moments, as the page writes it. */
const timesOf = (from: number, to: number): string[] =>
  Array.from({ length: Math.ceil((to - from) / 1_000) + 1 }, (_, second) =>
    new Date(from + second * 1_000).toLocaleTimeString('en-US'),
  );

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

  it('has the last key that was typed as text before the page was loaded anew', async () => {
    const { at } = await world.builder(DRAFT);
    await at.view('Code');
    await at.page.locator('.cm-line', { hasText: 'name: Kept' }).click();
    await at.page.keyboard.press('End');
    await at.page.keyboard.type(' to the last key');
    await at.page.reload();
    await at.page.getByText('Changes that had not reached the server are back.').waitFor();
    expect(await at.text()).toBe(DRAFT.replace('Kept', 'Kept to the last key'));
  });

  it('is kept, edit by edit, while the api is gone for half a minute, which the page says since when', async () => {
    const { at } = await world.builder(LONG);
    const { page } = at;
    const back = await world.product.takeAway('api');
    const gone = Date.now();
    const expected = STEPS.map((id) => id);
    for (let count = 0; count < STEPS.length || Date.now() - gone < OUTAGE; count++) {
      const index = count % STEPS.length;
      expected[index] = `Edit ${count}`;
      await rename(at, STEPS[index] ?? '', `Edit ${count}`);
      await at
        .step(STEPS[index] ?? '')
        .getByText(`Edit ${count}`)
        .waitFor();
    }
    const line = page.locator('[data-saving="offline"]');
    await line.waitFor();
    const said = await line.textContent();
    expect(timesOf(gone, Date.now() - OUTAGE / 2).some((time) => said?.endsWith(time))).toBe(true);
    await page.getByText(/has not been reached since/).waitFor();
    // The page itself comes from the api: it loads again only once that is back.
    const url = page.url();
    await expect(page.reload()).rejects.toThrow('ERR_CONNECTION_REFUSED');
    await back();
    await eventually(
      () =>
        page.goto(url).then(
          () => true,
          () => undefined,
        ),
      'the page is there again',
    );
    await page.getByText('Changes that had not reached the server are back.').waitFor();
    expect(names(await at.draft())).toEqual(expected);
  });

  it('is saved once and merged with nothing where a server that hung answers late', async () => {
    const { at, tab } = await world.builder(DRAFT);
    const goOn = await world.product.halt('api');
    await rename(at, 'a', 'Sent');
    await at.page.locator('[data-saving="offline"]').waitFor();
    await rename(at, 'b', 'Sent later');
    await at.page.waitForRequest((request) => request.method() === 'PUT');
    goOn();
    expect(names(await at.draft())).toEqual(['Sent', 'Sent later']);
    expect(await at.page.getByRole('dialog').count()).toBe(0);
    expect(await at.page.getByText(/Somebody else/).count()).toBe(0);
    expect(tab.complaints).toEqual([]);
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

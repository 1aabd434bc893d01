import type { Locator, Page } from 'playwright-core';

/** What the Tab key stops at. */
const STOPS =
  'a[href], button:enabled, input:enabled, textarea:enabled, [contenteditable=true], [tabindex="0"]';

/** Presses of Tab that lead to anything on a page. */
const ALL = 150;

/** Most presses of an arrow key that lead through a list. */
const MANY = 40;

/** Most that can be open at once from a field, with the field itself. */
const LAYERS = 4;

/** The way round the page that is shorter to something, as whoever sees the page would go. */
const shorter = (target: Locator): Promise<'Tab' | 'Shift+Tab'> =>
  target.evaluate((element, stops) => {
    const all = [...document.querySelectorAll(stops)];
    const from = document.activeElement ? all.indexOf(document.activeElement) : -1;
    const ahead = all.indexOf(element) - from;
    return (ahead + all.length) % all.length <= all.length / 2 ? 'Tab' : 'Shift+Tab';
  }, STOPS);

/** Goes to something with the Tab key, as those without a mouse do. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.waitFor();
  const key = await shorter(target);
  for (let count = 0; count < ALL; count++) {
    if (await target.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`The ${key} key does not lead to ${target}.`);
}

/** A page as somebody without a mouse uses it. */
export class Keys {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
  }

  type(text: string): Promise<void> {
    return this.page.keyboard.type(text);
  }

  button = (name: string | RegExp): Locator => this.page.getByRole('button', { name, exact: true });

  panel = (): Locator => this.page.locator('[data-inspector]');

  step = (id: string): Locator => this.page.getByTestId(`step-${id}`);

  /** Presses what the Tab key leads to. */
  async activate(target: Locator): Promise<void> {
    await tabTo(this.page, target);
    await this.press('Enter');
  }

  /** Goes through what is open with an arrow key until something is marked, and takes it. */
  async #arrowTo(target: Locator, isMarked: (element: Element) => boolean): Promise<void> {
    await target.waitFor();
    for (let count = 0; count < MANY; count++) {
      if (await target.evaluate(isMarked)) return this.press('Enter');
      await this.press('ArrowDown');
    }
    throw new Error(`The arrow keys do not lead to ${target}.`);
  }

  /** Takes an entry of the menu that is open. */
  menu(name: string): Promise<void> {
    return this.#arrowTo(
      this.page.getByRole('menuitem', { name }),
      (element) => element === document.activeElement,
    );
  }

  /** Chooses from a list that a field opens. */
  async choose(field: Locator, option: string | RegExp): Promise<void> {
    await tabTo(this.page, field);
    await this.press('ArrowDown');
    await this.#arrowTo(this.page.getByRole('option', { name: option }), (element) =>
      element.hasAttribute('data-combobox-selected'),
    );
  }

  /** Goes to a row of a table and opens it. */
  async row(id: string): Promise<void> {
    await tabTo(this.page, this.page.locator('tr[data-row]').first());
    await this.#arrowTo(
      this.page.locator(`tr[data-row="${id}"]`),
      (element) => element === document.activeElement,
    );
  }

  /** Does something by its name in the list of everything that can be done. */
  async command(name: string): Promise<void> {
    // Keys that are pressed before the interface is drawn reach nobody.
    await this.page.getByRole('navigation', { name: 'Pages' }).waitFor();
    await this.press('Control+k');
    await this.page.getByLabel('Search commands').waitFor();
    await this.type(name);
    await this.page.getByRole('button', { name }).first().waitFor();
    await this.press('Enter');
    await this.page.getByLabel('Search commands').waitFor({ state: 'detached' });
  }

  /** Adds a kind of step behind the selected one, by its name. */
  async add(search: string, id: string): Promise<void> {
    await this.press('n');
    await this.page.getByRole('combobox', { name: 'Search steps' }).waitFor();
    await this.type(search);
    await this.press('Enter');
    await this.step(id).waitFor();
    await this.page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  /** Walks from the first step down the edges until a step is selected. */
  async select(id: string): Promise<void> {
    await this.press('Escape', 'ArrowDown');
    for (let count = 0; count < MANY; count++) {
      await this.panel().locator('[data-step]').waitFor();
      if ((await this.panel().locator(`[data-step="${id}"]`).count()) > 0) return;
      await this.press('ArrowDown');
    }
    throw new Error(`The arrow keys do not lead to the step ${id}.`);
  }

  /** Goes to the panel of the selected step, from the canvas. */
  async configure(): Promise<void> {
    const isOnCanvas = await this.page.evaluate(() => document.activeElement === document.body);
    if (isOnCanvas && (await this.panel().locator('[data-step]').count()) > 0) await this.press('Enter');
  }

  /** Writes a field of the selected step anew, as text with expressions, and leaves it. */
  async write(label: string, text: string): Promise<void> {
    const field = this.panel().locator(`[data-field="${label}"]`);
    const editor = field.locator('.cm-content');
    await this.configure();
    if ((await editor.count()) === 0) {
      await tabTo(this.page, field.getByRole('textbox', { name: label, exact: true }));
      if (text.includes('{{')) {
        await this.type('{{');
        await editor.and(this.page.locator(':focus')).waitFor();
      }
    }
    await tabTo(this.page, text.includes('{{') ? editor : field.getByRole('textbox').first());
    await this.press('Control+a');
    await this.type(text);
    await this.leave();
  }

  /** Back to the canvas: Escape closes what a field has opened, and then leaves the field. */
  async leave(): Promise<void> {
    const field = this.panel().locator(':is(input, textarea, [contenteditable=true]):focus');
    for (let count = 0; count < LAYERS && (await field.count()) > 0; count++) await this.press('Escape');
    await field.waitFor({ state: 'detached' });
  }
}

import type { Locator, Page } from 'playwright-core';
import { parse } from 'yaml';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import type { Product } from '../../test/support/product.ts';
import { settled } from './settled.ts';

type Side = 'success' | 'failure';

interface Spot {
  x: number;
  y: number;
}

const middle = async (locator: Locator): Promise<Spot> => {
  const box = await locator.boundingBox();
  if (!box) throw new Error('It is not on the page.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
};

/** Mouse moves of a drag: browsers want several before they take it for one. */
const MOVES = 12;

/** The builder as a person with a mouse uses it. */
export class BuilderPage {
  readonly page: Page;
  readonly id: string;
  readonly #product: Product;

  constructor(page: Page, product: Product, id: string) {
    this.page = page;
    this.id = id;
    this.#product = product;
  }

  step = (id: string): Locator => this.page.getByTestId(`step-${id}`);

  frame = (id: string): Locator => this.page.getByTestId(`frame-${id}`);

  edge = (source: string, target: string): Locator =>
    this.page.locator(`.react-flow__edge[aria-label="Edge from ${source} to ${target}"]`);

  /** The path that an edge is drawn along. */
  line = (source: string, target: string): Promise<string | null> =>
    this.edge(source, target).locator('path').first().getAttribute('d');

  /** Where a step's upper left corner is on the page. */
  async corner(id: string): Promise<Spot> {
    const box = await this.step(id).boundingBox();
    if (!box) throw new Error('The step is not drawn.');
    return { x: Math.round(box.x), y: Math.round(box.y) };
  }

  /** The panel on the right. */
  panel = (): Locator => this.page.locator('[data-inspector]');

  /** A field of the panel on the right, by its label. */
  field = (label: string): Locator => this.panel().locator(`[data-field="${label}"]`);

  /** What is typed into in a field of the panel on the right. */
  input = (label: string): Locator => this.panel().getByRole('textbox', { name: label, exact: true });

  canvas = (): Locator => this.page.getByTestId('canvas');

  async #drag(from: Spot, to: Spot): Promise<void> {
    await this.page.mouse.move(from.x, from.y);
    await this.page.mouse.down();
    await this.page.mouse.move(to.x, to.y, { steps: MOVES });
    await this.page.mouse.move(to.x, to.y);
    await this.page.mouse.up();
  }

  /** Drags an entry of the palette to a spot that counts from the canvas's corner. */
  async dragNew(key: string, to: Spot): Promise<void> {
    const entry = this.page.getByTestId(`palette-${key}`);
    await entry.scrollIntoViewIfNeeded();
    const box = await this.canvas().boundingBox();
    if (!box) throw new Error('There is no canvas.');
    await this.#drag(await middle(entry), { x: box.x + to.x, y: box.y + to.y });
  }

  /** Drags an entry of the palette onto something on the page. */
  async dragNewOnto(key: string, target: Locator): Promise<void> {
    const entry = this.page.getByTestId(`palette-${key}`);
    await entry.scrollIntoViewIfNeeded();
    await settled(this.page);
    await this.#drag(await middle(entry), await middle(target));
  }

  /** Drags something on the page onto something else. */
  async dragOnto(source: Locator, target: Locator): Promise<void> {
    await this.#drag(await middle(source), await middle(target));
  }

  /** Moves a step by so many pixels of the screen. */
  async move(id: string, by: Spot): Promise<void> {
    await settled(this.page);
    const from = await middle(this.step(id));
    await this.#drag(from, { x: from.x + by.x, y: from.y + by.y });
  }

  /** On an edge, beside its middle, where the button for a new step appears. */
  async #onEdge(source: string, target: string): Promise<[number, number]> {
    await settled(this.page);
    const box = await this.edge(source, target).boundingBox();
    if (!box) throw new Error('The edge is not drawn.');
    return [box.x + box.width / 2, box.y + box.height * 0.2];
  }

  async clickEdge(source: string, target: string): Promise<void> {
    await this.page.mouse.click(...(await this.#onEdge(source, target)));
  }

  async hoverEdge(source: string, target: string): Promise<void> {
    await this.page.mouse.move(...(await this.#onEdge(source, target)));
  }

  /** Where wires are drawn from: there once the pointer is over the step. */
  async handle(id: string, side: Side): Promise<Spot> {
    await this.step(id).hover();
    return middle(
      this.page.locator(
        `.react-flow__node[data-id="${id}"] > * > .react-flow__handle[data-handleid="${side}"]`,
      ),
    );
  }

  /** Draws a wire from a step to another. */
  async connect(from: string, to: string, side: Side = 'success'): Promise<void> {
    await settled(this.page);
    await this.#drag(await this.handle(from, side), await middle(this.step(to)));
  }

  /** Draws a wire from a step to empty space; `by` counts from the handle. */
  async dropWire(from: string, by: Spot, side: Side = 'success'): Promise<void> {
    await settled(this.page);
    const start = await this.handle(from, side);
    await this.#drag(start, { x: start.x + by.x, y: start.y + by.y });
  }

  /** Picks a kind of step in the picker that is open. */
  async pick(search: string): Promise<void> {
    await this.page.getByRole('combobox', { name: 'Search steps' }).fill(search);
    await this.page.keyboard.press('Enter');
  }

  /** The definition as text. */
  get editor(): Locator {
    return this.page.getByRole('textbox', { name: 'Definition as YAML' });
  }

  /** Shows the draft drawn, written, or both side by side. */
  async view(name: 'Canvas' | 'Split' | 'Code'): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'View' }).getByText(name, { exact: true }).click();
    if (name !== 'Canvas') await this.editor.waitFor();
  }

  /** Takes a completion by a click: for a moment the editor takes no key for one, which may be meant for the text. */
  async takeCompletion(label: string): Promise<void> {
    const labels = this.page.locator('.cm-tooltip-autocomplete .cm-completionLabel');
    await labels.getByText(label, { exact: true }).first().click();
  }

  /** Waits until the server has the draft. */
  async saved(): Promise<void> {
    await this.page.locator('[data-saving="saved"]').waitFor();
  }

  /** The draft as the server has it, once it has it. */
  async draft(): Promise<JsonObject> {
    return parse(await this.text()) as JsonObject;
  }

  async text(): Promise<string> {
    await this.saved();
    const view = await this.#product.ask<WorkflowView>('GET', `/workflows/${this.id}`);
    return view.draft?.source ?? view.source;
  }
}

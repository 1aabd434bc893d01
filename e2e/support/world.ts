import { jest } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { Product } from '../../test/support/product.ts';
import { openBrowser, openTab, type Tab } from './browser.ts';
import { BuilderPage } from './builder-page.ts';

/** What people do in a browser takes longer than what functions do, and much longer on a busy machine; in milliseconds. */
jest.setTimeout(300_000);

/** The product and a browser to use it with. */
export class World {
  readonly product: Product;
  readonly browser: Browser;
  readonly #tabs: Tab[] = [];

  private constructor(product: Product, browser: Browser) {
    this.product = product;
    this.browser = browser;
  }

  static async open(env: Record<string, string> = {}): Promise<World> {
    const product = await Product.start(env);
    return new World(product, await openBrowser());
  }

  async tab(path: string, size?: { width: number; height: number }): Promise<Tab> {
    const tab = await openTab(this.browser, `${this.product.url}${path}`, size);
    this.#tabs.push(tab);
    return tab;
  }

  /** Creates a workflow from YAML, as a draft where it has problems or no steps, and opens it in the builder. */
  async builder(yaml: string): Promise<{ tab: Tab; at: BuilderPage }> {
    const { id } = await this.product.ask<WorkflowView>('POST', '/workflows?draft=true', yaml);
    const tab = await this.tab(`/workflows/${id}`);
    await tab.page.getByTestId('canvas').waitFor();
    return { tab, at: new BuilderPage(tab.page, this.product, id) };
  }

  async close(): Promise<void> {
    await Promise.all(this.#tabs.map((tab) => tab.close()));
    await this.browser.close();
    await this.product.stop();
  }
}

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { stringify } from 'yaml';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import type { Tab } from './support/browser.ts';
import { World } from './support/world.ts';

/** Runs in whoever takes it for markup. */
const IMAGE = '<img src=x onerror="window.hacked=true">';
const SCRIPT = '</script><script>window.hacked=true</script>';
const LINK = 'javascript:window.hacked=true';
const MARKDOWN = `[click me](${LINK}) ![x](x" onerror="window.hacked=true) <a href="${LINK}">here</a>`;
/** Turns what follows it around, for as far as its box reaches. */
const OVERRIDE = '\u202egnp.exe';
const UNSEEN = 'a\u200bb\u200c\u200d\u2060\ufeffc';
const HUGE = `${'W'.repeat(50_000)}${'<b>'.repeat(16_000)}`;

const NASTY = `${IMAGE} ${SCRIPT} ${OVERRIDE} ${UNSEEN}`;

const definition = {
  name: NASTY.slice(0, 200),
  id: 'nasty',
  description: `${NASTY} ${MARKDOWN} ${'long '.repeat(300)}`,
  metadata: {
    tags: [IMAGE, OVERRIDE, 'W'.repeat(60)],
    notes: [{ id: 'n1', text: `${NASTY} ${MARKDOWN} ${'W'.repeat(3_000)}`, position: { x: -320, y: 0 } }],
  },
  variables: [{ name: 'text', type: 'string', default: NASTY, description: `${NASTY} ${'W'.repeat(1_000)}` }],
  steps: [
    {
      id: 'values',
      name: `${OVERRIDE} ${IMAGE} ${'W'.repeat(100)}`,
      description: NASTY,
      type: 'set',
      config: {
        values: {
          html: NASTY,
          link: LINK,
          markdown: MARKDOWN,
          huge: HUGE,
          [IMAGE]: { [OVERRIDE]: [UNSEEN] },
        },
      },
      connections: {
        outputs: [
          {
            targetStepId: 'files',
            condition: { type: 'expression', expression: 'true' },
            label: `${IMAGE}${OVERRIDE}${'W'.repeat(80)}`,
          },
        ],
      },
    },
    {
      id: 'files',
      name: SCRIPT,
      type: 'action',
      action: { type: 'file.list', parameters: { path: 'nasty' } },
    },
    {
      id: 'fails',
      name: `${'W'.repeat(150)}${OVERRIDE}`,
      type: 'action',
      action: {
        type: 'file.read',
        parameters: { path: `<img src=x onerror=window.hacked=1>${OVERRIDE}${'W'.repeat(100)}` },
      },
    },
  ],
};

const asking = {
  name: SCRIPT,
  id: 'asking',
  steps: [
    {
      id: 'ask',
      name: `${OVERRIDE} ${IMAGE} ${'W'.repeat(100)}`,
      type: 'approval',
      config: {
        message: `${NASTY} ${MARKDOWN} ${'W'.repeat(3_000)}`,
        data: { html: NASTY, [IMAGE]: { [OVERRIDE]: [UNSEEN] } },
      },
    },
  ],
};

let world: World;
let executionId: string;

beforeAll(async () => {
  world = await World.open();
  const { product } = world;
  await product.ask('POST', '/secrets', { name: 'NASTY', value: 'x', description: NASTY });
  await product.ask('POST', '/events', { event: NASTY.slice(0, 200), source: NASTY.slice(0, 200) });
  await product.ask('POST', '/escalations', { title: NASTY.slice(0, 500) });
  const { id } = await product.ask<WorkflowView>('POST', '/workflows?draft=true', stringify(definition));
  for (let count = 0; count < 2; count++)
    ({ executionId } = await product.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, {
      draft: true,
      variables: { text: `${NASTY} ${MARKDOWN}` },
    }));
  const session = await product.ask<{ id: string }>('POST', '/chat/sessions', { title: NASTY.slice(0, 200) });
  for (const [index, text] of [NASTY, MARKDOWN, HUGE, LINK].entries())
    await product.ask('POST', `/chat/sessions/${session.id}/messages`, {
      text,
      idempotencyKey: String(index),
    });
  await product.closed(id, 2, 30_000);
  await product.ask('POST', '/workflows', stringify(asking));
  await product.ask('POST', '/workflows/asking/execute');
});

afterAll(() => world?.close());

/** Whatever a page has shown: nothing of it ran, made an address, or pushed the page out of its frame. */
async function expectInert({ page, complaints }: Tab): Promise<void> {
  const found = await page.evaluate(() => ({
    hacked: 'hacked' in window,
    scripts: [...document.querySelectorAll('script')].filter(({ src }) => !src.includes('/assets/')).length,
    images: document.querySelectorAll('img').length,
    handlers: document.querySelectorAll('[onerror], [onclick], iframe, object, embed').length,
    links: [...document.querySelectorAll('a[href]')]
      .map((link) => (link as HTMLAnchorElement).href)
      .filter(
        (href) =>
          !href.startsWith(`${location.origin}/`) && !/^http:\/\/127\.0\.0\.1:\d+\/namespaces\//.test(href),
      ),
    overflow: (document.scrollingElement?.scrollWidth ?? 0) - window.innerWidth,
  }));
  expect(found).toEqual({ hacked: false, scripts: 0, images: 0, handlers: 0, links: [], overflow: 0 });
  expect(complaints).toEqual([]);
}

/** Opens a page that refuses dialogs, which nothing here may open. */
async function open(path: string): Promise<Tab> {
  const tab = await world.tab(path);
  tab.page.on('dialog', (dialog) => {
    tab.complaints.push(`A dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return tab;
}

/** Texts with an override in them that could turn what stands beside them: those whose box does not keep it in. */
const leaking = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (!node.textContent?.includes('\u202e')) continue;
      let element = node.parentElement;
      // A block is a paragraph of its own: nothing reaches out of it.
      let isKept = false;
      while (element && element !== document.body && !isKept) {
        const { display, unicodeBidi, float } = getComputedStyle(element);
        isKept =
          unicodeBidi.includes('isolate') ||
          !display.startsWith('inline') ||
          display !== 'inline' ||
          float !== 'none';
        const siblings = element.parentElement?.childNodes.length ?? 0;
        if (!isKept && siblings > 1) break;
        element = element.parentElement;
      }
      if (!isKept) found.push(`${node.parentElement?.className}: ${node.textContent.slice(0, 80)}`);
    }
    return found;
  });

describe('hostile content', () => {
  it('is inert in the lists', async () => {
    for (const path of [
      '/',
      '/workflows',
      '/executions',
      '/approvals',
      '/secrets',
      '/activity',
      '/triggers',
    ]) {
      const tab = await open(path);
      await tab.page
        .getByText(path === '/triggers' ? 'No workflow has a trigger' : /window\.hacked/)
        .first()
        .waitFor();
      await expectInert(tab);
      expect(await leaking(tab.page)).toEqual([]);
      await tab.close();
    }
  });

  it('is inert in the builder: on the canvas, in the configuration, as text, in the sandbox and in dialogs', async () => {
    const tab = await open('/workflows/nasty');
    const { page } = tab;
    await page.getByTestId('step-values').waitFor();
    await expectInert(tab);
    expect(await leaking(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Variables' }).click();
    await expectInert(tab);
    for (const id of ['values', 'files', 'fails']) {
      await page.getByTestId(`step-${id}`).click();
      await page.locator(`[data-step="${id}"]`).waitFor();
      await expectInert(tab);
    }
    await page.getByRole('tab', { name: /Data/ }).click();
    await page.getByTestId('step-values').click();
    await expectInert(tab);
    await page.getByRole('button', { name: 'Try', exact: true }).click();
    await page.getByRole('button', { name: 'Try the draft' }).click();
    await page.getByText(/would take/).waitFor();
    await expectInert(tab);
    await page.getByText('Split', { exact: true }).click();
    await page.locator('.cm-content').first().waitFor();
    await expectInert(tab);
    await page.getByRole('button', { name: 'Execute', exact: true }).click();
    await page.getByRole('dialog').waitFor();
    await expectInert(tab);
    await page.keyboard.press('Escape');
    await tab.close();
  });

  it('is inert on the page of an execution: inputs, outputs in each view, errors', async () => {
    const tab = await open(`/executions/${executionId}`);
    const { page } = tab;
    await page.getByRole('alert').first().waitFor();
    await expectInert(tab);
    expect(await leaking(page)).toEqual([]);
    await page.getByTestId('step-values').click();
    const output = page.getByRole('region', { name: 'Output' });
    await output.getByText('markdown').first().waitFor();
    await expectInert(tab);
    for (const view of await output.getByRole('radio').all()) {
      await view.locator('..').click();
      await expectInert(tab);
    }
    await page.getByRole('tab', { name: 'Data' }).click();
    await page.getByRole('region', { name: 'Variables' }).getByText('text').first().waitFor();
    await expectInert(tab);
    await tab.close();
  });

  it('is inert in the chat', async () => {
    const tab = await open('/chat');
    await tab.page.getByText('click me').first().waitFor();
    await expectInert(tab);
    expect(await leaking(tab.page)).toEqual([]);
    await tab.close();
  });

  it('is inert on a narrow screen and as a file that is dropped', async () => {
    await writeFile(join(world.product.workspace, `${OVERRIDE}.txt`), HUGE);
    const tab = await open('/workflows');
    const { page } = tab;
    await page.setViewportSize({ width: 800, height: 700 });
    await page
      .getByText(/window\.hacked/)
      .first()
      .waitFor();
    await expectInert(tab);
    await page.evaluate((name) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['x'], name));
      document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer }));
    }, `${IMAGE}${OVERRIDE}.png`);
    await page.getByText('Definitions are .yaml, .yml or .json files.').waitFor();
    await expectInert(tab);
    expect(await leaking(page)).toEqual([]);
    await page.goto(`${world.product.url}/executions/${executionId}`);
    await page.getByRole('alert').first().waitFor();
    await expectInert(tab);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { parse } from 'yaml';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import type { JsonObject } from '#shared/json.ts';
import { accessProblems, tabTo } from './support/access.ts';
import { World } from './support/world.ts';

let world: World;
let failed: string;

const EVERYTHING = `name: Everything
id: everything
description: One of each
metadata: { tags: [shown], notes: [{ id: n1, text: A note, position: { x: -300, y: 0 } }] }
variables:
  - { name: path, type: string, default: a.txt, description: Which file }
triggers:
  - { id: nightly, type: schedule, config: { cron: "0 3 * * *" } }
steps:
  - id: make
    name: Make it
    type: set
    config: { values: { text: "{{ variables.path }}", list: [1, 2] } }
    connections: { outputs: [{ targetStepId: each }, { targetStepId: off, condition: { type: failure } }] }
  - id: off
    type: delay
    config: { for: 1s }
    disabled: true
    connections: { outputs: [] }
  - id: each
    type: loop
    config:
      items: "{{ steps.make.output.list }}"
      steps:
        - { id: keep, type: set, config: { values: { item: "{{ item }}" } } }
    connections: { outputs: [{ targetStepId: read, condition: { type: expression, expression: "true" }, label: always so }] }
  - id: read
    name: Read it
    type: action
    action: { type: file.read, parameters: { path: "{{ variables.path }}" } }
    connections: { outputs: [] }
`;

beforeAll(async () => {
  world = await World.open();
  const { product } = world;
  await product.ask('POST', '/workflows', EVERYTHING);
  await product.ask('POST', '/secrets', { name: 'TOKEN', value: 'hidden', description: 'For tests' });
  const { id } = await product.ask<{ id: string }>('POST', '/chat/sessions', { title: 'Reports' });
  await product.ask('POST', `/chat/sessions/${id}/messages`, { text: 'Hello', idempotencyKey: 'a' });
  const { executionId } = await product.ask<{ executionId: string }>('POST', '/workflows/everything/execute');
  failed = executionId;
  await product.closed('everything', 1, 30_000);
}, 120_000);

afterAll(() => world?.close(), 60_000);

/** Opens a page, does what is to be done there first, and asks axe; both schemes. */
async function expectAccess(path: string, visits: Record<string, (page: Page) => Promise<unknown>>) {
  const { page, complaints, close } = await world.tab(path);
  const found: Record<string, string[]> = {};
  for (const [name, visit] of Object.entries(visits)) {
    await visit(page);
    // What floats has a moment to come and go.
    await page.waitForTimeout(250);
    found[name] = await accessProblems(page);
  }
  expect(found).toEqual(Object.fromEntries(Object.keys(visits).map((name) => [name, []])));
  expect(complaints).toEqual([]);
  await close();
}

const named = (name: string | RegExp) => (page: Page) => page.getByText(name).first().waitFor();

const dialog = (page: Page, name: string) => page.getByRole('dialog', { name }).waitFor();

const closed = async (page: Page): Promise<void> => {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
};

describe('axe finds nothing serious', () => {
  it('on the pages around the builder and in their dialogs', async () => {
    await expectAccess('/', {
      home: named('Nothing is running.'),
      commands: async (page) => {
        await page.keyboard.press('Control+k');
        await page
          .getByRole('searchbox', { name: 'Search commands' })
          .or(page.getByLabel('Search commands'))
          .first()
          .waitFor();
      },
      shortcuts: async (page) => {
        await page.keyboard.press('Escape');
        await page.waitForTimeout(300);
        await page.keyboard.press('Shift+?');
        await dialog(page, 'Keyboard shortcuts');
      },
    });
    await expectAccess('/executions', { executions: named('Everything') });
    await expectAccess('/triggers', { triggers: named('nightly') });
    await expectAccess('/plugins', { plugins: named('There are no plugins') });
    await expectAccess('/nothing', { missing: named('There is no such page') });
    await expectAccess('/chat', {
      chat: named('Hello'),
      'new session': async (page) => {
        await page.getByRole('button', { name: 'New session' }).click();
        await dialog(page, 'New chat session');
      },
    });
    await expectAccess('/secrets', {
      secrets: named('TOKEN'),
      'new secret': async (page) => {
        await page.getByRole('button', { name: 'Add a secret' }).click();
        await page.getByRole('dialog').getByLabel('Name').fill('9 wrong');
      },
      'deleted secret': async (page) => {
        await closed(page);
        await page.getByRole('button', { name: 'Actions for TOKEN' }).click();
        await page.getByRole('menuitem', { name: 'Delete' }).click();
        await dialog(page, 'Delete TOKEN');
      },
    });
  });

  it('on the list of workflows and in its dialogs', async () => {
    const open = (item: string) => async (page: Page) => {
      if ((await page.getByRole('dialog').count()) > 0) await closed(page);
      await page.getByRole('button', { name: 'New workflow' }).click();
      await page.getByRole('menuitem', { name: item }).click();
      await page.getByRole('dialog').waitFor();
    };
    await expectAccess('/workflows', {
      workflows: named('Everything'),
      'menu of a row': (page) => page.getByRole('button', { name: 'Actions for Everything' }).click(),
      toast: async (page) => {
        await page.getByRole('menuitem', { name: 'Duplicate' }).click();
        await page.getByText(/Duplicated/).waitFor();
      },
      empty: open('Empty'),
      template: open('From a template'),
      text: async (page) => {
        await open('From YAML or JSON')(page);
        await page.getByRole('textbox', { name: 'Definition' }).fill('name: x\nsteps: 3\n');
        await page.getByText(/1 problem/).waitFor();
      },
    });
  });

  it('in the builder, whatever is selected and whichever dialog is open', async () => {
    const select = (id: string) => async (page: Page) => {
      await page.getByTestId(id).click({ position: { x: 60, y: 12 } });
      await page.locator('[data-inspector] [data-step]').waitFor();
    };
    const opened = (keys: string, name: string) => async (page: Page) => {
      if ((await page.getByRole('dialog').count()) > 0) await closed(page);
      await page.keyboard.press(keys);
      await dialog(page, name);
    };
    await expectAccess('/workflows/everything', {
      builder: (page) => page.getByTestId('step-read').waitFor(),
      variables: (page) => page.getByRole('tab', { name: 'Variables' }).click(),
      settings: (page) => page.getByRole('tab', { name: 'Settings' }).click(),
      step: select('step-read'),
      loop: select('frame-each'),
      'selected data': (page) => page.getByRole('tab', { name: /Data/ }).click(),
      picker: opened('n', 'Add a step'),
      publish: opened('Shift+P', 'Publish version 2'),
      execute: opened('Control+Enter', 'Execute the draft'),
      versions: async (page) => {
        await closed(page);
        await page.getByRole('button', { name: 'More', exact: true }).click();
        await page.getByRole('menuitem', { name: 'Versions' }).click();
        await page.getByRole('dialog').waitFor();
      },
      sandbox: async (page) => {
        await closed(page);
        await page.getByRole('button', { name: 'Try', exact: true }).click();
        await page.getByRole('button', { name: 'Try the draft' }).click();
        await page.getByText(/would take/).waitFor();
      },
      'split view': async (page) => {
        await page.getByText('Split', { exact: true }).click();
        await page.locator('.cm-content').first().waitFor();
      },
      'code view': (page) => page.getByRole('radiogroup', { name: 'View' }).getByText('Code').click(),
    });
  });

  it('on the page of an execution', async () => {
    await expectAccess(`/executions/${failed}`, {
      execution: (page) => page.locator('[data-testid="step-read"][data-status="failure"]').waitFor(),
      data: (page) => page.getByRole('tab', { name: 'Data' }).click(),
      retry: async (page) => {
        await page.keyboard.press('r');
        await dialog(page, 'Retry this execution');
      },
    });
  });
});

describe('without a mouse', () => {
  it('a workflow is made, drawn, tried, published, executed and watched', async () => {
    const { page, complaints } = await world.tab('/workflows');
    const { keyboard } = page;
    const press = async (...keys: string[]): Promise<void> => {
      for (const key of keys) await keyboard.press(key);
    };
    const add = async (search: string, id: string): Promise<void> => {
      await press('n');
      await page.getByRole('combobox', { name: 'Search steps' }).waitFor();
      await keyboard.type(search);
      await press('Enter');
      await page.getByTestId(`step-${id}`).waitFor();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    const button = (name: string) => page.getByRole('button', { name, exact: true });
    await page.getByRole('row', { name: 'Everything', exact: true }).waitFor();
    await press('n');
    await page.getByRole('menuitem', { name: 'Empty' }).waitFor();
    await tabOrArrow(page);
    await page.getByRole('dialog', { name: 'New workflow' }).waitFor();
    await keyboard.type('By keys');
    await press('Enter');
    await page.getByTestId('canvas').waitFor();
    await add('set values', 'set_values');
    await add('set values', 'set_values_2');
    await add('write a file', 'write_a_file');
    // The file that is written.
    await press('Enter');
    await tabTo(page, page.locator('[data-inspector]').getByRole('textbox', { name: /^Path/ }));
    await keyboard.type('by-keys.txt');
    await tabTo(page, page.locator('[data-inspector]').getByRole('textbox', { name: /^Content/ }));
    await keyboard.type('written without a mouse');
    // Back on the canvas: from the first step, straight to the last one.
    await tabTo(page, button('Undo'), 'Shift+Tab');
    await press('ArrowUp', 'ArrowUp');
    await page.locator('[data-step="set_values"]').waitFor();
    await tabTo(page, page.getByRole('combobox', { name: 'Connect to another step' }));
    await press('ArrowDown');
    await page.getByRole('option').first().waitFor();
    await press('Enter');
    const edge = page.locator('.react-flow__edge[aria-label="Edge from set_values to write_a_file"]');
    await edge.waitFor({ state: 'attached' });
    await tabTo(page, button('Undo'), 'Shift+Tab');
    await press('Enter');
    await edge.waitFor({ state: 'detached' });
    await press('Control+Shift+z');
    await edge.waitFor({ state: 'attached' });
    await tabTo(page, button('Try'));
    await press('Enter');
    await tabTo(page, button('Try the draft'));
    await press('Enter');
    await page.getByText(/would take/).waitFor();
    await tabTo(page, button('Execute'), 'Shift+Tab');
    await press('Shift+P');
    await page.getByRole('dialog', { name: 'Publish version 1' }).waitFor();
    await page.getByRole('textbox', { name: 'Note' }).waitFor();
    await keyboard.type('All by keys');
    await press('Control+Enter');
    await button('Version 1').waitFor();
    await press('Control+Enter');
    await page.getByRole('dialog').waitFor();
    await tabTo(page, page.getByRole('dialog').getByRole('button', { name: 'Execute', exact: true }));
    await press('Enter');
    await tabTo(page, page.getByRole('link', { name: 'Open the execution' }));
    await press('Enter');
    await page.locator('header [data-status="success"]').waitFor();
    const id = 'by-keys';
    const { source } = await world.product.ask<WorkflowView>('GET', `/workflows/${id}`);
    const { steps } = parse(source) as { steps: JsonObject[] };
    expect(steps.map((step) => step.id)).toEqual(['set_values', 'set_values_2', 'write_a_file']);
    expect(steps[2]).toMatchObject({
      action: { parameters: { path: 'by-keys.txt', content: 'written without a mouse' } },
    });
    expect(complaints).toEqual([]);
  });
});

/** Takes the first entry of the menu that is open. */
async function tabOrArrow(page: Page): Promise<void> {
  const first = page.getByRole('menuitem').first();
  for (let count = 0; count < 3; count++) {
    if (await first.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
}

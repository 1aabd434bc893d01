import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessProblems } from './support/access.ts';
import { settled } from './support/settled.ts';
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

const WAITING = `name: Waiting
id: waiting
steps:
  - id: fan
    type: parallel
    config:
      branches:
        - { id: asks, steps: [{ id: ask, name: Sign off, type: approval, config: { message: "Go?", data: { size: 3 } } }] }
        - id: parks
          steps:
            - { id: read, name: Read, type: action, action: { type: file.read, parameters: { path: absent.txt } }, errorHandling: { strategy: park } }
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
});

afterAll(() => world?.close());

/** Opens a page, does what is to be done there first, and asks axe; both schemes. */
async function expectAccess(path: string, visits: Record<string, (page: Page) => Promise<unknown>>) {
  const { page, complaints, close } = await world.tab(path);
  const found: Record<string, string[]> = {};
  for (const [name, visit] of Object.entries(visits)) {
    await visit(page);
    await settled(page);
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
        await closed(page);
        await page.keyboard.press('Shift+?');
        await dialog(page, 'Keyboard shortcuts');
      },
    });
    await expectAccess('/executions', { executions: named('Everything') });
    await expectAccess('/triggers', { triggers: named('nightly') });
    await expectAccess('/activity', { nothing: named('Nothing has been told yet') });
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

  it('on the page of what waits for a person', async () => {
    await expectAccess('/approvals', { nothing: named('Nothing waits for a person') });
    await world.product.ask('POST', '/workflows', WAITING);
    await world.product.ask('POST', '/workflows/waiting/execute');
    await expectAccess('/approvals', {
      approvals: async (page) => {
        await named('Complete it with this output')(page);
        await page.getByRole('link', { name: 'Approvals, 1 waiting' }).waitFor();
      },
      'changed data': (page) => page.getByRole('button', { name: 'Change the data' }).click(),
    });
  });

  it('on the list of workflows and in its dialogs', async () => {
    const open = (item: string) => async (page: Page) => {
      if ((await page.getByRole('dialog').count()) > 0) await closed(page);
      await page.getByRole('button', { name: 'New workflow' }).click();
      await page.getByRole('menuitem', { name: item }).click();
      // It is given its name a moment after it appears.
      await page.getByRole('dialog', { name: /./ }).waitFor();
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
        await page.getByRole('dialog').getByRole('list', { name: 'Versions' }).waitFor();
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

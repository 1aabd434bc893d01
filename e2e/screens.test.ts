import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { type AiServer, startAiServer } from '../test/support/ai-server.ts';
import { SMALL } from './support/browser.ts';
import { fill } from './support/busy-install.ts';
import { picture } from './support/picture.ts';
import { World } from './support/world.ts';

let ai: AiServer;
let world: World;

beforeAll(async () => {
  ai = await startAiServer();
  ai.script(() => 'An empty cart throws: give reduce a start value of 0.');
  world = await World.open({ ANTHROPIC_API_KEY: 'sk-test', ANTHROPIC_BASE_URL: ai.baseUrl('claude') });
  await fill(world.product);
});

afterAll(async () => {
  await world?.close();
  await ai?.close();
});

const row = (page: Page, name: RegExp) => page.getByRole('row', { name }).first();

describe('each page tells what there is', () => {
  it('at home: what runs, what failed, what comes, what is used', async () => {
    const { page, complaints } = await world.tab('/', SMALL);
    const part = (name: string) => page.getByRole('region', { name });
    await part('Running now').getByText('Release').waitFor();
    await part('Last failures').getByText('Deploy, and take it back where it fails').waitFor();
    await part('Next scheduled runs').getByText('Nightly backup').waitFor();
    await part('Used most').getByText('Sales summary').waitFor();
    await picture(page, 'home');
    expect(complaints).toEqual([]);
  });

  it('in the lists of workflows and of executions', async () => {
    const { page, complaints } = await world.tab('/workflows', SMALL);
    await row(page, /^Sales summary/).waitFor();
    await picture(page, 'workflows');
    await page.getByRole('link', { name: 'Executions', exact: true }).click();
    await row(page, /^Release/).waitFor();
    await row(page, /^Deploy/)
      .locator('[data-status="failure"]')
      .waitFor();
    await picture(page, 'executions');
    expect(complaints).toEqual([]);
  });

  it('on the page of what waits for a person', async () => {
    const { page, complaints } = await world.tab('/approvals', SMALL);
    await page.getByText('Let v2 go live?').waitFor();
    await page.getByRole('link', { name: 'Approvals, 1 waiting' }).waitFor();
    await picture(page, 'approvals');
    expect(complaints).toEqual([]);
  });

  it('on the pages of triggers, plugins, secrets and chat', async () => {
    const { page, complaints } = await world.tab('/triggers', SMALL);
    await page
      .getByRole('row')
      .filter({ hasText: 'nightly' })
      .getByText('active', { exact: false })
      .waitFor();
    await picture(page, 'triggers');
    await page.getByRole('link', { name: 'Plugins' }).click();
    await page.getByText('Measure readability').waitFor();
    await picture(page, 'plugins');
    await page.getByRole('link', { name: 'Secrets' }).click();
    await page.getByRole('cell', { name: 'GITHUB_TOKEN', exact: true }).waitFor();
    await picture(page, 'secrets');
    await page.getByRole('link', { name: 'Chat' }).click();
    await page.getByText('An empty cart throws').last().waitFor();
    await page.getByRole('textbox', { name: 'Message' }).fill('Thank you, mended.');
    await page.keyboard.press('Enter');
    await page.getByRole('log', { name: 'Messages' }).getByText('Thank you, mended.').waitFor();
    await picture(page, 'chat');
    expect(complaints).toEqual([]);
  });

  it('in the panel of triggers: the events of plugins, with the settings that each declares', async () => {
    const { at, tab } = await world.builder('name: Told by a plugin\nsteps: []\n');
    await at.panel().getByRole('button', { name: 'Add a trigger' }).click();
    await at.page.getByRole('menuitem', { name: 'Plugin event' }).click();
    await at.field('Plugin').getByRole('combobox').waitFor();
    await at.input('Path').fill('/home/me/novel.md');
    expect((await at.draft()).triggers).toEqual([
      {
        id: 'plugin',
        type: 'plugin',
        config: { pluginId: 'word-tools', trigger: 'word_count', config: { path: '/home/me/novel.md' } },
      },
    ]);
    expect(tab.complaints).toEqual([]);
  });

  it('in the split view of a definition, and between two versions of it', async () => {
    const id = 'inbox-report';
    const { product } = world;
    const { source } = await product.ask<WorkflowView>('GET', `/workflows/${id}`);
    const shorter = source
      .slice(source.indexOf('id: '))
      .replace('name: Note the empty file', 'name: Note that it is empty')
      .replace('path: empty.log', 'path: reports/empty.log')
      .replace('events: [add, change]', 'events: [add]');
    await product.ask('PUT', `/workflows/${id}?draft=true`, shorter);
    await product.ask('POST', `/workflows/${id}/publish`, {
      note: 'Empty files are noted beside the reports',
    });
    const { page, complaints } = await world.tab(`/workflows/${id}`, SMALL);
    await page.getByText('Split', { exact: true }).click();
    await page.locator('.cm-line').first().waitFor();
    await page.getByTestId('step-note_empty').click();
    await page.locator('[data-inspector] [data-step="note_empty"]').waitFor();
    await page.getByRole('button', { name: 'Fit all of it' }).click();
    await picture(page, 'code');
    await page.getByText('Canvas', { exact: true }).click();
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Versions' }).click();
    const drawer = page.getByRole('dialog', { name: 'Versions' });
    await drawer.getByRole('listitem').filter({ hasText: 'Version 1' }).getByRole('button').click();
    await drawer.getByText('Note that it is empty').first().waitFor();
    await picture(page, 'versions');
    expect(complaints).toEqual([]);
  });
});

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { ExecutionView } from '#shared/contract/execution.ts';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import type { Tab } from './support/browser.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world?.close());

/** Creates a workflow; answers its id. */
const create = async (yaml: string): Promise<string> =>
  (await world.product.ask<WorkflowView>('POST', '/workflows', yaml)).id;

/** Executes a workflow and opens the execution's page. */
async function run(id: string): Promise<Tab & { id: string }> {
  const { executionId } = await world.product.ask<{ executionId: string }>(
    'POST',
    `/workflows/${id}/execute`,
  );
  return { ...(await world.tab(`/executions/${executionId}`)), id: executionId };
}

const step = (page: Page, id: string, status: string): Locator =>
  page.locator(`[data-testid="step-${id}"][data-status="${status}"]`);

const panel = (page: Page): Locator => page.getByRole('complementary', { name: 'Step' });

const head = (page: Page, status: string): Locator => page.locator(`header [data-status="${status}"]`);

const button = (page: Page, name: string): Locator => page.getByRole('button', { name, exact: true });

/** Id of the execution that a page shows. */
const shownId = (page: Page): string =>
  decodeURIComponent(new URL(page.url()).pathname.split('/').at(-1) ?? '');

/** Waits until the page shows another execution than this one; answers its id. */
async function moved(page: Page, from: string): Promise<string> {
  await page.waitForURL((url) => !url.pathname.endsWith(encodeURIComponent(from)));
  return shownId(page);
}

const write = (id: string, content: string): string =>
  `{ id: ${id}, type: action, action: { type: file.write, parameters: { path: ${id}.txt, content: "${content}" } } }`;

const SLOW = (name: string): string => `name: ${name}
steps:
  - ${write('first', 'begun')}
  - { id: pause_a, name: Short pause, type: delay, config: { for: 5s } }
  - { id: pause_b, name: Second pause, type: delay, config: { for: 500ms } }
  - ${write('last', 'done')}
`;

describe('a running execution', () => {
  it('is watched live on the canvas it was drawn on, paused, and resumed to its end', async () => {
    const { page, complaints } = await run(await create(SLOW('Watched')));
    await step(page, 'first', 'success').waitFor();
    await step(page, 'pause_a', 'waiting').waitFor();
    await page.getByText('Waiting until the time is up at "Short pause"').waitFor();
    await button(page, 'Pause').click();
    await head(page, 'paused').waitFor();
    await page.getByText('Paused: no further step starts until it is resumed').waitFor();
    expect(await button(page, 'Pause').count()).toBe(0);
    expect(await step(page, 'last', 'success').count()).toBe(0);
    await button(page, 'Resume').click();
    await step(page, 'last', 'success').waitFor();
    await head(page, 'success').waitFor();
    expect(await readFile(join(world.product.workspace, 'last.txt'), 'utf8')).toBe('done');
    expect(await button(page, 'Cancel').count()).toBe(0);
    const timeline = page.getByRole('list', { name: 'Timeline' });
    await timeline.getByRole('button', { name: /Second pause/ }).click();
    await panel(page).getByText('Second pause').waitFor();
    expect(complaints).toEqual([]);
  });

  it('is cancelled, and what had not begun never runs', async () => {
    const { page, complaints } = await run(
      await create(
        `name: Cancelled\nsteps:\n  - { id: wait, type: delay, config: { for: 1h } }\n  - ${write('never', 'no')}\n`,
      ),
    );
    await step(page, 'wait', 'waiting').waitFor();
    await button(page, 'Cancel').click();
    await head(page, 'cancelled').waitFor();
    await button(page, 'Retry').waitFor();
    await expect(readFile(join(world.product.workspace, 'never.txt'))).rejects.toThrow('ENOENT');
    expect(complaints).toEqual([]);
  });

  it('leads to the very same run in Temporal’s own pages', async () => {
    const { page, id } = await run(await create(SLOW('Linked')));
    const { temporal } = await world.product.execution(id);
    const health = await world.product.ask<{ temporal: { web: string } }>('GET', '/health');
    const link = page.getByRole('link', { name: 'Temporal' });
    const path = [temporal?.workflowId, temporal?.runId].map((part) => encodeURIComponent(String(part)));
    expect(await link.getAttribute('href')).toBe(
      `${health.temporal.web}/namespaces/default/workflows/${path.join('/')}/history`,
    );
    expect(await link.getAttribute('target')).toBe('_blank');
  });

  it('says how far its loops are, and shows each of their times', async () => {
    const { page, complaints } = await run(
      await create(`name: Looped
steps:
  - id: each
    type: loop
    config:
      items: [4, 5, 6]
      concurrency: 1
      steps:
        - { id: wait, type: delay, config: { for: 700ms } }
        - { id: keep, name: Keep it, type: set, config: { values: { item: "{{ item }}" } } }
`),
    );
    await page.getByTestId('step-keep').getByText('3 of 3').waitFor();
    await head(page, 'success').waitFor();
    await step(page, 'keep', 'success').click();
    const which = panel(page).getByRole('combobox', { name: 'Which time' });
    await which.click();
    expect(await page.getByRole('option').count()).toBe(3);
    await page.getByRole('option').first().click();
    await panel(page).getByRole('region', { name: 'Output' }).getByText('4').first().waitFor();
    await which.click();
    await page.getByRole('option').last().click();
    await panel(page).getByRole('region', { name: 'Output' }).getByText('6').first().waitFor();
    expect(complaints).toEqual([]);
  });
});

const READER = (path: string): string => `name: Reader
id: reader
steps:
  - { id: mark, type: set, config: { values: { at: "{{ execution.id }}" } } }
  - { id: read, name: Read it, type: action, action: { type: file.read, parameters: { path: ${path} } } }
  - ${write('after', 'read')}
`;

describe('a failed execution', () => {
  it('is retried from its failed step on the definition that was fixed meanwhile', async () => {
    const id = await create(READER('absent.txt'));
    const { page, complaints, id: failed } = await run(id);
    await head(page, 'failure').waitFor();
    await panel(page).getByRole('alert').getByText('absent.txt').waitFor();
    await writeFile(join(world.product.workspace, 'present.txt'), 'It is here');
    await world.product.ask('PUT', `/workflows/${id}`, READER('present.txt'));
    await button(page, 'Retry').click();
    const dialog = page.getByRole('dialog', { name: 'Retry this execution' });
    expect(await dialog.getByRole('radio', { name: 'The failed step: Read it' }).isChecked()).toBe(true);
    await dialog.getByRole('radio', { name: 'The latest published definition' }).check();
    await dialog.getByRole('button', { name: 'Retry from here' }).click();
    const again = await moved(page, failed);
    await head(page, 'success').waitFor();
    const view = await world.product.execution(again);
    expect(view).toMatchObject({ retryOf: failed, workflowVersion: 2, status: 'success' });
    expect(view.steps.find(({ id: each }) => each === 'mark')).toMatchObject({
      given: true,
      output: { at: failed },
    });
    await page.getByRole('link', { name: 'retry of an earlier execution' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('is retried from the start on what it ran, by the key R', async () => {
    const id = await create(READER('missing-too.txt').replace('id: reader', 'id: reader-2'));
    const { page, id: failed } = await run(id);
    await head(page, 'failure').waitFor();
    await page.keyboard.press('r');
    await page.getByRole('radio', { name: 'The start' }).check();
    await button(page, 'Retry from the start').click();
    const again = await moved(page, failed);
    await head(page, 'failure').waitFor();
    const view: ExecutionView = await world.product.execution(again);
    expect(view.steps.find(({ id: each }) => each === 'mark')).toMatchObject({ output: { at: again } });
  });
});

const ASKING = `name: Asking
steps:
  - { id: ask, name: Sign off, type: approval, config: { message: "Publish it?", data: { size: 3 } } }
  - ${write('published', 'yes')}
`;

describe('a step that waits for a person', () => {
  it('is approved', async () => {
    const { page, complaints } = await run(await create(ASKING));
    await page.getByText('Waiting for a person at "Sign off"').waitFor();
    await panel(page).getByText('Publish it?', { exact: true }).waitFor();
    await panel(page).getByRole('textbox', { name: 'Reason' }).fill('Fine by me');
    await button(page, 'Approve').click();
    await head(page, 'success').waitFor();
    await step(page, 'ask', 'success').click();
    await panel(page).getByText('Fine by me').waitFor();
    expect(complaints).toEqual([]);
  });

  it('is rejected with a reason, which is what the execution failed of', async () => {
    const { page, complaints } = await run(await create(ASKING.replace('Asking', 'Asking again')));
    await panel(page).getByRole('textbox', { name: 'Reason' }).fill('Too early');
    await button(page, 'Reject').click();
    await head(page, 'failure').waitFor();
    await panel(page).getByRole('alert').getByText('Too early').waitFor();
    expect(complaints).toEqual([]);
  });

  it('is rescued where it is parked: retried once its cause is mended, or completed by hand', async () => {
    const parked = (path: string): string => `name: Parked ${path}
steps:
  - id: read
    name: Read it
    type: action
    action: { type: file.read, parameters: { path: ${path}.txt } }
    errorHandling: { strategy: park }
output: { text: "{{ steps.read.output.content }}" }
`;
    const { page, complaints, id } = await run(await create(parked('later')));
    await page.getByText('Parked for a person at "Read it"').waitFor();
    await writeFile(join(world.product.workspace, 'later.txt'), 'mended');
    await button(page, 'Retry the step').click();
    await head(page, 'success').waitFor();
    expect((await world.product.execution(id)).output).toEqual({ text: 'mended' });
    const other = await run(await create(parked('never')));
    await other.page.getByRole('textbox', { name: 'Output' }).fill('{ "content": ');
    await other.page.getByText('This is no JSON.').waitFor();
    expect(await button(other.page, 'Complete it with this output').isDisabled()).toBe(true);
    await other.page.getByRole('textbox', { name: 'Output' }).fill('{ "content": "by hand" }');
    await button(other.page, 'Complete it with this output').click();
    await head(other.page, 'success').waitFor();
    expect((await world.product.execution(other.id)).output).toEqual({ text: 'by hand' });
    expect([...complaints, ...other.complaints]).toEqual([]);
  });
});

describe('looking back', () => {
  it('travels through the events of an execution with the arrow keys, and comes back to its end', async () => {
    const yaml = `name: Looked back on
steps:
  - ${write('early', 'one')}
  - { id: lost, name: Lost, type: action, action: { type: file.read, parameters: { path: not-there.txt } }, errorHandling: { strategy: continue } }
  - ${write('late', 'two')}
`;
    const { page, complaints } = await run(await create(yaml));
    await head(page, 'success').waitFor();
    const moment = page.getByRole('slider', { name: 'Moment' });
    await moment.waitFor();
    const said = (): Promise<string | null> => moment.getAttribute('aria-valuetext');
    expect(await button(page, 'End').isDisabled()).toBe(true);
    expect(await page.locator('[aria-label="History"] [data-bad]').count()).toBe(1);

    await moment.press('Home');
    expect(await said()).toMatch(/^1 of 10: started, /);
    await step(page, 'early', 'running').waitFor();
    expect(await step(page, 'late', 'pending').count()).toBe(1);
    for (let press = 0; press < 3; press++) await moment.press('ArrowRight');
    expect(await said()).toMatch(/^4 of 10: early succeeded, /);
    await step(page, 'early', 'success').waitFor();
    await step(page, 'lost', 'running').waitFor();
    await moment.press('ArrowRight');
    expect(await said()).toMatch(/^5 of 10: Lost is due, /);

    await step(page, 'lost', 'running').click();
    await panel(page).getByText('not-there.txt').waitFor();
    expect(await button(page, 'Retry from here').count()).toBe(0);
    await button(page, 'End').click();
    await step(page, 'late', 'success').waitFor();
    await step(page, 'lost', 'failure').waitFor();
    await button(page, 'Retry from here').waitFor();
    expect(complaints).toEqual([]);
  });

  it('asks nobody to decide what was decided long ago, and goes on live', async () => {
    const { page, complaints } = await run(await create(ASKING.replace('Asking', 'Asked before')));
    await button(page, 'Approve').click();
    await head(page, 'success').waitFor();
    await page.getByRole('slider', { name: 'Moment' }).press('Home');
    await step(page, 'ask', 'waiting').click();
    await panel(page).getByText('Publish it?').waitFor();
    expect(await button(page, 'Approve').count()).toBe(0);
    const writing = ASKING.replace('Asking', 'Asked live').replace(
      'steps:',
      `steps:\n  - ${write('before', 'yes')}`,
    );
    const { page: live, complaints: others } = await run(await create(writing));
    await step(live, 'ask', 'waiting').waitFor();
    await live.getByRole('slider', { name: 'Moment' }).press('Home');
    await step(live, 'ask', 'pending').waitFor();
    await button(live, 'Live').click();
    await button(live, 'Approve').click();
    await step(live, 'published', 'success').waitFor();
    expect([...complaints, ...others]).toEqual([]);
  });
});

describe('the list of executions', () => {
  it('shows states as they change, steers, and keeps its filters in the address', async () => {
    const id = await create(SLOW('Listed'));
    const { page, complaints } = await world.tab(`/executions?workflowId=${id}`);
    await page.getByText('No execution is like that').waitFor();
    await world.product.ask('POST', `/workflows/${id}/execute`);
    const row = page.getByRole('row', { name: /^Listed/ });
    await row.locator('[data-status="running"], [data-status="waiting"]').first().waitFor();
    await row.getByRole('button', { name: 'Pause: Listed' }).click();
    await row.locator('[data-status="paused"]').waitFor();
    await row.getByRole('button', { name: 'Resume: Listed' }).click();
    await row.locator('[data-status="success"]').waitFor();
    await page.getByRole('combobox', { name: 'Status' }).click();
    await page.getByRole('option', { name: 'failed' }).click();
    await page.getByText('No execution is like that').waitFor();
    expect(page.url()).toContain('status=failure');
    await page.getByRole('combobox', { name: 'Workflow' }).click();
    await page.getByRole('option', { name: 'Any workflow' }).click();
    await page
      .getByRole('row', { name: /^Reader/ })
      .first()
      .waitFor();
    await page.reload();
    await page
      .getByRole('row', { name: /^Reader/ })
      .first()
      .waitFor();
    expect(await page.getByRole('row', { name: /^Listed/ }).count()).toBe(0);
    await page
      .getByRole('row', { name: /^Reader/ })
      .first()
      .press('Enter');
    await head(page, 'failure').waitFor();
    expect(complaints).toEqual([]);
  });
});

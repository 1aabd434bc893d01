import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import type { WorkflowView } from '#shared/contract/workflow.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world?.close());

/** Creates a workflow and executes it; answers the execution's id. */
async function start(yaml: string): Promise<string> {
  const { id } = await world.product.ask<WorkflowView>('POST', '/workflows', yaml);
  const { executionId } = await world.product.ask<{ executionId: string }>(
    'POST',
    `/workflows/${id}/execute`,
  );
  return executionId;
}

const asking = (name: string): string => `name: Release ${name}
steps:
  - id: ask
    name: Sign off ${name}
    type: approval
    config: { message: "Publish ${name}?", data: { size: 3 } }
output: "{{ steps.ask.output.data }}"
`;

const PARKING = `name: Import
steps:
  - id: read
    name: Read it
    type: action
    action: { type: file.read, parameters: { path: late.txt } }
    errorHandling: { strategy: park }
output: "{{ steps.read.output.content }}"
`;

const card = (page: Page, step: string): Locator =>
  page.getByRole('region', { name: new RegExp(`^${step},`) });

const rail = (page: Page, name: string): Locator => page.getByRole('link', { name, exact: true });

const ended = (id: string) => world.product.execution(id);

it('nothing waits at first, and the page says what would', async () => {
  const { page, complaints } = await world.tab('/approvals');
  await page.getByText('Nothing waits for a person').waitFor();
  await rail(page, 'Approvals').waitFor();
  expect(complaints).toEqual([]);
});

it('what waits is counted on every page, and decided where it is listed, without anything moving', async () => {
  const blue = await start(asking('blue'));
  const { page, complaints } = await world.tab('/');
  await rail(page, 'Approvals, 1 waiting').click();
  await card(page, 'Sign off blue').getByText('Publish blue?').waitFor();
  const place = await card(page, 'Sign off blue').boundingBox();
  const green = await start(asking('green'));
  await card(page, 'Sign off green').getByText('Publish green?').waitFor();
  expect(await card(page, 'Sign off blue').boundingBox()).toEqual(place);
  await rail(page, 'Approvals, 2 waiting').waitFor();

  await card(page, 'Sign off blue').getByRole('button', { name: 'Change the data' }).click();
  const data = card(page, 'Sign off blue').getByRole('textbox', { name: 'Data' });
  await data.fill('{ "size": ');
  await page.getByText('This is no JSON.').waitFor();
  expect(await card(page, 'Sign off blue').getByRole('button', { name: 'Approve' }).isDisabled()).toBe(true);
  await data.fill('{ "size": 4 }');
  await card(page, 'Sign off blue').getByRole('button', { name: 'Approve' }).click();
  await card(page, 'Sign off blue').getByText('It no longer waits.').waitFor();
  expect(await ended(blue)).toMatchObject({ status: 'success', output: { size: 4 } });

  await card(page, 'Sign off green').getByRole('textbox', { name: 'Reason' }).fill('Too early');
  await card(page, 'Sign off green').getByRole('button', { name: 'Reject' }).click();
  await card(page, 'Sign off green').getByText('It no longer waits.').waitFor();
  expect(await ended(green)).toMatchObject({ status: 'failure', error: { code: 'approval.rejected' } });
  await rail(page, 'Approvals').waitFor();
  expect(complaints).toEqual([]);
});

it('a parked step is seen to from a phone', async () => {
  const id = await start(PARKING);
  const { page, complaints } = await world.tab('/approvals', { width: 390, height: 844 });
  const parked = card(page, 'Read it');
  await parked.getByRole('alert').waitFor();
  const box = await parked.boundingBox();
  expect((box?.x ?? 0) + (box?.width ?? 1_000)).toBeLessThanOrEqual(390);
  await writeFile(join(world.product.workspace, 'late.txt'), 'here');
  await parked.getByRole('button', { name: 'Retry the step' }).click();
  await parked.getByText('It no longer waits.').waitFor();
  await parked.getByRole('link', { name: 'Import' }).click();
  await page.locator('header [data-status="success"]').waitFor();
  expect(await ended(id)).toMatchObject({ output: 'here' });
  expect(complaints).toEqual([]);
});

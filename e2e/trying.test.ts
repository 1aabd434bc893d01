import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#shared/json.ts';
import type { BuilderPage } from './support/builder-page.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
  await writeFile(join(world.product.workspace, 'in.txt'), 'from the file');
});

afterAll(() => world?.close());

const write = (id: string, path: string, content: string, rest = ''): string =>
  `  - { id: ${id}, name: Write ${path}, type: action, action: { type: file.write, parameters: { path: ${path}, content: "${content}" } }${rest} }\n`;

const to = (...targets: string[]): string =>
  `, connections: { outputs: [${targets.map((target) => `{ targetStepId: ${target} }`).join(', ')}] }`;

const tried = (name: string): string => `name: ${name}
steps:
  - id: read
    name: Read it
    type: action
    action: { type: file.read, parameters: { path: in.txt } }
    connections:
      outputs:
        - { targetStepId: good }
        - { targetStepId: bad, condition: { type: failure } }
${write('good', `${name}/good.txt`, '{{ steps.read.output.content }}', to('last'))}${write('bad', `${name}/bad.txt`, 'bad', to())}${write('last', `${name}/last.txt`, 'last')}`;

const file = (path: string): string => join(world.product.workspace, path);

const state = (at: BuilderPage, id: string, status: string) =>
  at.page.locator(`[data-testid="step-${id}"][data-status="${status}"]`);

const bottom = (at: BuilderPage, name: string) => at.page.getByRole('tab', { name }).click();

/** Executes by the dialog that is open. */
async function execute(at: BuilderPage, title: string): Promise<void> {
  const dialog = at.page.getByRole('dialog', { name: title });
  await dialog.getByRole('button', { name: 'Execute' }).click();
  await dialog.waitFor({ state: 'detached' });
}

/** Waits until the execution that is followed has ended. */
async function ended(at: BuilderPage, status: string): Promise<void> {
  const bar = at.page.getByRole('status', { name: 'The execution that is shown' });
  await bar.locator(`[data-status="${status}"]`).waitFor();
}

describe('the sandbox', () => {
  it('shows on the canvas what a draft would do, and takes the failure edge of a step made to fail', async () => {
    const { at, tab } = await world.builder(tried('sandbox'));
    await at.page.getByRole('button', { name: 'Try', exact: true }).click();
    await at.page.getByRole('button', { name: 'Try the draft' }).click();
    await state(at, 'read', 'success').waitFor();
    await state(at, 'last', 'success').waitFor();
    await state(at, 'bad', 'skipped').waitFor();
    const rows = at.page.getByRole('list', { name: 'Steps of the dry run' });
    await rows
      .getByRole('button', { name: /Write sandbox\/good\.txt/ })
      .first()
      .click();
    const sandbox = at.page.getByRole('region', { name: 'Sandbox' });
    await sandbox.getByText(/^Would do: .*sandbox\/good\.txt/).waitFor();
    await rows.getByRole('button', { name: 'Make Read it fail' }).click();
    await state(at, 'read', 'failure').waitFor();
    await state(at, 'bad', 'success').waitFor();
    await state(at, 'good', 'skipped').waitFor();
    await rows.getByRole('button', { name: 'Let Read it succeed' }).click();
    await state(at, 'good', 'success').waitFor();
    expect(existsSync(file('sandbox'))).toBe(false);
    expect(tab.complaints).toEqual([]);
  });
});

describe('pinned outputs', () => {
  it('come from the last run, can be edited, and stand in for steps in the sandbox and in trials', async () => {
    const { at, tab } = await world.builder(tried('pins'));
    await at.page.keyboard.press('Control+Enter');
    await execute(at, 'Execute the draft');
    await ended(at, 'success');
    expect(await readFile(file('pins/good.txt'), 'utf8')).toBe('from the file');
    await at.step('read').click();
    await bottom(at, 'Data');
    const output = at.page.getByRole('region', { name: 'Output' });
    await output.getByText('from the file').waitFor();
    await output.getByRole('button', { name: 'Pin it' }).click();
    await at.step('read').getByLabel('Output pinned').waitFor();
    const editor = output.getByRole('textbox', { name: 'Pinned output' });
    await editor.fill('{ "content": "from the pin" }');
    await editor.blur();
    expect((await at.draft()).metadata).toEqual({ pins: { read: { content: 'from the pin' } } });
    await bottom(at, 'Sandbox');
    await at.page.getByRole('button', { name: 'Try the draft' }).click();
    await at.step('good').click();
    await at.page.getByRole('region', { name: 'Sandbox' }).getByText('from the pin').first().waitFor();
    await at.panel().getByRole('button', { name: 'Try this step' }).click();
    await at.page.getByRole('checkbox', { name: 'Use the pinned output' }).waitFor();
    await execute(at, 'Execute good alone');
    await ended(at, 'success');
    expect(await readFile(file('pins/good.txt'), 'utf8')).toBe('from the pin');
    await at.step('read').click();
    await at.page.keyboard.press('p');
    await at.step('read').getByLabel('Output pinned').waitFor({ state: 'detached' });
    await at.saved();
    expect(await at.text()).not.toContain('pins:');
    expect(tab.complaints).toEqual([]);
  });

  it('hold what is kept apart for its size', async () => {
    const long = 'lorem ipsum '.repeat(12_000);
    await writeFile(file('long.txt'), long);
    const { at, tab } = await world.builder(tried('long').replace('in.txt', 'long.txt'));
    await at.page.keyboard.press('Control+Enter');
    await execute(at, 'Execute the draft');
    await ended(at, 'success');
    await at.step('read').click();
    await bottom(at, 'Data');
    const output = at.page.getByRole('region', { name: 'Output' });
    await output.getByText('content').first().waitFor();
    await output.getByRole('button', { name: 'Pin it' }).click();
    await at.step('read').getByLabel('Output pinned').waitFor();
    const { pins } = (await at.draft()).metadata as { pins: { read: JsonObject } };
    expect(pins.read.content).toBe(long);
    expect(tab.complaints).toEqual([]);
  });

  it('are asked for where a step that is tried alone reads what is not there', async () => {
    const { at, tab } = await world.builder(tried('asked'));
    await at.step('good').click();
    await at.panel().getByRole('button', { name: 'Try this step' }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Execute good alone' });
    await dialog.getByRole('button', { name: 'Execute' }).click();
    await dialog.getByRole('textbox', { name: 'Output of read' }).fill('{ "content": "given by hand" }');
    await execute(at, 'Execute good alone');
    await ended(at, 'success');
    expect(await readFile(file('asked/good.txt'), 'utf8')).toBe('given by hand');
    expect(existsSync(file('asked/last.txt'))).toBe(false);
    expect(tab.complaints).toEqual([]);
  });
});

describe('an execution from the builder', () => {
  it('runs only the part up to a step', async () => {
    const { at, tab } = await world.builder(tried('part'));
    await at.step('good').click();
    await at.panel().getByRole('button', { name: 'Execute up to this step' }).click();
    await execute(at, 'Execute up to good');
    await ended(at, 'success');
    expect(await readFile(file('part/good.txt'), 'utf8')).toBe('from the file');
    expect(existsSync(file('part/last.txt'))).toBe(false);
    expect(tab.complaints).toEqual([]);
  });

  it('asks for variables, and says at a field what is wrong with it', async () => {
    const { at, tab } = await world.builder(`name: Asked
variables:
  - { name: who, type: string, required: true }
  - { name: times, type: number, default: 2 }
steps:
${write('greet', 'greeting.txt', 'Hello {{ variables.who }} x{{ variables.times }}')}`);
    await at.page.getByRole('button', { name: 'Execute', exact: true }).click();
    const dialog = at.page.getByRole('dialog', { name: 'Execute the draft' });
    await dialog.getByRole('textbox', { name: 'times' }).fill('often');
    await dialog.getByRole('button', { name: 'Execute' }).click();
    const who = dialog.getByRole('textbox', { name: /^who/ });
    await dialog.locator('[aria-invalid="true"]').nth(1).waitFor();
    expect(await who.getAttribute('aria-invalid')).toBe('true');
    await who.fill('Ana');
    await dialog.getByRole('textbox', { name: 'times' }).fill('3');
    await execute(at, 'Execute the draft');
    await ended(at, 'success');
    expect(await readFile(file('greeting.txt'), 'utf8')).toBe('Hello Ana x3');
    expect(tab.complaints).toEqual([]);
  });

  it('is drawn on the canvas while it runs, and can be opened from there', async () => {
    const { at, tab } = await world.builder(`name: Slow
steps:
  - { id: one, type: delay, config: { for: 100ms } }
  - { id: ask, type: approval, config: { message: Go on } }
  - { id: three, type: delay, config: { for: 100ms } }
`);
    await at.page.keyboard.press('Control+Enter');
    await execute(at, 'Execute the draft');
    await state(at, 'one', 'success').waitFor();
    await state(at, 'ask', 'waiting').waitFor();
    const [execution] = await world.product.executions(at.id);
    const id = execution?.executionId ?? '';
    await world.product.ask('POST', `/executions/${encodeURIComponent(id)}/approvals/ask`, {
      approved: true,
    });
    await state(at, 'three', 'success').waitFor();
    await ended(at, 'success');
    await at.page.getByRole('button', { name: 'Show the draft alone' }).click();
    await at.page.locator('[data-testid="step-one"]:not([data-status])').waitFor();
    await at.page.keyboard.press('Control+Enter');
    await execute(at, 'Execute the draft');
    await at.page.getByRole('link', { name: 'Open the execution' }).click();
    await at.page.waitForURL(/\/executions\//);
    expect(tab.complaints).toEqual([]);
  });
});

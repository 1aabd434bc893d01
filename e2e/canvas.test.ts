import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { JsonObject } from '#shared/json.ts';
import { BuilderPage } from './support/builder-page.ts';
import { settled } from './support/settled.ts';
import { weightOf } from './support/weight.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world?.close());

const CHAIN = `name: Chain
steps:
  # the first
  - { id: a, name: First, type: delay, config: { for: 1s } }
  - { id: b, name: Second, type: delay, config: { for: 1s } }
  - { id: c, name: Third, type: delay, config: { for: 1s } }
`;

const NOTED = `name: Noted
metadata:
  notes: [{ id: n, text: Beside, position: { x: 280, y: 0 }, width: 160, height: 64, colour: yellow }]
steps:
  - { id: a, name: First, type: delay, config: { for: 1s }, position: { x: 0, y: 0 } }
  - id: each
    name: Each
    type: loop
    position: { x: 0, y: 200 }
    config:
      times: 2
      steps:
        - { id: in_1, name: Inner, type: delay, config: { for: 1s } }
`;

const ids = ({ steps }: JsonObject): unknown[] => (steps as JsonObject[]).map(({ id }) => id);

const edges = ({ steps }: JsonObject): string[] =>
  (steps as JsonObject[]).flatMap(({ id, connections }) =>
    (((connections as JsonObject | undefined)?.outputs as JsonObject[] | undefined) ?? []).map(
      ({ targetStepId, condition }) =>
        `${id} ${((condition as JsonObject | undefined)?.type as string | undefined) ?? 'success'} ${targetStepId}`,
    ),
  );

describe('the canvas', () => {
  it('takes steps by drag from the palette, onto empty space and onto an edge', async () => {
    const { at, tab } = await world.builder('name: Dragged\nsteps: []\n');
    await at.dragNew('file.read', { x: 300, y: 160 });
    await at.step('read_a_file').waitFor();
    await at.page.getByTestId('palette-file.write').click();
    await at.step('write_a_file').waitFor();
    await at.dragNewOnto('delay', at.edge('read_a_file', 'write_a_file'));
    await at.step('delay').waitFor();
    expect(ids(await at.draft())).toEqual(['read_a_file', 'delay', 'write_a_file']);
    expect(tab.complaints).toEqual([]);
  });

  it('joins steps by wires, asks what follows where a wire is dropped on nothing, and refuses cycles with the reason', async () => {
    const { at, tab } = await world.builder(CHAIN);
    await at.dropWire('c', { x: 0, y: 90 });
    await at.pick('write a file');
    await at.step('write_a_file').waitFor();
    await at.connect('a', 'c', 'failure');
    await at.edge('a', 'c').waitFor();
    const before = await at.draft();
    expect(edges(before)).toEqual(['a success b', 'a failure c', 'b success c', 'c success write_a_file']);
    await at.connect('c', 'a');
    await at.saved();
    expect(await at.draft()).toEqual(before);
    expect(await at.text()).toContain('# the first');
    expect(tab.complaints).toEqual([]);
  });

  it('says while a wire is drawn why it cannot end there', async () => {
    const { at } = await world.builder(CHAIN);
    const from = await at.handle('c', 'success');
    const to = await at.step('a').boundingBox();
    if (!to) throw new Error('The step is not drawn.');
    await at.page.mouse.move(from.x, from.y);
    await at.page.mouse.down();
    await at.page.mouse.move(to.x + to.width / 2, to.y + 4, { steps: 12 });
    await at.page.getByText('This would be a cycle').waitFor();
    await at.page.mouse.up();
  });

  it('gives an edge a condition and a label', async () => {
    const { at } = await world.builder(CHAIN);
    await at.clickEdge('a', 'b');
    await at.page.getByRole('combobox', { name: 'Followed' }).click();
    await at.page.getByRole('option', { name: 'when an expression holds' }).click();
    await at.page.getByRole('textbox', { name: 'Label' }).fill('only then');
    await at.page.locator('span', { hasText: 'only then' }).waitFor();
    const [first] = (await at.draft()).steps as JsonObject[];
    expect(first?.connections).toEqual({
      outputs: [
        { targetStepId: 'b', condition: { type: 'expression', expression: 'true' }, label: 'only then' },
      ],
    });
  });

  it('moves, copies, pastes, duplicates, disables, renames and deletes by keys, and takes all of it back', async () => {
    const { at, tab } = await world.builder(CHAIN);
    const { keyboard } = at.page;
    const start = await at.text();
    await at.move('a', { x: -160, y: 0 });
    expect((await at.draft()).steps).toMatchObject([{ id: 'a', position: {} }, { id: 'b' }, { id: 'c' }]);
    await at.step('b').click();
    await keyboard.press('Control+c');
    await keyboard.press('Control+v');
    await at.step('b_2').waitFor();
    await keyboard.press('Control+d');
    await at.step('b_3').waitFor();
    await keyboard.press('1');
    // Its copies stand beside it and cover its middle.
    const corner = { position: { x: 60, y: 8 } };
    await at.step('b').click(corner);
    await keyboard.press('d');
    await at.page.locator('[data-testid="step-b"][data-disabled]').waitFor();
    await keyboard.press('F2');
    await keyboard.type('Renamed');
    await keyboard.press('Enter');
    await at.page.getByText('Renamed').first().waitFor();
    await at.step('b').click(corner);
    await keyboard.press('Control+Delete');
    await at.step('b').waitFor({ state: 'detached' });
    expect(edges(await at.draft())).toContain('a success c');
    for (let count = 0; count < 6; count++) await keyboard.press('Control+z');
    await at.step('b_2').waitFor({ state: 'detached' });
    expect(await at.text()).toBe(start);
    expect(tab.complaints).toEqual([]);
  });

  it('keeps loops and branches as frames that hold their own steps', async () => {
    const { at } = await world.builder('name: Framed\nsteps: []\n');
    await at.page.getByTestId('palette-loop').click();
    await at.frame('loop').waitFor();
    await at.page.getByRole('button', { name: 'Add a step in Loop' }).click();
    await at.pick('set values');
    await at.step('set_values').waitFor();
    await at.page.getByTestId('palette-parallel').click();
    await at.frame('parallel').waitFor();
    const draft = await at.draft();
    expect(JSON.stringify(draft.steps)).toContain('"set_values"');
    await settled(at.page);
    await at.page.getByRole('button', { name: 'Collapse Loop' }).click();
    await at.step('loop').waitFor();
    await at.step('set_values').waitFor({ state: 'detached' });
  });

  it('keeps where several steps are dragged to together', async () => {
    const { at, tab } = await world.builder(CHAIN);
    const { mouse, keyboard } = at.page;
    await settled(at.page);
    const [a, b] = [await at.corner('a'), await at.corner('b')];
    await keyboard.down('Shift');
    await mouse.move(a.x - 20, a.y - 20);
    await mouse.down();
    await mouse.move(b.x + 60, b.y + 20, { steps: 5 });
    await mouse.up();
    await keyboard.up('Shift');
    await mouse.move(a.x + 60, a.y + 20);
    await mouse.down();
    await mouse.move(a.x + 160, a.y + 60, { steps: 5 });
    await mouse.up();
    const steps = (await at.draft()).steps as JsonObject[];
    const columns = steps.map(({ position }) => (position as JsonObject).x);
    expect(columns).toEqual([80, 80, 0]);
    expect(tab.complaints).toEqual([]);
  });

  it('puts a step into the frame it is dropped in, and a note that came along where it was dropped', async () => {
    const { at, tab } = await world.builder(NOTED);
    await settled(at.page);
    await at.step('a').click();
    await at.page.getByTestId('note-n').click({ modifiers: ['Control'] });
    await at.dragOnto(at.step('a'), at.frame('each'));
    await at.saved();
    const { steps, metadata } = await at.draft();
    expect(JSON.stringify(steps)).toMatch(/^\[{"id":"each".*{"id":"in_1".*{"id":"a"/);
    const [note] = (metadata as { notes: { position: { y: number } }[] }).notes;
    expect(note?.position.y).toBeGreaterThan(100);
    await at.page.keyboard.press('Control+z');
    await at.saved();
    expect(await at.draft()).toEqual(parse(NOTED));
    expect(tab.complaints).toEqual([]);
  });

  it('lies on dots that move with it, and stay apart when it is seen from afar', async () => {
    const { at } = await world.builder(CHAIN);
    const dots = () =>
      at.page.getByTestId('dots').evaluate((element) => {
        const { backgroundSize, backgroundPosition } = getComputedStyle(element);
        const [gap = 0, left = 0, top = 0] = [backgroundSize, ...backgroundPosition.split(' ')].map(
          parseFloat,
        );
        return { gap, left, top };
      });
    await settled(at.page);
    const [before, from] = [await dots(), await at.corner('b')];
    await at.canvas().hover({ position: { x: 60, y: 60 } });
    await at.page.mouse.down();
    await at.page.mouse.move(from.x + 35, from.y + 50, { steps: 5 });
    await at.page.mouse.up();
    await settled(at.page);
    const [after, to] = [await dots(), await at.corner('b')];
    expect(to).not.toEqual(from);
    expect({ x: after.left - before.left, y: after.top - before.top }).toEqual({
      x: to.x - from.x,
      y: to.y - from.y,
    });
    for (let press = 0; press < 6; press++) await at.page.getByLabel('Zoom out').click();
    await settled(at.page);
    expect((await dots()).gap).toBeGreaterThanOrEqual(10);
  });

  it('is free again when a second finger ends a drag', async () => {
    const { at, tab } = await world.builder(CHAIN);
    const touch = await at.page.context().newCDPSession(at.page);
    await touch.send('Emulation.setTouchEmulationEnabled', { enabled: true, maxTouchPoints: 2 });
    await at.page.reload();
    await settled(at.page);
    const { x, y } = await at.corner('a');
    const finger = { x: x + 60, y: y + 20 };
    const put = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: (typeof finger)[]) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints });
    await put('touchStart', finger);
    await put('touchMove', { ...finger, x: finger.x + 10 });
    await put('touchMove', { ...finger, x: finger.x + 60 });
    const [first, second] = [
      { ...finger, x: finger.x + 60 },
      { x: finger.x + 60, y: finger.y + 120 },
    ];
    await put('touchStart', first, second);
    await put('touchMove', { ...first, x: first.x + 20 }, second);
    await put('touchEnd');
    await at.step('c').click();
    await at.step('c').and(at.page.locator('[data-selected]')).waitFor();
    expect(tab.complaints).toEqual([]);
  });

  it('has notes, tidies up, fits, and lists every key', async () => {
    const { at } = await world.builder(CHAIN);
    const { keyboard } = at.page;
    await at.canvas().click({ position: { x: 20, y: 20 } });
    await keyboard.press('Shift+S');
    const note = at.page.getByTestId('note-note_1');
    await keyboard.press('1');
    await note.dblclick();
    await keyboard.type('Remember **this**');
    await keyboard.press('Enter');
    await keyboard.type('- and that');
    await keyboard.press('Escape');
    await note.locator('strong', { hasText: 'this' }).waitFor();
    await note.getByRole('listitem').getByText('and that').waitFor();
    expect((await at.draft()).metadata).toMatchObject({ notes: [{ text: 'Remember **this**\n- and that' }] });
    await at.move('a', { x: -120, y: 40 });
    await keyboard.press('Shift+T');
    expect(JSON.stringify((await at.draft()).steps)).not.toContain('position');
    await keyboard.press('Shift+?');
    await at.page
      .getByRole('dialog', { name: 'Keyboard shortcuts' })
      .getByText('Duplicate the steps')
      .waitFor();
  });
});

describe('what is fetched only when it is opened', () => {
  it('is waited for while the server cannot be reached, and the canvas stays', async () => {
    const { id } = await world.product.ask<{ id: string }>('POST', '/workflows?draft=true', CHAIN);
    const { page } = await world.tab('/secrets');
    await page.addInitScript('window.requestIdleCallback = () => 0;');
    let isAway = true;
    const isPart = (url: string): boolean => url.includes('/assets/step-side-');
    await page.route(
      ({ href }) => isPart(href),
      (route) => (isAway ? route.abort() : route.continue()),
    );
    await page.goto(`${world.product.url}/workflows/${id}`);
    const at = new BuilderPage(page, world.product, id);
    const failed = page.waitForEvent('requestfailed', (request) => isPart(request.url()));
    await at.step('a').click();
    await failed;
    expect(await at.step('b').isVisible()).toBe(true);
    isAway = false;
    await at.input('Name of the step').waitFor();
  });
});

/** Code a page may fetch before it can be used, in bytes after gzip. */
const LIGHT = 350_000;

const WEIGHED = `name: Weighed
triggers: [{ id: nightly, type: schedule, config: { cron: "0 3 * * *" } }]
steps:
  - { id: a, type: set, config: { values: { seen: "{{ workflow.id }}" } } }
  - { id: b, type: loop, config: { times: 2, steps: [{ id: c, type: set, config: { values: { at: 1 } } }] } }
`;

describe('what is fetched before a page can be used', () => {
  it('is less than 350 kB of code on every main page, the builder with all it shows included', async () => {
    const { product, browser } = world;
    const { id } = await product.ask<{ id: string }>('POST', '/workflows', WEIGHED);
    const { executionId } = await product.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`);
    const pages: [path: string, shown: string][] = [
      ['/', 'h1'],
      ['/workflows', 'text=Weighed'],
      ['/executions', 'text=Weighed'],
      [`/workflows/${id}`, '[data-testid=step-c]'],
      [`/workflows/${id}`, '[aria-label="Next runs"]'],
      [`/executions/${executionId}`, '[data-testid=step-c]'],
    ];
    const weights: Record<string, number> = {};
    for (const [path, shown] of pages) {
      const { page } = await weightOf(browser, `${product.url}${path}`, shown);
      weights[`${path} ${shown}`] = page;
    }
    const heavy = Object.entries(weights).filter(([, bytes]) => bytes === 0 || bytes > LIGHT);
    expect(heavy).toEqual([]);
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#shared/json.ts';
import { settled } from './support/settled.ts';
import { PAINTING, Trace } from './support/trace.ts';
import { World } from './support/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.open();
});

afterAll(() => world?.close());

/** Ten chains side by side: more steps than can be read at once. */
const WIDE = JSON.stringify({
  name: 'Wide',
  steps: Array.from({ length: 200 }, (_, index) => ({
    id: `s${index}`,
    name: `Number ${index}`,
    type: 'delay',
    config: { for: '1s' },
    connections: { outputs: index < 190 ? [{ targetStepId: `s${index + 10}` }] : [] },
  })),
});

/** As many steps, and a loop that holds two. */
const FRAMED = JSON.stringify({
  name: 'Framed',
  steps: [
    ...(JSON.parse(WIDE) as { steps: JsonObject[] }).steps,
    {
      id: 'each',
      name: 'Each',
      type: 'loop',
      config: {
        type: 'for_each',
        items: [1, 2],
        steps: [
          { id: 'in_1', name: 'One', type: 'delay', config: { for: '1s' } },
          { id: 'in_2', name: 'Two', type: 'delay', config: { for: '1s' } },
        ],
      },
    },
  ],
});

describe('a large workflow', () => {
  it('shows names and edges alone from far, and all of a step from near', async () => {
    const { at, tab } = await world.builder(WIDE);
    const far = at.page.locator('[data-testid^="step-"][data-far]');
    await at.step('s105').and(far).getByText('Number 105').waitFor();
    expect(await far.count()).toBe(200);
    expect(await at.page.locator('.react-flow__edge').count()).toBe(190);
    await at.step('s105').click();
    await at.page.keyboard.press('0');
    await at.step('s105').getByText('1s').waitFor();
    expect(await far.count()).toBe(0);
    await at.move('s105', { x: 80, y: 0 });
    await at.edge('s95', 's105').waitFor();
    await at.edge('s105', 's115').waitFor();
    await at.saved();
    expect(tab.complaints).toEqual([]);
  });

  it('has a map, on which a press goes there and the wheel goes further', async () => {
    const { at, tab } = await world.builder(WIDE);
    const { page } = at;
    const map = page.getByRole('img', { name: 'Map of the workflow' });
    await at.step('s105').waitFor();
    await page.keyboard.press('0');
    await settled(page);
    const { x, y, width, height } = (await map.boundingBox()) as NonNullable<
      Awaited<ReturnType<typeof map.boundingBox>>
    >;
    await page.mouse.click(x + width * 0.5, y + height * 0.9);
    await at.step('s195').waitFor();
    expect(await at.step('s5').count()).toBe(0);
    await page.mouse.move(x + width * 0.5, y + height * 0.5);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.5, y + height * 0.1, { steps: 4 });
    await page.mouse.up();
    await at.step('s5').waitFor();
    expect(await at.step('s195').count()).toBe(0);
    await page.mouse.wheel(0, 4_000);
    await at.step('s195').waitFor();
    expect(tab.complaints).toEqual([]);
  });

  it('shows the other steps as one picture while one is dragged from far, each where it was', async () => {
    const { at, tab } = await world.builder(WIDE);
    const { mouse } = at.page;
    await at.step('s106').waitFor();
    await settled(at.page);
    const [from, other] = [await at.corner('s105'), await at.step('s106').boundingBox()];
    await mouse.move(from.x + 10, from.y + 5);
    await mouse.down();
    await mouse.move(from.x + 20, from.y + 5);
    await mouse.move(from.x + 60, from.y + 45, { steps: 3 });
    const copy = at.canvas().getByText('Number 106', { exact: true }).locator('visible=true');
    expect(await copy.boundingBox()).toEqual(other);
    expect(await at.step('s106').isVisible()).toBe(false);
    expect(await at.step('s105').isVisible()).toBe(true);
    await mouse.up();
    await at.step('s106').waitFor();
    expect(await copy.count()).toBe(1);
    expect(tab.complaints).toEqual([]);
  });

  it('draws the edges of a dragged step at each move, and keeps where it is dropped', async () => {
    const { at, tab } = await world.builder(WIDE);
    const { mouse, keyboard } = at.page;
    await at.step('s105').click();
    await keyboard.press('0');
    await settled(at.page);
    const [from, into, out] = [
      await at.corner('s105'),
      await at.line('s95', 's105'),
      await at.line('s105', 's115'),
    ];
    await mouse.move(from.x + 40, from.y + 20);
    await mouse.down();
    await mouse.move(from.x + 60, from.y + 20);
    await mouse.move(from.x + 200, from.y + 60, { steps: 5 });
    const moved = await at.corner('s105');
    expect(moved.x - from.x).toBeGreaterThan(120);
    expect(await at.line('s95', 's105')).not.toBe(into);
    expect(await at.line('s105', 's115')).not.toBe(out);
    await mouse.up();
    expect(await at.text()).toContain('position');
    expect(await at.corner('s105')).toEqual(moved);
    await keyboard.press('Control+z');
    expect(await at.text()).not.toContain('position');
    expect(await at.corner('s105')).toEqual(from);
    expect(await at.line('s95', 's105')).toBe(into);
    expect(tab.complaints).toEqual([]);
  });

  it('keeps what is dragged to the border of the canvas under the pointer, while the canvas moves', async () => {
    const { at, tab } = await world.builder(WIDE);
    const { mouse, keyboard } = at.page;
    await at.step('s105').click();
    await keyboard.press('0');
    await settled(at.page);
    const [from, canvas] = [await at.corner('s105'), await at.canvas().boundingBox()];
    const border = (canvas?.x ?? 0) + (canvas?.width ?? 0) - 10;
    await mouse.move(from.x + 40, from.y + 20);
    await mouse.down();
    await mouse.move(from.x + 42, from.y + 20);
    await mouse.move(border - 60, from.y + 20, { steps: 5 });
    await mouse.move(border, from.y + 20);
    await at.step('s100').waitFor({ state: 'detached' });
    await mouse.move(border - 150, from.y + 20);
    await settled(at.page);
    await mouse.move(border - 200, from.y + 20, { steps: 2 });
    const moved = await at.corner('s105');
    expect(Math.abs(moved.x + 240 - border)).toBeLessThan(15);
    await mouse.up();
    await at.saved();
    expect(await at.corner('s105')).toEqual(moved);
    expect(await at.line('s105', 's115')).toMatch(/^M/);
    expect(tab.complaints).toEqual([]);
  });

  it('moves a frame with the steps in it, and their edges', async () => {
    const { at, tab } = await world.builder(FRAMED);
    const { mouse } = at.page;
    await at.frame('each').waitFor();
    await settled(at.page);
    const frame = await at.frame('each').boundingBox();
    if (!frame) throw new Error('The frame is not drawn.');
    const [from, line] = [await at.corner('in_1'), await at.line('in_1', 'in_2')];
    const [x, y] = [frame.x + frame.width / 4, frame.y + 3];
    await mouse.move(x, y);
    await mouse.down();
    await mouse.move(x - 20, y);
    await mouse.move(x - 100, y, { steps: 5 });
    const moved = await at.corner('in_1');
    expect(from.x - moved.x).toBeGreaterThan(60);
    expect(await at.line('in_1', 'in_2')).not.toBe(line);
    await mouse.up();
    expect(await at.text()).toContain('position');
    expect(await at.corner('in_1')).toEqual(moved);
    expect(tab.complaints).toEqual([]);
  });

  it('selects an edge by a click, and puts a step on the edge that the pointer is on', async () => {
    const { at, tab } = await world.builder(WIDE);
    await at.step('s105').click();
    await at.page.keyboard.press('0');
    await at.clickEdge('s105', 's115');
    await at.panel().getByText('Number 105 → Number 115').waitFor();
    await at.page.keyboard.press('Escape');
    await at.hoverEdge('s95', 's105');
    await at.page.getByRole('button', { name: 'Add a step on this edge' }).click();
    await at.pick('set values');
    await at.step('set_values').waitFor();
    expect(await at.line('s95', 'set_values')).toMatch(/^M/);
    expect(await at.line('set_values', 's105')).toMatch(/^M/);
    expect(tab.complaints).toEqual([]);
  });

  it('keeps the zoom while it follows what is selected by keys', async () => {
    const { at } = await world.builder(FRAMED);
    const { keyboard } = at.page;
    await at.step('in_1').click();
    await keyboard.press('0');
    await keyboard.press('ArrowDown');
    await keyboard.press('ArrowUp');
    await settled(at.page);
    expect((await at.step('in_1').boundingBox())?.width).toBeCloseTo(224);
  });

  it('has none of the canvas painted anew where a letter is typed beside it', async () => {
    const { at } = await world.builder(WIDE);
    await at.step('s105').click();
    await settled(at.page);
    const search = at.page.getByLabel('Search steps');
    await search.fill('no such step');
    const paintedBy = async (work: () => Promise<void>): Promise<number> => {
      const done = (): Promise<void> => work().then(() => settled(at.page));
      return (await Trace.of(at.page, done, PAINTING)).paintedSquares();
    };
    // What the page does by itself may fall into one of them.
    const typed: number[] = [];
    for (const letter of 'letters') typed.push(await paintedBy(() => search.press(letter)));
    const zoomed = await paintedBy(() => at.page.getByLabel('Zoom in').click());
    expect(Math.max(...typed)).toBeGreaterThan(0);
    expect(Math.min(...typed)).toBeLessThan(zoomed / 2);
  });
});

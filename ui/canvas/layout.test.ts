import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '#shared/json.ts';
import { outlineOf } from '#ui/document/outline.ts';
import { type Box, layoutOf } from './layout.ts';

const step = (index: number, targets: number[] = []): JsonObject => ({
  id: `s${index}`,
  type: 'delay',
  config: { for: '1s' },
  connections: { outputs: targets.map((target) => ({ targetStepId: `s${target}` })) },
});

/** Steps whose edges lead to later ones, if to any. */
const steps = fc
  .array(fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }), { minLength: 1, maxLength: 30 })
  .map((leaps) =>
    leaps.map((by, index) =>
      step(
        index,
        [...new Set(by.map((leap) => index + leap))].filter((target) => target < leaps.length),
      ),
    ),
  );

const placed = (list: JsonObject[]) => {
  const outline = outlineOf({ name: 'Drawn', steps: list });
  const boxes = layoutOf(outline, new Set());
  return { boxes, edges: outline.lists.flatMap(({ edges }) => edges) };
};

const boxOf = (boxes: ReadonlyMap<string, Box>, id: string): Box => boxes.get(id) as Box;

const isApart = (a: Box, b: Box): boolean =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

describe('where steps stand that nobody has put anywhere', () => {
  it('is apart from each other, on the grid, and below the steps that lead to them', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { boxes, edges } = placed(list);
        const all = [...boxes.values()];
        for (const [index, box] of all.entries()) {
          expect([box.x % 8, box.y % 8]).toEqual([0, 0]);
          for (const other of all.slice(index + 1)) expect(isApart(box, other)).toBe(true);
        }
        for (const { source, target } of edges) {
          const from = boxOf(boxes, source);
          expect(boxOf(boxes, target).y).toBeGreaterThanOrEqual(from.y + from.height);
        }
      }),
    );
  });

  it('leaves the others where they were put', () => {
    const put = { ...step(0, [1]), position: { x: 400, y: 304 } };
    const { boxes } = placed([put, step(1)]);
    expect(boxOf(boxes, 's0')).toMatchObject({ x: 400, y: 304 });
    expect(isApart(boxOf(boxes, 's0'), boxOf(boxes, 's1'))).toBe(true);
  });
});

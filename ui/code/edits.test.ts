import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { edits } from './edits.ts';

const apply = (text: string, list: ReturnType<typeof edits>): string =>
  [...list]
    .reverse()
    .reduce((left, { from, to, insert }) => left.slice(0, from) + insert + left.slice(to), text);

describe('edits between two texts', () => {
  it('turn the one into the other', () => {
    const line = fc.constantFrom('a: 1', 'b: 2', '  - c', 'longer line of text', '');
    const text = fc.array(line, { maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(fc.property(text, text, (a, b) => apply(a, edits(a, b)) === b));
    fc.assert(fc.property(fc.string(), fc.string(), (a, b) => apply(a, edits(a, b)) === b));
  });

  it('leave alone what is the same', () => {
    const lines = Array.from({ length: 2_000 }, (_, number) => `line ${number}`);
    const after = [...lines];
    after[3] = 'line three';
    after.splice(1_500, 1);
    const found = edits(lines.join('\n'), after.join('\n'));
    expect(found.length).toBeLessThanOrEqual(4);
    expect(found.reduce((size, { from, to, insert }) => size + to - from + insert.length, 0)).toBeLessThan(
      40,
    );
  });
});

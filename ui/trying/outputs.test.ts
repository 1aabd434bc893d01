import { describe, expect, it } from '@jest/globals';
import { readOutputs } from './outputs.ts';

describe('outputs written as JSON', () => {
  it('are read by step; what is no JSON is told of, what is empty left out', () => {
    expect(readOutputs({ a: '{"x":1}', b: ' ', c: 'oops', d: '"text"' })).toEqual({
      outputs: { a: { x: 1 }, d: 'text' },
      problems: { c: expect.stringContaining('JSON') },
    });
  });
});

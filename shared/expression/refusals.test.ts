import { describe, expect, it } from '@jest/globals';
import { detailsOf, failure, root } from './fixture.ts';
import { evaluate, scopeOf } from './index.ts';

/** Errors: `[expression, code, column]`. */
const ERRORS: [string, string, number][] = [
  ['', 'syntax', 1],
  ['   ', 'syntax', 1],
  ['1 +', 'syntax', 4],
  ['1 + * 2', 'syntax', 5],
  ['(1', 'syntax', 1],
  ['1)', 'syntax', 2],
  ['()', 'syntax', 2],
  ['[1, 2', 'syntax', 1],
  ['[1,,2]', 'syntax', 4],
  ['{ a: }', 'syntax', 6],
  ['{ a: 1', 'syntax', 1],
  ['{ 1: 2 }', 'syntax', 3],
  ['{ ...a }', 'syntax', 3],
  ["'open", 'syntax', 1],
  ["a + 'open", 'syntax', 5],
  ["'\\u12'", 'syntax', 2],
  ['a b', 'syntax', 3],
  ['a; b', 'syntax', 2],
  ['a, b', 'syntax', 2],
  ['(a, b)', 'syntax', 3],
  ['a = 1', 'syntax', 3],
  ['a.', 'syntax', 3],
  ['a?.', 'syntax', 4],
  ['a[0', 'syntax', 2],
  ['a[]', 'syntax', 3],
  ['upper(name', 'syntax', 6],
  ['upper(name,,)', 'syntax', 12],
  ['a ? b', 'syntax', 6],
  ['1e999', 'syntax', 1],
  ['12abc', 'syntax', 3],
  ['a | b', 'syntax', 3],
  ['a + b & 1', 'syntax', 7],
  ['~a', 'syntax', 1],
  ['2 ** 3', 'syntax', 3],
  ['this', 'syntax', 1],
  ['/x/', 'syntax', 1],
  ['`x`', 'syntax', 1],
  ['typeof a', 'syntax', 8],
  ['new Date()', 'syntax', 5],
  ['x => x', 'syntax', 1],
  ['[x => x]', 'syntax', 2],
  ['upper(x => x)', 'syntax', 7],
  ['list.includes(x => x)', 'syntax', 15],
  ['list.map(x => y => y)', 'syntax', 15],
  ['list.map((x, 1) => x)', 'syntax', 14],
  ['list.map(([x]) => x)', 'syntax', 16],
  ['obj.x?.(1)', 'syntax', 8],
  ['list[0](1)', 'syntax', 5],
  ['upper(name)(1)', 'syntax', 1],
  ['unknown', 'unknown_name', 1],
  ['a + unknown', 'unknown_name', 5],
  ['list.map(x => y)', 'unknown_name', 15],
  ['upper', 'unknown_name', 1],
  ['process', 'unknown_name', 1],
  ['globalThis', 'unknown_name', 1],
  ['NaN', 'unknown_name', 1],
  ['uper(name)', 'unknown_function', 1],
  ['name.uper()', 'unknown_function', 6],
  ['name.repeat(3)', 'unknown_function', 6],
  ['name.match(1)', 'unknown_function', 6],
  ['Math.random()', 'unknown_function', 1],
  ['eval(name)', 'unknown_function', 1],
  ['steps.read.output.none.x', 'missing', 24],
  ['obj.missing.x', 'missing', 13],
  ['nothing.x', 'missing', 9],
  ['nothing[0]', 'missing', 8],
  ['nothing.trim()', 'missing', 9],
  ['list.map(x => x.y.z)', 'missing', 19],
  ["1 - 'a'", 'type', 3],
  ['1 + null', 'type', 3],
  ["'a' + null", 'type', 5],
  ["'a' + obj.missing", 'type', 5],
  ["'a' + list", 'type', 5],
  ['1 + 2 * obj', 'type', 7],
  ['list + list', 'type', 6],
  ['1 / 0', 'type', 3],
  ['1 % zero', 'type', 3],
  ['1e308 * 10', 'type', 7],
  ["1 < '2'", 'type', 3],
  ['null < 1', 'type', 6],
  ['list == list', 'type', 6],
  ['-name', 'type', 1],
  ["+'x'", 'type', 1],
  ['obj[list]', 'type', 4],
  ['obj[null]', 'type', 4],
  ['obj.map()', 'type', 5],
  ['a.trim()', 'type', 3],
  ['list.map(1)', 'type', 6],
  ['list.map()', 'type', 6],
  ['list.filter(name)', 'type', 6],
  ['[].reduce((s, x) => s)', 'type', 4],
  ["[1, 'a'].sort()", 'type', 10],
  ['[{}, {}].sort()', 'type', 10],
  ["list.sort((x, y) => 'a')", 'type', 6],
  ['name.slice(0.5)', 'type', 6],
  ["name.replaceAll('', '-')", 'type', 6],
  ['upper(1)', 'type', 1],
  ['upper()', 'type', 1],
  ['1 + upper(1)', 'type', 5],
  ['name.padStart(2000000)', 'limit', 6],
];

describe('what evaluate refuses', () => {
  it.each(ERRORS)('refuses %s with %s at column %i', (text, code, column) => {
    const error = failure(() => evaluate(text, scopeOf(root)));
    expect([error.code, detailsOf(error).column]).toEqual([`expression.${code}`, column]);
    expect(detailsOf(error)).toMatchObject({ expression: text, line: 1, offset: column - 1 });
  });

  it('counts lines', () => {
    const error = failure(() => evaluate('a +\n  b +\n  unknown', scopeOf(root)));
    expect(detailsOf(error)).toMatchObject({ line: 3, column: 3, offset: 12 });
  });

  it('suggests the name that was meant', () => {
    expect(failure(() => evaluate('stepz.read', scopeOf(root))).fix).toContain('did you mean "steps"?');
    expect(failure(() => evaluate('uper(name)', scopeOf(root))).fix).toBe('did you mean "upper"?');
    expect(failure(() => evaluate('name.upper()', scopeOf(root))).fix).toBe(
      'Write upper(value) in place of value.upper().',
    );
  });

  it('names the part of a path that is absent, and what is there instead', () => {
    const missing = failure(() => evaluate('steps.read.output.itemz.length', scopeOf(root)));
    expect(missing.message).toBe(
      'steps.read.output.itemz is undefined (steps.read.output has: items, text, none; did you mean "items"?): length cannot be read from it',
    );
    expect(failure(() => evaluate('steps.read.output.none.x', scopeOf(root))).message).toContain(
      'steps.read.output.none is null',
    );
  });
});

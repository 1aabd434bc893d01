import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '#shared/json.ts';
import { namedArguments } from './arguments.ts';

const schema = (properties: JsonObject): JsonObject => ({ type: 'object', properties });

describe('arguments of a command', () => {
  it('by name are passed as they are', () => {
    const given = { a: 1, other: [true] };
    expect(namedArguments(given, schema({}))).toBe(given);
  });

  it.each<[string, string[], JsonObject, JsonObject]>([
    ['nothing', [], { a: { type: 'string' } }, {}],
    ['texts in order', ['x', 'y'], { b: { type: 'string' }, a: { type: 'string' } }, { b: 'x', a: 'y' }],
    ['fewer than there are', ['x'], { a: { type: 'string' }, b: { type: 'string' } }, { a: 'x' }],
    ['a text that looks like a number', ['12'], { a: { type: 'string' } }, { a: '12' }],
    ['a text where anything goes', ['12'], { a: {} }, { a: '12' }],
    [
      'numbers and truth',
      ['1.5', 'true'],
      { a: { type: 'number' }, b: { type: 'boolean' } },
      { a: 1.5, b: true },
    ],
    ['a number or nothing', ['null'], { a: { type: ['number', 'null'] } }, { a: null }],
    ['an object', ['{"x":1}'], { a: { type: 'object' } }, { a: { x: 1 } }],
    [
      'a list of the rest',
      ['x', 'y', 'z'],
      { a: { type: 'string' }, b: { type: 'array' } },
      { a: 'x', b: ['y', 'z'] },
    ],
    [
      'args, whatever else there is',
      ['x', 'y'],
      { a: { type: 'string' }, args: { type: 'array' } },
      { args: ['x', 'y'] },
    ],
    ['args that is a text', ['x'], { args: { type: 'string' } }, { args: 'x' }],
  ])('as a list are %s', (_name, given, properties, named) => {
    expect(namedArguments(given, schema(properties))).toEqual(named);
  });

  it('that are too many, or not what is wanted, are refused with the names', () => {
    expect(() => namedArguments(['x', 'y'], schema({ a: { type: 'string' } }))).toThrow(
      'There are 2 arguments; the command takes 1.',
    );
    expect(() => namedArguments(['x'], { type: 'object' })).toThrow('takes 0');
    expect(() => namedArguments(['many'], schema({ a: { type: 'integer' } }))).toThrow(
      'Argument a must be integer; "many" is not.',
    );
  });
});

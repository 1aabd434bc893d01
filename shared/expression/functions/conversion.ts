import type { Json } from '../../json.ts';
import type { Arguments } from '../arguments.ts';
import { isTrue, numberOf } from '../operators.ts';
import { displayText, isEqual, jsonText, measure, typeName } from '../values.ts';
import { define } from './library.ts';

/** Functions that ask what a value is, or turn it into another type. */
export const conversion = define([
  {
    name: 'type',
    doc: 'The type of a value: string, number, boolean, null, array, object or undefined.',
    args: 'value',
    examples: [
      ['type([1])', 'array'],
      ['type(null)', 'null'],
      ['type(undefined)', 'undefined'],
    ],
    call: (args) => typeName(args.value(0)),
  },
  {
    name: 'default',
    doc: 'The value, or the other one where it is null, undefined or empty text.',
    args: 'value, otherwise',
    examples: [
      ["default('', 'none')", 'none'],
      ["default(0, 'none')", 0],
    ],
    call: (args) => (args.value(0) === '' ? args.value(1) : (args.value(0) ?? args.value(1))),
  },
  {
    name: 'number',
    doc: 'Text or a boolean as a number. Text that is no number is an error, unless a second value is given.',
    args: 'value, otherwise?',
    examples: [
      ["number(' 4.5 ')", 4.5],
      ['number(true)', 1],
      ["number('many', 0)", 0],
    ],
    call: toNumber,
  },
  {
    name: 'string',
    doc: 'Any value as text; lists and objects as JSON, null and undefined as empty text.',
    args: 'value',
    examples: [
      ['string(4)', '4'],
      ['string({ a: 1 })', '{"a":1}'],
      ['string(null)', ''],
    ],
    call: (args) => displayText(args.value(0), args.run),
  },
  {
    name: 'boolean',
    doc: "False for false, 0, '', null and undefined; true for everything else.",
    args: 'value',
    examples: [
      ["boolean('')", false],
      ['boolean([])', true],
    ],
    call: (args) => isTrue(args.value(0)),
  },
  {
    name: 'json',
    doc: 'A value as JSON text, with an indent where one is given (0 to 8).',
    args: 'value, indent?',
    examples: [
      ["json({ a: [1, 'x'] })", '{"a":[1,"x"]}'],
      ['json([1], 2)', '[\n  1\n]'],
    ],
    call: (args) => jsonText(args.value(0) ?? null, args.run, args.integer(1, 0, 0, 8)),
  },
  {
    name: 'parseJson',
    doc: 'The value written in a JSON text. Text that is not JSON is an error.',
    args: 'text',
    examples: [['parseJson(\'{"a":[1]}\').a', [1]]],
    call: parseJson,
  },
  {
    name: 'equal',
    doc: 'True when two values are the same JSON, however deep; the order of keys does not matter.',
    args: 'a, b',
    examples: [
      ['equal({ a: 1, b: [2] }, { b: [2], a: 1 })', true],
      ["equal('1', 1)", false],
    ],
    call: (args) => isEqual(args.value(0), args.value(1), args.run),
  },
]);

function toNumber(args: Arguments): Json | undefined {
  const value = args.value(0);
  if (typeof value === 'string') args.run.chargeText(value.length);
  const number = numberOf(value);
  if (number !== undefined && Number.isFinite(number)) return number === 0 ? 0 : number;
  if (args.count > 1) return args.value(1);
  const shown = typeof value === 'string' ? `the text "${value.slice(0, 40)}"` : typeName(value);
  return args.run.failType(`${shown} is not a number`, 'Give a second value to use instead: number(x, 0).');
}

function parseJson(args: Arguments): Json {
  const text = args.text(0);
  args.run.charge(Math.ceil(text.length / 8));
  try {
    const value = JSON.parse(text) as Json;
    measure(value, args.run);
    return value;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof RangeError)) throw error;
    return args.run.failType(`the text "${text.slice(0, 40)}" is not JSON`);
  }
}

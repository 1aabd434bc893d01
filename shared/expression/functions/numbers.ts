import type { Arguments } from '../arguments.ts';
import { finite } from '../values.ts';
import { define } from './library.ts';

/** Functions of numbers. */
export const numbers = define([
  {
    name: 'round',
    doc: 'The nearest number with that many digits after the point (default 0, at most 15); halves go up.',
    args: 'number, digits?',
    examples: [
      ['round(2.5)', 3],
      ['round(1.005, 2)', 1.01],
      ['round(-1.25, 1)', -1.2],
    ],
    call: round,
  },
  {
    name: 'floor',
    doc: 'The nearest whole number below.',
    args: 'number',
    examples: [['floor(-1.5)', -2]],
    call: (args) => finite(Math.floor(args.number(0)), args.run, 'floor()'),
  },
  {
    name: 'ceil',
    doc: 'The nearest whole number above.',
    args: 'number',
    examples: [['ceil(1.2)', 2]],
    call: (args) => finite(Math.ceil(args.number(0)), args.run, 'ceil()'),
  },
  {
    name: 'abs',
    doc: 'The number without its sign.',
    args: 'number',
    examples: [['abs(-3)', 3]],
    call: (args) => Math.abs(args.number(0)),
  },
  {
    name: 'min',
    doc: 'The smallest of the numbers, given one by one or as a list.',
    args: '...numbers',
    examples: [
      ['min(3, 1, 2)', 1],
      ['min([3, 1, 2])', 1],
    ],
    call: (args) => extreme(args, (a, b) => a < b),
  },
  {
    name: 'max',
    doc: 'The largest of the numbers, given one by one or as a list.',
    args: '...numbers',
    examples: [['max([3, 1, 2])', 3]],
    call: (args) => extreme(args, (a, b) => a > b),
  },
  {
    name: 'sum',
    doc: 'The sum of a list of numbers; 0 for an empty list.',
    args: 'numbers',
    examples: [['sum([1, 2, 3])', 6]],
    call: (args) => total(numbersOf(args), args),
  },
  {
    name: 'avg',
    doc: 'The mean of a list of numbers. An empty list is an error.',
    args: 'numbers',
    examples: [['avg([1, 2, 6])', 3]],
    call: (args) => {
      const list = nonEmpty(numbersOf(args), args);
      return total(list, args) / list.length;
    },
  },
]);

/** Numbers from here on have no digits after the point that rounding could take away. */
const WHOLE = 1e15;

/** Moves the point in the decimal text, not by multiplying: 1.005 * 100 is less than 100.5. */
function round(args: Arguments): number {
  const value = args.number(0);
  const digits = args.integer(1, 0, 0, 15);
  const text = String(value);
  if (text.includes('e')) return Math.abs(value) < 1 ? 0 : value;
  const shifted = Number(`${text}e${digits}`);
  if (Math.abs(shifted) >= WHOLE) return value;
  return finite(Number(`${Math.round(shifted)}e-${digits}`), args.run, 'round()');
}

function numbersOf(args: Arguments): number[] {
  const isList = args.count === 1 && Array.isArray(args.value(0));
  const list = isList ? args.list(0) : args.all;
  return list.map((item, index) => {
    if (typeof item === 'number') return item;
    return isList
      ? args.run.failType(`item ${index} of the list is not a number`)
      : args.wrong(index, 'a number');
  });
}

function nonEmpty(list: number[], args: Arguments): number[] {
  return list.length > 0 ? list : args.run.failType('the list is empty', 'Check its length first.');
}

function extreme(args: Arguments, isBetter: (a: number, b: number) => boolean): number {
  return nonEmpty(numbersOf(args), args).reduce((best, item) => (isBetter(item, best) ? item : best));
}

const total = (list: number[], args: Arguments): number =>
  finite(
    list.reduce((sum, item) => sum + item, 0),
    args.run,
    'the sum',
  );

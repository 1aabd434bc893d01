import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { Arguments } from '../arguments.ts';
import { isForbiddenKey } from '../forbidden.ts';
import type { Run } from '../limits.ts';
import { flattenInto, indexOfEqual } from '../list-methods.ts';
import { keyOf, memberOf } from '../members.ts';
import { sortByKey } from '../sort.ts';
import { displayText, identityOf, isBlob, setOwn } from '../values.ts';
import { define } from './library.ts';

/** Functions of lists and objects. */
export const collections = define([
  {
    name: 'length',
    doc: 'The number of characters of a text, items of a list, or keys of an object; 0 for null and undefined.',
    args: 'value',
    examples: [
      ["length('abc')", 3],
      ['length({ a: 1 })', 1],
      ['length(null)', 0],
    ],
    call: lengthOf,
  },
  {
    name: 'keys',
    doc: 'The keys of an object, in their order.',
    args: 'object',
    examples: [['keys({ b: 1, a: 2 })', ['b', 'a']]],
    call: (args) => Object.keys(args.object(0)),
  },
  {
    name: 'values',
    doc: 'The values of an object, in the order of its keys.',
    args: 'object',
    examples: [['values({ b: 1, a: 2 })', [1, 2]]],
    call: (args) => Object.values(args.object(0)),
  },
  {
    name: 'entries',
    doc: 'The keys and values of an object, as pairs.',
    args: 'object',
    examples: [['entries({ a: 1 })', [['a', 1]]]],
    call: (args) => Object.entries(args.object(0)),
  },
  {
    name: 'fromEntries',
    doc: 'An object made of pairs of key and value.',
    args: 'pairs',
    examples: [["fromEntries([['a', 1], ['b', 2]])", { a: 1, b: 2 }]],
    call: fromEntries,
  },
  {
    name: 'has',
    doc: 'True when an object has the key, or a list the index.',
    args: 'value, key',
    examples: [
      ["has({ a: null }, 'a')", true],
      ["has({ a: 1 }, 'b')", false],
      ['has([1], 1)', false],
    ],
    call: (args) => hasKey(args.value(0), keyOf(args.value(1), args.run)),
  },
  {
    name: 'get',
    doc: 'The value at a dotted path, or the default where there is none.',
    args: 'value, path, default?',
    examples: [
      ["get({ a: [{ b: 1 }] }, 'a.0.b')", 1],
      ["get({ a: 1 }, 'a.b.c', 'none')", 'none'],
    ],
    call: (args) => pathValue(args.value(0), args.text(1), args.run) ?? args.value(2),
  },
  {
    name: 'first',
    doc: 'The first item of a list; undefined where it is empty.',
    args: 'list',
    examples: [['first([1, 2])', 1]],
    call: (args) => args.list(0)[0],
  },
  {
    name: 'last',
    doc: 'The last item of a list; undefined where it is empty.',
    args: 'list',
    examples: [['last([1, 2])', 2]],
    call: (args) => args.list(0).at(-1),
  },
  {
    name: 'contains',
    doc: 'True when a text has the other text in it, or a list an equal item.',
    args: 'value, part',
    examples: [
      ["contains('abc', 'b')", true],
      ['contains([{ a: 1 }], { a: 1 })', true],
    ],
    call: contains,
  },
  {
    name: 'unique',
    doc: 'The items of a list without repeats: the first of equal ones stays.',
    args: 'list',
    examples: [['unique([1, { a: 1 }, 1, { a: 1 }])', [1, { a: 1 }]]],
    call: unique,
  },
  {
    name: 'groupBy',
    doc: 'An object with the items of a list under the text of a key (a dotted path).',
    args: 'list, key',
    examples: [
      [
        "groupBy([{ t: 'x', n: 1 }, { t: 'y' }, { t: 'x' }], 't')",
        { x: [{ t: 'x', n: 1 }, { t: 'x' }], y: [{ t: 'y' }] },
      ],
    ],
    call: groupBy,
  },
  {
    name: 'sortBy',
    doc: 'A copy of a list, sorted by a key (a dotted path); items without it come last.',
    args: 'list, key',
    examples: [["sortBy([{ n: 2 }, {}, { n: 1 }], 'n')", [{ n: 1 }, { n: 2 }, {}]]],
    call: (args) => sortByKey(args.list(0), (item) => pathValue(item, args.text(1), args.run), args.run),
  },
  {
    name: 'range',
    doc: 'The whole numbers from a start up to, not including, an end. With one argument, from 0.',
    args: 'start, end?, step?',
    examples: [
      ['range(3)', [0, 1, 2]],
      ['range(5, 0, -2)', [5, 3, 1]],
    ],
    call: range,
  },
  {
    name: 'flatten',
    doc: 'A list with the lists in it opened, down to a depth (default 1).',
    args: 'list, depth?',
    examples: [
      ['flatten([1, [2, [3]]])', [1, 2, [3]]],
      ['flatten([1, [2, [3]]], 2)', [1, 2, 3]],
    ],
    call: (args) => flattenInto([], args.list(0), args.integer(1, 1, 0, 64), args.run),
  },
  {
    name: 'zip',
    doc: 'Pairs of the items of two lists, as many as the shorter has.',
    args: 'a, b',
    examples: [
      [
        "zip([1, 2], ['a', 'b', 'c'])",
        [
          [1, 'a'],
          [2, 'b'],
        ],
      ],
    ],
    call: (args) => {
      const other = args.list(1);
      return args
        .list(0)
        .slice(0, other.length)
        .map((item, index) => [item, other[index] ?? null]);
    },
  },
  {
    name: 'merge',
    doc: 'One object with the keys of all; later ones win. Not deep.',
    args: '...objects',
    examples: [['merge({ a: 1, b: 1 }, { b: 2 })', { a: 1, b: 2 }]],
    call: merge,
  },
  {
    name: 'pick',
    doc: 'An object with only those of its keys that a list names.',
    args: 'object, keys',
    examples: [["pick({ a: 1, b: 2 }, ['b', 'c'])", { b: 2 }]],
    call: (args) => choose(args, true),
  },
  {
    name: 'omit',
    doc: 'An object without the keys that a list names.',
    args: 'object, keys',
    examples: [["omit({ a: 1, b: 2 }, ['b'])", { a: 1 }]],
    call: (args) => choose(args, false),
  },
]);

function lengthOf(args: Arguments): number {
  const value = args.value(0);
  if (value === null || value === undefined) return 0;
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  return isObject(value) ? Object.keys(args.object(0)).length : args.wrong(0, 'a string, array or object');
}

function fromEntries(args: Arguments): JsonObject {
  const object: JsonObject = {};
  for (const pair of args.list(0)) {
    if (!Array.isArray(pair) || pair.length !== 2) return args.wrong(0, 'an array of [key, value] pairs');
    setOwn(object, keyOf(pair[0], args.run), pair[1] ?? null);
  }
  return object;
}

function hasKey(value: Json | undefined, key: string): boolean {
  return typeof value === 'object' && value !== null && key !== 'length' && Object.hasOwn(value, key);
}

/** The value at a dotted path; undefined as soon as there is nothing to read from. */
export function pathValue(value: Json | undefined, path: string, run: Run): Json | undefined {
  const keys = path.split('.');
  run.charge(keys.length);
  let current = value;
  for (const key of keys) {
    if (isForbiddenKey(key)) run.fail('forbidden', `the name ${key} may not be used in expressions`);
    if (current === null || current === undefined) return undefined;
    if (isBlob(current)) run.defer('a stored value');
    current = memberOf(current, key, run) as Json | undefined;
  }
  return current;
}

function contains(args: Arguments): boolean {
  const value = args.value(0);
  if (typeof value === 'string') return args.text(0).includes(args.text(1));
  if (Array.isArray(value)) return indexOfEqual(args.list(0), args.value(1), args.run) >= 0;
  return args.wrong(0, 'a string or array');
}

function unique(args: Arguments): Json[] {
  const seen = new Set<string>();
  return args.list(0).filter((item) => {
    const identity = identityOf(item, args.run);
    if (seen.has(identity)) return false;
    seen.add(identity);
    return true;
  });
}

function groupBy(args: Arguments): JsonObject {
  const path = args.text(1);
  const groups = new Map<string, Json[]>();
  for (const item of args.list(0)) {
    const key = displayText(pathValue(item, path, args.run), args.run);
    args.run.chargeText(key.length);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  const object: JsonObject = {};
  for (const [key, group] of groups) setOwn(object, key, group);
  return object;
}

function range(args: Arguments): number[] {
  const isShort = args.value(1) === undefined;
  const start = isShort ? 0 : args.integer(0);
  const end = args.integer(isShort ? 0 : 1);
  const step = args.integer(2, 1);
  if (step === 0) args.run.failType('the step of a range must not be 0');
  const count = Math.max(0, Math.ceil((end - start) / step));
  args.run.claimItems(count);
  return Array.from({ length: count }, (_, index) => start + index * step);
}

function merge(args: Arguments): JsonObject {
  const object: JsonObject = {};
  for (let index = 0; index < args.count; index++) {
    for (const [key, value] of Object.entries(args.object(index))) setOwn(object, key, value);
  }
  args.run.claimItems(Object.keys(object).length);
  return object;
}

function choose(args: Arguments, isWanted: boolean): JsonObject {
  const named = new Set(args.list(1).map((key) => keyOf(key, args.run)));
  const object: JsonObject = {};
  for (const [key, value] of Object.entries(args.object(0))) {
    if (named.has(key) === isWanted) setOwn(object, key, value);
  }
  return object;
}

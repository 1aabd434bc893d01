import type { Json } from '../json.ts';
import { type Arguments, type Arity, arityOf } from './arguments.ts';
import type { Run } from './limits.ts';
import { LIST_CALLBACKS, LIST_METHODS, type ListCall } from './list-methods.ts';
import { pad, replacePlain, splitPlain } from './text.ts';
import { finite, typeName } from './values.ts';

/** A method of values of one type. */
export interface Method {
  readonly arity: Arity;
  readonly call: (self: never, args: Arguments) => Json | undefined;
}
type Entry<T> = [signature: string, call: (self: T, args: Arguments) => Json | undefined];
type Methods<T> = Record<string, Entry<T>>;

/** Typed by hand, since every object has a `toString` that TypeScript takes for the entry's type. */
const toText: Entry<string | number | boolean> = ['', (self) => String(self)];

const TEXT_METHODS: Methods<string> = {
  toLowerCase: ['', (self, { run }) => claimed(self.toLowerCase(), run)],
  toUpperCase: ['', (self, { run }) => claimed(self.toUpperCase(), run)],
  toString: toText,
  trim: ['', (self) => self.trim()],
  trimStart: ['', (self) => self.trimStart()],
  trimEnd: ['', (self) => self.trimEnd()],
  includes: ['text', (self, args) => self.includes(args.text(0))],
  startsWith: ['text', (self, args) => self.startsWith(args.text(0))],
  endsWith: ['text', (self, args) => self.endsWith(args.text(0))],
  indexOf: ['text', (self, args) => self.indexOf(args.text(0))],
  lastIndexOf: ['text', (self, args) => self.lastIndexOf(args.text(0))],
  slice: ['start, end?', (self, args) => self.slice(args.integer(0), args.integer(1, self.length))],
  substring: ['start, end?', (self, args) => self.substring(args.integer(0), args.integer(1, self.length))],
  at: ['index', (self, args) => self.at(args.integer(0))],
  charAt: ['index', (self, args) => self.charAt(args.integer(0))],
  split: ['separator', (self, args) => splitPlain(self, args.text(0), args.run)],
  concat: ['...texts', concatTexts],
  padStart: ['length, fill?', (self, args) => pad(self, args.integer(0), args.text(1, ' '), true, args.run)],
  padEnd: ['length, fill?', (self, args) => pad(self, args.integer(0), args.text(1, ' '), false, args.run)],
  replace: ['find, put', (self, args) => replacePlain(self, args.text(0), args.text(1), false, args.run)],
  replaceAll: ['find, put', (self, args) => replacePlain(self, args.text(0), args.text(1), true, args.run)],
};

const NUMBER_METHODS: Methods<number> = {
  toFixed: [
    'digits?',
    (self, args) => finite(self, args.run, 'the number').toFixed(args.integer(0, 0, 0, 100)),
  ],
  toString: toText,
};

const BOOLEAN_METHODS: Methods<boolean> = { toString: toText };

const compiled = <T>(methods: Methods<T>): ReadonlyMap<string, Method> =>
  new Map(
    Object.entries(methods).map(([name, [signature, call]]) => [name, { arity: arityOf(signature), call }]),
  );

const BY_TYPE: Partial<Record<string, ReadonlyMap<string, Method>>> = {
  string: compiled(TEXT_METHODS),
  array: compiled<ListCall[0]>(LIST_METHODS),
  number: compiled(NUMBER_METHODS),
  boolean: compiled(BOOLEAN_METHODS),
};

/** Names of all methods, of whatever type. */
export const METHOD_NAMES: ReadonlySet<string> = new Set(
  Object.values(BY_TYPE).flatMap((methods) => [...(methods?.keys() ?? [])]),
);

/** Methods whose first argument is an arrow function. */
export const CALLBACK_METHODS: ReadonlySet<string> = LIST_CALLBACKS;

/** The method of that name for a value; pays for reading the value. Throws `expression.type` where it has none. */
export function methodOf(name: string, self: Json | undefined, run: Run): Method {
  if (typeof self === 'string') run.chargeText(self.length);
  const type = typeName(self);
  const method = BY_TYPE[type]?.get(name);
  if (method) return method;
  const types = Object.entries(BY_TYPE).flatMap(([owner, methods]) => (methods?.has(name) ? [owner] : []));
  return run.failType(`${name}() is a method of ${types.join(' and ')}, and this is ${type}`);
}

function concatTexts(self: string, args: Arguments): string {
  const parts = args.all.map((_, index) => args.text(index));
  args.run.claimText(parts.reduce((length, part) => length + part.length, self.length));
  return self.concat(...parts);
}

/** Case mapping can make text longer. */
function claimed(text: string, run: Run): string {
  run.claimText(text.length);
  return text;
}

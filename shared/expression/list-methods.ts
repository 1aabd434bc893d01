import type { Json } from '../json.ts';
import type { Arguments } from './arguments.ts';
import type { Run } from './limits.ts';
import { isTrue } from './operators.ts';
import { mergeSort, naturalOrder, sortWith } from './sort.ts';
import { joinTexts } from './text.ts';
import { isEqual } from './values.ts';

export type ListCall = [self: readonly Json[], args: Arguments];
type ListMethods = Record<string, [signature: string, call: (...call: ListCall) => Json | undefined]>;

/** List methods that take an arrow function, which gets the item and its index. */
const WITH_CALLBACK: ListMethods = {
  map: ['function', (self, args) => eachOf(self, args, (call, item, index) => call(item, index) ?? null)],
  flatMap: [
    'function',
    (self, args) =>
      flattenInto(
        [],
        eachOf(self, args, (call, item, index) => call(item, index) ?? null),
        1,
        args.run,
      ),
  ],
  filter: [
    'function',
    (self, args) => {
      const call = args.callback(0);
      args.run.claimItems(self.length);
      return self.filter((item, index) => isTrue(call(item, index)));
    },
  ],
  find: ['function', (self, args) => self[indexWhere(self, args)]],
  findIndex: ['function', (self, args) => indexWhere(self, args)],
  some: ['function', (self, args) => indexWhere(self, args) >= 0],
  every: ['function', (self, args) => indexWhere(self, args, false) < 0],
  reduce: ['function, start?', reduce],
  sort: [
    'function?',
    (self, args) =>
      args.count === 0
        ? mergeSort(self, naturalOrder(args.run), args.run)
        : sortWith(self, args.callback(0), args.run),
  ],
};

export const LIST_METHODS: ListMethods = {
  ...WITH_CALLBACK,
  includes: ['value', (self, args) => indexOfEqual(self, args.value(0), args.run) >= 0],
  indexOf: ['value', (self, args) => indexOfEqual(self, args.value(0), args.run)],
  at: ['index', (self, args) => self.at(args.integer(0))],
  slice: [
    'start?, end?',
    (self, args) => {
      args.run.claimItems(self.length);
      return self.slice(args.integer(0, 0), args.integer(1, self.length));
    },
  ],
  concat: ['...values', concatLists],
  join: ['separator?', (self, args) => joinTexts(paid(self, args.run), args.text(0, ','), args.run)],
  reverse: ['', (self, { run }) => paid(self, run).toReversed()],
  flat: ['depth?', (self, args) => flattenInto([], self, args.integer(0, 1, 0, 64), args.run)],
};

export const LIST_CALLBACKS: ReadonlySet<string> = new Set(Object.keys(WITH_CALLBACK));

/** Appends items to a list, opening lists among them down to a depth. */
export function flattenInto(into: Json[], list: readonly Json[], depth: number, run: Run): Json[] {
  run.charge(list.length);
  for (const item of list) {
    if (Array.isArray(item) && depth > 0) flattenInto(into, item, depth - 1, run);
    else into.push(item);
  }
  return into;
}

/** First position of an equal item, or -1. */
export function indexOfEqual(list: readonly Json[], wanted: Json | undefined, run: Run): number {
  return list.findIndex((item) => isEqual(item, wanted, run));
}

type Step = (call: (...values: (Json | undefined)[]) => Json | undefined, item: Json, index: number) => Json;

function eachOf(self: readonly Json[], args: Arguments, step: Step): Json[] {
  const call = args.callback(0);
  args.run.claimItems(self.length);
  return self.map((item, index) => step(call, item, index));
}

function indexWhere(self: readonly Json[], args: Arguments, wanted = true): number {
  const call = args.callback(0);
  return self.findIndex((item, index) => {
    args.run.charge(1);
    return isTrue(call(item, index)) === wanted;
  });
}

function reduce(self: readonly Json[], args: Arguments): Json | undefined {
  const call = args.callback(0);
  args.run.claimItems(self.length);
  const hasStart = args.count > 1;
  if (!hasStart && self.length === 0) {
    args.run.failType(
      'reduce() of an empty list needs a start value',
      'Write list.reduce((sum, x) => …, 0).',
    );
  }
  let result = hasStart ? args.value(1) : self[0];
  for (let index = hasStart ? 0 : 1; index < self.length; index++) result = call(result, self[index], index);
  return result;
}

function concatLists(self: readonly Json[], args: Arguments): Json[] {
  const parts = args.all.map((value) => (Array.isArray(value) ? value : [value ?? null]));
  args.run.claimItems(parts.reduce((count, part) => count + part.length, self.length));
  return self.concat(...parts);
}

function paid(list: readonly Json[], run: Run): readonly Json[] {
  run.claimItems(list.length);
  return list;
}

import { collections } from './collections.ts';
import { conversion } from './conversion.ts';
import { dates } from './dates.ts';
import { encoding } from './encoding.ts';
import { define, type LibraryFunction } from './library.ts';
import { numbers } from './numbers.ts';
import { paths } from './paths.ts';
import { texts } from './texts.ts';

const own: LibraryFunction[] = [conversion, numbers, collections, texts, paths, dates, encoding].flat();
const byName = new Map(own.map((entry) => [entry.name, entry]));

/** What people type from JavaScript, and the function of ours that answers. */
const ALIASES: Record<string, string> = {
  'Math.round': 'round',
  'Math.floor': 'floor',
  'Math.ceil': 'ceil',
  'Math.abs': 'abs',
  'Math.min': 'min',
  'Math.max': 'max',
  'Object.keys': 'keys',
  'Object.values': 'values',
  'Object.entries': 'entries',
  'Object.fromEntries': 'fromEntries',
  'JSON.stringify': 'json',
  'JSON.parse': 'parseJson',
  Number: 'number',
  String: 'string',
  Boolean: 'boolean',
  encodeURIComponent: 'urlEncode',
};

const aliases = Object.entries(ALIASES).flatMap(([name, target]) => {
  const entry = byName.get(target);
  if (!entry) return [];
  // The name is followed by a bracket in every call, so `ceil(` is never a part of another word.
  const examples = entry.examples.map(
    ([text, result]) => [text.replaceAll(`${target}(`, `${name}(`), result] as const,
  );
  return { ...entry, name, examples, doc: `The same as ${target}. ${entry.doc}` };
});

const others = define([
  {
    name: 'Array.isArray',
    doc: 'True for a list.',
    args: 'value',
    examples: [
      ['Array.isArray([])', true],
      ["Array.isArray('a')", false],
    ],
    call: (args) => Array.isArray(args.value(0)),
  },
]);

/** Every function that expressions can call, by name. */
export const FUNCTIONS: ReadonlyMap<string, LibraryFunction> = new Map(
  [...own, ...others, ...aliases].map((entry) => [entry.name, entry]),
);

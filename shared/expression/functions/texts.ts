import type { Arguments } from '../arguments.ts';
import { replacePlain } from '../text.ts';
import { matchesGlob } from './glob.ts';
import { define } from './library.ts';

/** Functions of text. */
export const texts = define([
  {
    name: 'lower',
    doc: 'The text in lower case.',
    args: 'text',
    examples: [["lower('ABC')", 'abc']],
    call: (args) => sized(args.text(0).toLowerCase(), args),
  },
  {
    name: 'upper',
    doc: 'The text in upper case.',
    args: 'text',
    examples: [["upper('abc')", 'ABC']],
    call: (args) => sized(args.text(0).toUpperCase(), args),
  },
  {
    name: 'trim',
    doc: 'The text without white space at its ends.',
    args: 'text',
    examples: [["trim('  a b ')", 'a b']],
    call: (args) => args.text(0).trim(),
  },
  {
    name: 'slug',
    doc: 'The text as a name for files and addresses: small letters, digits and single hyphens.',
    args: 'text',
    examples: [["slug('Crème brûlée, 2 pcs!')", 'creme-brulee-2-pcs']],
    call: slug,
  },
  {
    name: 'lines',
    doc: 'The lines of a text, whichever line ends it has; a last line end adds no empty line.',
    args: 'text',
    examples: [["lines('a\\nb\\r\\nc\\n')", ['a', 'b', 'c']]],
    call: lines,
  },
  {
    name: 'words',
    doc: 'The parts of a text between white space.',
    args: 'text',
    examples: [
      ["words(' two  words ')", ['two', 'words']],
      ["words('')", []],
    ],
    call: (args) =>
      counted(
        args
          .text(0)
          .trim()
          .split(/\s+/)
          .filter((word) => word !== ''),
        args,
      ),
  },
  {
    name: 'truncate',
    doc: 'At most that many characters of a text; what was cut off is shown by a suffix (default …).',
    args: 'text, length, suffix?',
    examples: [
      ["truncate('a long text', 6)", 'a lon…'],
      ["truncate('short', 10)", 'short'],
      ["truncate('abcdef', 3, '')", 'abc'],
    ],
    call: truncate,
  },
  {
    name: 'replace',
    doc: 'The text with every occurrence of a plain text replaced.',
    args: 'text, find, with',
    examples: [["replace('a.b.c', '.', '/')", 'a/b/c']],
    call: (args) => replacePlain(args.text(0), args.text(1), args.text(2), true, args.run),
  },
  {
    name: 'matchesGlob',
    doc: 'True when a path matches a pattern of * (within a folder), ? (one character) and ** (any folders).',
    args: 'path, pattern',
    examples: [
      ["matchesGlob('src/a/b.ts', 'src/**/*.ts')", true],
      ["matchesGlob('src/b.ts', 'src/**/*.ts')", true],
      ["matchesGlob('src/a/b.ts', '*.ts')", false],
    ],
    call: (args) => matchesGlob(args.text(0), args.text(1), args.run),
  },
]);

function sized(text: string, args: Arguments): string {
  args.run.claimText(text.length);
  return text;
}

function counted(list: string[], args: Arguments): string[] {
  args.run.claimItems(list.length);
  return list;
}

function slug(args: Arguments): string {
  const text = args.text(0);
  args.run.charge(text.length);
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '');
}

function lines(args: Arguments): string[] {
  const all = args.text(0).split(/\r\n|\n|\r/);
  return counted(all.at(-1) === '' ? all.slice(0, -1) : all, args);
}

function truncate(args: Arguments): string {
  const text = args.text(0);
  const length = args.integer(1, undefined, 0);
  const suffix = args.text(2, '…').slice(0, length);
  if (text.length <= length) return text;
  const kept = text.slice(0, length - suffix.length);
  const last = kept.charCodeAt(kept.length - 1);
  const isHalfPair = last >= 0xd800 && last <= 0xdbff;
  return (isHalfPair ? kept.slice(0, -1) : kept) + suffix;
}

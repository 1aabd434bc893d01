import type { Arguments } from '../arguments.ts';
import { define } from './library.ts';

/** Functions of file paths. Paths have forward slashes, on every system. */
export const paths = define([
  {
    name: 'basename',
    doc: 'The last part of a path, without an ending where one is given.',
    args: 'path, ending?',
    examples: [
      ["basename('src/a.test.ts')", 'a.test.ts'],
      ["basename('src/a.test.ts', '.ts')", 'a.test'],
    ],
    call: (args) => {
      const name = baseOf(args.text(0));
      const ending = args.text(1, '');
      return ending !== '' && name.length > ending.length && name.endsWith(ending)
        ? name.slice(0, -ending.length)
        : name;
    },
  },
  {
    name: 'dirname',
    doc: 'The path without its last part; . where there is nothing else.',
    args: 'path',
    examples: [
      ["dirname('src/a/b.ts')", 'src/a'],
      ["dirname('b.ts')", '.'],
    ],
    call: (args) => dirOf(args.text(0)),
  },
  {
    name: 'extname',
    doc: 'The ending of a path from its last dot; empty where there is none.',
    args: 'path',
    examples: [
      ["extname('src/a.test.ts')", '.ts'],
      ["extname('.env')", ''],
    ],
    call: (args) => {
      const name = baseOf(args.text(0));
      const dot = name.lastIndexOf('.');
      return dot > 0 ? name.slice(dot) : '';
    },
  },
  {
    name: 'joinPath',
    doc: 'Parts of a path joined by slashes, with . and .. worked out.',
    args: '...parts',
    examples: [
      ["joinPath('src', './a/', '../b.ts')", 'src/b.ts'],
      ["joinPath('/', 'a')", '/a'],
      ["joinPath('a', '../..')", '..'],
    ],
    call: joinPath,
  },
]);

/** Drops slashes at the end. */
function bare(path: string): string {
  let end = path.length;
  while (end > 0 && path.charAt(end - 1) === '/') end--;
  return path.slice(0, end);
}

const baseOf = (path: string): string => bare(path).slice(bare(path).lastIndexOf('/') + 1);

function dirOf(path: string): string {
  const slash = bare(path).lastIndexOf('/');
  if (slash < 0) return path.startsWith('/') ? '/' : '.';
  return bare(path.slice(0, slash)) || '/';
}

function joinPath(args: Arguments): string {
  const given = args.all.map((_, index) => args.text(index)).filter((part) => part !== '');
  const length = given.reduce((sum, part) => sum + part.length + 1, 0);
  args.run.claimText(length);
  args.run.charge(Math.ceil(length / 8));
  const joined = given.join('/');
  const isAbsolute = joined.startsWith('/');
  const parts: string[] = [];
  for (const part of joined.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!isAbsolute) parts.push(part);
  }
  return (isAbsolute ? '/' : '') + parts.join('/') || '.';
}

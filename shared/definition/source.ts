import { type Document, isMap, isNode, isPair, isScalar, LineCounter, type Node, type YAMLError } from 'yaml';
import { isObject, type Json } from '../json.ts';
import { tooDeepAt } from './depth.ts';
import { formatPath, type Path, type Problem } from './problem.ts';
import { offsetInSource } from './scalar-offset.ts';
import { parseYaml, type Slip, slipsOf } from './strict-yaml.ts';

/** Longest definition, in characters. */
export const LONGEST_SOURCE = 1024 * 1024;

const DEEPEST = 64;

/** Levels that the text itself may have: lines, dashes and brackets, some of which are one level of data together. */
const DEEPEST_TEXT = 250;

/** Problems that are told at once; more would not be read, and each costs time to place. */
export const MOST_PROBLEMS = 100;

const MOST_ALIASES = 100;
const POLLUTING = new Set(['__proto__', 'constructor', 'prototype']);

export interface Position {
  line: number;
  column: number;
}

/** A definition's text, read as data that remembers where everything stood. */
export interface Source {
  /** `undefined` where the text could not be read at all. */
  value: Json | undefined;
  problems: Problem[];
  /** Where the value at a path stands; of a missing one, where its nearest parent does. */
  locate(path: Path): Position | undefined;
  /** Where the character stands that is this many characters into the text at a path. */
  locateText(path: Path, offset: number): Position | undefined;
  /** Where the key of an entry stands. */
  locateKey(path: Path): Position | undefined;
}

const tooDeep = (path: string): Problem => ({
  code: 'source.too_deep',
  message: `Nested more than ${DEEPEST} levels deep.`,
  path,
  fix: 'Flatten it.',
});

type Danger = Problem & { at: Path };

const slipOf = ({ message, pos: [offset] }: YAMLError): Slip => ({ code: 'source.syntax', message, offset });

const FIXES = { 'source.syntax': 'Mend the YAML at this place.', 'source.aliases': 'Write the values out.' };

function problemOf({ code, message, offset }: Slip, counter: LineCounter): Problem {
  const { line, col } = counter.linePos(offset);
  return { code, message, path: '', line, column: col, fix: FIXES[code] };
}

/** Keys that could reach an object's prototype, and nesting too deep to be meant. */
function dangers(value: Json, path: Path = []): Danger[] {
  if (path.length > DEEPEST) return [{ ...tooDeep(formatPath(path)), at: path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => dangers(item, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const at = [...path, key];
    if (!POLLUTING.has(key)) return dangers(item, at);
    return [
      {
        code: 'source.forbidden_key',
        message: `"${key}" may not be a key.`,
        path: formatPath(at),
        fix: 'Rename it.',
        at,
      },
    ];
  });
}

/** Counted by hand: the parser's own count is off once it has met an error. */
function linesOf(text: string): LineCounter {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  return counter;
}

class YamlSource implements Source {
  readonly value: Json | undefined;
  readonly problems: Problem[] = [];
  readonly #document: Document.Parsed | undefined;
  readonly #counter: LineCounter;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    this.#counter = linesOf(text);
    const documents = this.#parse();
    this.#document = documents?.[0];
    if (documents) this.problems.push(...this.#read(documents.length));
    if (this.problems.length === 0) this.value = this.#toValue();
    if (this.value !== undefined) this.problems.push(...this.#placed(dangers(this.value)));
  }

  #parse(): Document.Parsed[] | undefined {
    const deep = tooDeepAt(this.#text, DEEPEST_TEXT);
    if (deep !== undefined) {
      this.problems.push({ ...tooDeep(''), ...this.#position(deep) });
      return undefined;
    }
    return parseYaml(this.#text);
  }

  #read(count: number): Problem[] {
    const document = this.#document;
    if (!document || document.contents === null)
      return [
        {
          code: 'source.empty',
          message: 'There is no definition in this text.',
          path: '',
          line: 1,
          column: 1,
          fix: 'Begin with `name:` and `steps:`.',
        },
      ];
    const slips = [...[...document.errors, ...document.warnings].map(slipOf), ...slipsOf(document)];
    const problems = slips.slice(0, MOST_PROBLEMS).map((slip) => problemOf(slip, this.#counter));
    if (problems.length === 0 && count > 1)
      return [
        {
          code: 'source.several',
          message: 'There are several definitions in this text.',
          path: '',
          line: 1,
          column: 1,
          fix: 'Submit one at a time.',
        },
      ];
    return problems;
  }

  #toValue(): Json | undefined {
    try {
      const value: unknown = this.#document?.toJS({ maxAliasCount: MOST_ALIASES });
      return JSON.parse(JSON.stringify(value)) as Json;
    } catch (thrown) {
      const message = `The aliases in this text cannot be followed: ${thrown instanceof Error ? thrown.message.split('\n')[0] : thrown}`;
      const lost = this.#text.indexOf(`*${/Unresolved alias .*: (\S+)$/.exec(message)?.[1]}`);
      const at = this.#position(Math.max(0, lost)) ?? { line: 1, column: 1 };
      this.problems.push({ code: 'source.aliases', message, path: '', ...at, fix: 'Write the values out.' });
      return undefined;
    }
  }

  #placed(found: Danger[]): Problem[] {
    return found.slice(0, MOST_PROBLEMS).map(({ at, ...problem }) => ({ ...problem, ...this.locateKey(at) }));
  }

  #node(path: Path): Node | undefined {
    for (let length = path.length; length >= 0; length--) {
      const node =
        length === 0 ? this.#document?.contents : this.#document?.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return node;
    }
    return undefined;
  }

  #position(offset: number | undefined): Position | undefined {
    if (offset === undefined) return undefined;
    const { line, col } = this.#counter.linePos(offset);
    return { line, column: col };
  }

  locate(path: Path): Position | undefined {
    return this.#position(this.#node(path)?.range?.[0]);
  }

  locateText(path: Path, offset: number): Position | undefined {
    const node = this.#node(path);
    if (!isScalar(node) || !node.range) return this.locate(path);
    return this.#position(offsetInSource(this.#text, node, offset));
  }

  locateKey(path: Path): Position | undefined {
    const parent = this.#node(path.slice(0, -1));
    if (!isMap(parent)) return this.locate(path);
    const pair = parent.items.find(
      (item) => isPair(item) && isScalar(item.key) && item.key.value === path.at(-1),
    );
    const key = pair?.key;
    return isNode(key) ? this.#position(key.range?.[0]) : this.locate(path);
  }
}

/** Reads YAML or JSON (which is YAML). Never throws: what is wrong is in `problems`. */
export function readSource(text: string): Source {
  if (text.length <= LONGEST_SOURCE) return new YamlSource(text);
  const message = `The definition has ${text.length} characters; the most is ${LONGEST_SOURCE}.`;
  const problem: Problem = {
    code: 'source.too_long',
    message,
    path: '',
    line: 1,
    column: 1,
    fix: 'Split it into several workflows.',
  };
  return {
    value: undefined,
    problems: [problem],
    locate: () => undefined,
    locateText: () => undefined,
    locateKey: () => undefined,
  };
}

/** A definition that came as data: there are no positions to tell. */
export function dataSource(value: Json): Source {
  const problems = dangers(value).map(({ at, ...problem }) => problem);
  const nowhere = () => undefined;
  return { value, problems, locate: nowhere, locateText: nowhere, locateKey: nowhere };
}

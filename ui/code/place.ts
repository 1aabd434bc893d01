import type { Path } from '#shared/definition/problem.ts';

/** Where in a YAML or JSON text the cursor stands. */
export interface Place {
  /** Path of the map or list a key or item is being written in; for a value, the path of that value. */
  path: Path;
  kind: 'key' | 'value' | 'none';
  /** What is already written of the key or value. */
  word: string;
  /** Offset at which that begins. */
  from: number;
}

/** An open collection: of a map the key being written, of a list the position. */
interface Level {
  /** Column of a block collection; -1 inside brackets. */
  indent: number;
  at: string | number | undefined;
}

/** The key or value being written inside brackets: where it begins, and which of the two it is. */
interface Written {
  from: number;
  isKey: boolean;
}

const KEY =
  /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#&*!|>'"%@`{}[\],-][^#{}[\],]*?|-[^\s#{}[\],][^#{}[\],]*?)\s*:(?=\s|$)/;
const NOTHING: Place = { path: [], kind: 'none', word: '', from: 0 };

const unquoted = (key: string): string => (/^["']/.test(key) ? key.slice(1, -1) : key);

/** Where a quoted text that begins here ends; -1 where it does not. */
function endOfQuote(text: string, start: number): number {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text.charAt(at) === '\\') at++;
    else if (text.charAt(at) === quote) return at + 1;
  }
  return -1;
}

/** Reads a text up to the cursor and keeps what is open: by indentation, and by brackets inside a value. */
class Scanner {
  readonly #text: string;
  readonly #levels: Level[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** The place at the text's end. */
  place(): Place {
    let at = 0;
    for (;;) {
      const end = this.#text.indexOf('\n', at);
      const found = this.#line(at);
      if (typeof found !== 'number') return found;
      if (end < 0) return NOTHING;
      at = found;
    }
  }

  #path(): Path {
    return this.#levels.flatMap(({ at }) => at ?? []);
  }

  #here(kind: Place['kind'], from: number): Place {
    const word = this.#text.slice(from);
    return { path: this.#path(), kind, word, from };
  }

  /** Begins an entry of a block collection at a column. */
  #open(indent: number, at: string | number | undefined): void {
    const isItem = typeof at === 'number';
    while ((this.#levels.at(-1)?.indent ?? -1) > indent) this.#levels.pop();
    const top = this.#levels.at(-1);
    if (top?.indent === indent && typeof top.at === 'number' && !isItem) this.#levels.pop();
    const same = this.#levels.at(-1);
    if (same?.indent === indent && (typeof same.at === 'number') === isItem)
      same.at = isItem ? Number(same.at) + 1 : at;
    else this.#levels.push({ indent, at });
  }

  /** Reads one line; answers where the next begins, or the place where the text ends in this one. */
  #line(start: number): number | Place {
    const text = this.#text;
    let at = start;
    while (text.charAt(at) === ' ') at++;
    const rest = (): string => text.slice(at).split('\n', 1)[0] ?? '';
    if (/^(#|---|\.\.\.|%)/.test(rest())) return this.#skipLine(at);
    while (/^-(\s|$)/.test(rest())) {
      this.#open(at - start, 0);
      at++;
      while (text.charAt(at) === ' ') at++;
    }
    const column = at - start;
    if (at >= text.length) return this.#blank(column, at);
    if (rest().trim() === '') return this.#skipLine(at);
    const key = KEY.exec(rest());
    if (!key) return this.#unkeyed(at, column);
    this.#open(column, unquoted(key[1] ?? ''));
    at += key[0].length;
    while (text.charAt(at) === ' ') at++;
    return this.#value(at, column);
  }

  /** The text ends in the white space where something may be written. */
  #blank(column: number, at: number): Place {
    while ((this.#levels.at(-1)?.indent ?? -1) > column) this.#levels.pop();
    const top = this.#levels.at(-1);
    if (top?.indent === column) {
      if (typeof top.at === 'number') {
        this.#levels.pop();
        if (this.#levels.at(-1)?.indent !== column) return this.#here('none', at);
      }
      this.#levels.push({ ...(this.#levels.pop() as Level), at: undefined });
    }
    return this.#here('key', at);
  }

  /** A word that is no key yet, an item of a list, or a value in brackets or quotes. */
  #unkeyed(at: number, column: number): number | Place {
    const text = this.#text;
    if (/[{["']/.test(text.charAt(at))) return this.#value(at, column);
    const end = text.indexOf('\n', at);
    if (end >= 0) return end + 1;
    const { path, kind } = this.#blank(column, at);
    return { path, kind, word: text.slice(at), from: at };
  }

  /** A value on the line of its key or dash. */
  #value(at: number, column: number): number | Place {
    const text = this.#text;
    const char = text.charAt(at);
    if (char === '|' || char === '>') return this.#blockText(at, column);
    if (char === '{' || char === '[') return this.#flow(at);
    if (char === '"' || char === "'") {
      const end = endOfQuote(text, at);
      return end < 0 || end >= text.length ? this.#here('value', at) : this.#skipLine(end);
    }
    const end = text.indexOf('\n', at);
    return end < 0 ? this.#here('value', at) : end + 1;
  }

  /** Past a text written over several lines, which are indented further. */
  #blockText(at: number, column: number): number | Place {
    let next = this.#skipLine(at);
    if (typeof next !== 'number') return this.#here('value', at);
    for (;;) {
      const line = this.#text.slice(next).split('\n', 1)[0] ?? '';
      const isLast = next + line.length >= this.#text.length;
      const isBlank = line.trim() === '';
      const isInside = isBlank ? !isLast || line.length > column : line.search(/\S/) > column;
      if (!isInside) return next;
      const after = this.#skipLine(next);
      if (typeof after !== 'number') return this.#here('value', at);
      next = after;
    }
  }

  #skipLine(at: number): number | Place {
    const end = this.#text.indexOf('\n', at);
    return end < 0 ? { ...NOTHING, path: this.#path(), from: at } : end + 1;
  }

  /** Brackets, over as many lines as they take. */
  #flow(start: number): number | Place {
    const text = this.#text;
    const around = this.#levels.length;
    const written: Written = { from: start, isKey: false };
    let at = start;
    while (at < text.length) {
      const char = text.charAt(at);
      if (char === '"' || char === "'") {
        const end = endOfQuote(text, at);
        if (end < 0) break;
        at = end;
        continue;
      }
      at++;
      this.#sign(char, at, written);
      if (/[}\]]/.test(char) && this.#levels.length === around) return this.#skipLine(at);
    }
    while (/\s/.test(text.charAt(written.from)) && written.from < text.length) written.from++;
    return this.#here(written.isKey ? 'key' : 'value', written.from);
  }

  /** A sign inside brackets that opens, closes or parts; `at` is behind it. */
  #sign(char: string, at: number, written: Written): void {
    const top = this.#levels.at(-1);
    if (char === '{' || char === '[') {
      this.#levels.push({ indent: -1, at: char === '[' ? 0 : undefined });
      Object.assign(written, { from: at, isKey: char === '{' });
    } else if (char === '}' || char === ']') {
      this.#levels.pop();
      written.isKey = false;
    } else if (char === ',' && top) {
      const isItem = typeof top.at === 'number';
      top.at = isItem ? Number(top.at) + 1 : undefined;
      Object.assign(written, { from: at, isKey: !isItem });
    } else if (char === ':' && written.isKey && top && /[\s"'{[]|^$/.test(this.#text.charAt(at))) {
      top.at = unquoted(this.#text.slice(written.from, at - 1).trim());
      Object.assign(written, { from: at, isKey: false });
    }
  }
}

/** The place at an offset of a text; the text may be unfinished. Only what stands before the offset is looked at. */
export function placeAt(text: string, offset: number): Place {
  const place = new Scanner(text.slice(0, offset)).place();
  return place.kind === 'value' && /^\s/.test(place.word)
    ? { ...place, word: place.word.trimStart() }
    : place;
}

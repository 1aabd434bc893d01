import type { Node, Scalar } from 'yaml';

const ESCAPE = /^\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r?\n[ \t]*|.)/s;

/** Where a scalar's own text begins: behind its quote, or on the line after the head of a block. */
function contentStart(text: string, { type, range }: Scalar): number {
  const start = range?.[0] ?? 0;
  if (type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE') return start + 1;
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') return text.indexOf('\n', start) + 1;
  return start;
}

/** Length of what stands in the source for the one character at `value[at]`. */
function lengthInSource(rest: string, quote: boolean, wanted: string): number {
  if (quote && rest.startsWith('\\')) {
    const escaped = ESCAPE.exec(rest)?.[0] ?? '\\';
    return /^\\\r?\n/.test(escaped) ? 0 : escaped.length;
  }
  return wanted === "'" && rest.startsWith("''") ? 2 : 1;
}

/**
 * Where in a YAML source the character at `offset` of a scalar's value stands: past quotes, escapes, folded
 * lines and the indentation of blocks.
 */
export function offsetInSource(text: string, node: Node & Scalar, offset: number): number {
  const value = String(node.value);
  const [start, end] = node.range ?? [0, 0];
  const isDouble = node.type === 'QUOTE_DOUBLE';
  let at = contentStart(text, node);
  for (let index = 0; index <= offset && at < end; index++) {
    at += skipped(text.slice(at, at + SEEN), value.charAt(index), isDouble);
    if (index === offset) return at;
    at += lengthInSource(
      text.slice(at, at + SEEN),
      isDouble,
      node.type === 'QUOTE_SINGLE' ? value.charAt(index) : '',
    );
  }
  return at < end ? at : start;
}

/** Characters of source looked at for one character of a value; no indentation is longer. */
const SEEN = 400;

/** Characters of source that stand for nothing before the next character of a value: indentation and line ends. */
function skipped(rest: string, wanted: string, isDouble: boolean): number {
  if (isDouble && /^\\\r?\n/.test(rest)) return ESCAPE.exec(rest)?.[0].length ?? 0;
  if (rest.startsWith(wanted) && !(wanted === ' ' && /^[ \t]*\r?\n/.test(rest))) return 0;
  if (isDouble && rest.startsWith('\\')) return 0;
  const blank = /^[ \t\r\n]*/.exec(rest)?.[0] ?? '';
  if (blank === '') return 0;
  if (wanted === ' ' || wanted === '\n') return Math.max(0, blank.length - 1);
  return blank.length;
}

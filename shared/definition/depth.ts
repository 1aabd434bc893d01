import { CST, Lexer } from 'yaml';

/** Tokens that open one more level on their own line. */
const OPENS_ON_LINE = new Set(['seq-item-ind', 'explicit-key-ind']);

/**
 * Where a text is nested deeper than `most` levels, as an offset; `undefined` where it nowhere is. The parser is
 * recursive and takes the whole process down with some thousand levels, so this is asked first, of the lexer.
 */
export function tooDeepAt(text: string, most: number): number | undefined {
  const indents: number[] = [];
  let flow = 0;
  let onLine = 0;
  let at = 0;
  let lineStart = 0;
  let isFirst = true;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'newline') [lineStart, onLine, isFirst] = [at + token.length, 0, true];
    else if (type === 'flow-map-start' || type === 'flow-seq-start') flow++;
    else if (type === 'flow-map-end' || type === 'flow-seq-end') flow = Math.max(0, flow - 1);
    else if (type !== null && OPENS_ON_LINE.has(type)) onLine++;
    if (isFirst && type !== 'newline' && type !== 'space') {
      if (flow === 0) indent(indents, at - lineStart);
      isFirst = false;
    }
    if (indents.length + flow + onLine > most) return at;
    if (!isMark(token)) at += token.length;
  }
  return undefined;
}

/** Marks of the lexer's own, which stand for nothing in the text. */
const isMark = (token: string): boolean =>
  token === CST.DOCUMENT || token === CST.FLOW_END || token === CST.SCALAR;

/** Keeps the columns that the lines around this place are indented to. */
function indent(indents: number[], column: number): void {
  while (indents.length > 0 && (indents.at(-1) ?? 0) >= column) indents.pop();
  indents.push(column);
}

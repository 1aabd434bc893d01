import { closeOf, METHOD_NAMES } from '#shared/expression/index.ts';

/** How a text is read: text with `{{ }}`, one expression, JSON, or code in another language. */
export type Language = 'template' | 'expression' | 'json' | 'code';

export type TokenKind = 'brace' | 'path' | 'call' | 'string' | 'number' | 'word' | 'comment';

/** A piece of a text that is shown in a way of its own. */
export interface Token {
  from: number;
  to: number;
  kind: TokenKind;
}

const STRING = `"(?:[^"\\\\]|\\\\[^])*"?|'(?:[^'\\\\\\n]|\\\\[^])*'?`;
const NUMBER = '(?<![\\w$.])\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?';
const CHAIN =
  '[A-Za-z_$][\\w$]*(?:\\??\\.[A-Za-z_$][\\w$]*|(?:\\?\\.)?\\[(?:\\d+|\'[^\'\\]]*\'|"[^"\\]]*")\\])*';

const EXPRESSION = new RegExp(`(${STRING})|(${NUMBER})|(${CHAIN})`, 'g');
const CODE = new RegExp(
  `(//[^\\n]*|/\\*[^]*?(?:\\*/|$)|(?<=^|\\s)#[^\\n]*)|(${STRING}|\`[^\`]*\`?)|(${NUMBER})|([A-Za-z_$][\\w$]*)`,
  'g',
);

const LITERALS = new Set(['true', 'false', 'null', 'undefined']);
const WORDS = new Set(
  `async await break case catch const continue default delete do else export false finally for function if import
  in instanceof let new null of return switch throw true try typeof undefined var void while then fi done echo exit
  esac elif local set`.split(/\s+/),
);

/** Longest text that is coloured, in characters. */
const LONGEST = 50_000;

/** A path; where it is called, its last name is the method. */
function chainTokens(chain: string, from: number, isCalled: boolean): Token[] {
  const whole = from + chain.length;
  if (LITERALS.has(chain)) return [{ from, to: whole, kind: 'word' }];
  if (!isCalled) return [{ from, to: whole, kind: 'path' }];
  const dot = chain.lastIndexOf('.');
  if (dot < 0 || !METHOD_NAMES.has(chain.slice(dot + 1))) return [{ from, to: whole, kind: 'call' }];
  const end = chain.charAt(dot - 1) === '?' ? dot - 1 : dot;
  return [
    { from, to: from + end, kind: 'path' },
    { from: from + dot + 1, to: whole, kind: 'call' },
  ];
}

function expressionTokens(text: string, base: number): Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(EXPRESSION)) {
    const [whole, string, number, chain] = match;
    const from = base + match.index;
    const to = from + whole.length;
    if (string !== undefined) found.push({ from, to, kind: 'string' });
    else if (number !== undefined) found.push({ from, to, kind: 'number' });
    else if (chain !== undefined && text.charAt(match.index - 1) === '.') {
      found.push({ from, to, kind: 'call' });
    } else if (chain !== undefined)
      found.push(...chainTokens(chain, from, /^\s*\(/.test(text.slice(match.index + whole.length))));
  }
  return found;
}

function templateTokens(text: string): Token[] {
  const found: Token[] = [];
  let open = text.indexOf('{{');
  while (open >= 0) {
    const close = closeOf(text, open + 2);
    const end = close < 0 ? text.length : close;
    found.push({ from: open, to: open + 2, kind: 'brace' });
    found.push(...expressionTokens(text.slice(open + 2, end), open + 2));
    if (end < text.length) found.push({ from: end, to: end + 2, kind: 'brace' });
    open = text.indexOf('{{', end + 2);
  }
  return found;
}

function codeTokens(text: string): Token[] {
  const found: Token[] = [];
  for (const match of text.matchAll(CODE)) {
    const [whole, comment, string, number, word] = match;
    const kind: TokenKind | undefined =
      comment !== undefined
        ? 'comment'
        : string !== undefined
          ? 'string'
          : number !== undefined
            ? 'number'
            : WORDS.has(word ?? '')
              ? 'word'
              : undefined;
    if (kind) found.push({ from: match.index, to: match.index + whole.length, kind });
  }
  return found;
}

/** The pieces of a text to colour, in order and apart from one another. */
export function tokens(text: string, language: Language): Token[] {
  const read = text.slice(0, LONGEST);
  if (language === 'expression' && !read.trimStart().startsWith('{{')) return expressionTokens(read, 0);
  return language === 'template' || language === 'expression' ? templateTokens(read) : codeTokens(read);
}

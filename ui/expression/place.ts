/** Where in an expression a position is. */
export interface Place {
  /** The names before the last dot: `['steps', 'read']`; absent at the beginning of a path, empty after a call. */
  path?: string[];
  /** What has been typed of the name at the position. */
  partial: string;
  /** Where that begins. */
  from: number;
  /** Where the dot before it stands. */
  dot?: number;
}

/** Where the expression around a position begins, or undefined where the position is in plain text. */
export function expressionStart(text: string, position: number, isBare = false): number | undefined {
  let start: number | undefined = isBare && !text.trimStart().startsWith('{{') ? 0 : undefined;
  let depth = 0;
  let quote = '';
  for (let at = 0; at < position; at++) {
    const char = text.charAt(at);
    const isDouble = char === text.charAt(at + 1);
    if (start === undefined) {
      if (char === '{' && isDouble && at + 1 < position) start = ++at + 1;
    } else if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '{') depth++;
    else if (char === '}' && depth > 0) depth--;
    else if (char === '}' && isDouble && !isBare) {
      start = undefined;
      at++;
    }
  }
  return start;
}

function isQuoted(text: string): boolean {
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote === '') quote = char === '"' || char === "'" ? char : '';
    else if (char === '\\') at++;
    else if (char === quote) quote = '';
  }
  return quote !== '';
}

const CHAIN = /([A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*|(?:\?\.)?\[(?:\d+|'[^'\]]*'|"[^"\]]*")\])*)$/;
const KEY = /\[(\d+|'[^']*'|"[^"]*")\]|[A-Za-z_$][\w$]*/g;

const keysOf = (chain: string): string[] =>
  [...chain.matchAll(KEY)].map(([whole, bracketed]) => bracketed?.replaceAll(/^['"]|['"]$/g, '') ?? whole);

/** The place of a position, where something can be completed there. */
export function placeAt(text: string, position: number, isBare = false): Place | undefined {
  const start = expressionStart(text, position, isBare);
  if (start === undefined) return undefined;
  const before = text.slice(Math.max(start, position - 2_000), position);
  if (isQuoted(before)) return undefined;
  const partial = /[A-Za-z_$][\w$]*$/.exec(before)?.[0] ?? '';
  const from = position - partial.length;
  const rest = before.slice(0, before.length - partial.length);
  const sign = /(\?\.|\.)$/.exec(rest)?.[0];
  if (sign === undefined) return /\d$/.test(rest) ? undefined : { partial, from };
  const object = rest.slice(0, -sign.length);
  if (/(?<![\w$])\d+$/.test(object)) return undefined;
  const chain = CHAIN.exec(object)?.[0];
  const isChain = chain !== undefined && !/[.)\]]$/.test(object.slice(0, -chain.length));
  return { path: isChain ? keysOf(chain) : [], partial, from, dot: from - sign.length };
}

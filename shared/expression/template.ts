import { remembered } from './cache.ts';
import { expressionError, moved, type Source } from './errors.ts';
import { parseExpression } from './parse.ts';
import type { Expression } from './syntax.ts';

/** A piece of a template. Offsets count from the beginning of the template. */
export type TemplatePart =
  | { readonly type: 'text'; readonly text: string; readonly offset: number }
  | { readonly type: 'expression'; readonly expression: Expression; readonly offset: number };

/** Text with expressions between `{{` and `}}`. */
export interface Template {
  readonly text: string;
  readonly parts: readonly TemplatePart[];
  /** The one expression, where the whole text is exactly one `{{ }}`: its value then keeps its type. */
  readonly exact: Expression | undefined;
}

const CACHE_SIZE = 500;

/** True for text that holds an expression to be evaluated. */
export const isTemplate = (text: string): boolean => text.includes('{{');

/**
 * Takes a text apart into plain text and expressions. `}}` inside quotes or braces of an expression does not end it.
 * Errors: those of parseExpression, placed in the template; `expression.syntax` for a `{{` that is never closed.
 */
export const parseTemplate: (text: string) => Template = remembered(CACHE_SIZE, (text) => {
  const parts: TemplatePart[] = [];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf('{{', at);
    const end = open < 0 ? text.length : open;
    if (end > at) parts.push({ type: 'text', text: text.slice(at, end), offset: at });
    if (open < 0) break;
    const close = closeOf(text, open + 2);
    if (close < 0) {
      const at: Source = { source: text.slice(open), text, base: open };
      throw expressionError(
        'syntax',
        'the "{{" that begins here is never closed',
        at,
        0,
        'Close it with "}}".',
      );
    }
    parts.push({ type: 'expression', expression: expressionIn(text, open + 2, close), offset: open });
    at = close + 2;
  }
  const only = parts.length === 1 ? parts[0] : undefined;
  return { text, parts, exact: only?.type === 'expression' ? only.expression : undefined };
});

/** Where the `}}` that ends an expression begins which begins at `start`; -1 where there is none. */
export function closeOf(text: string, start: number): number {
  let depth = 0;
  let quote = '';
  for (let at = start; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === '\\') at++;
      else if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '{') depth++;
    else if (char === '}' && depth > 0) depth--;
    else if (char === '}' && text.charAt(at + 1) === '}') return at;
  }
  return -1;
}

function expressionIn(text: string, start: number, end: number): Expression {
  const at: Source = { source: text.slice(start, end), text, base: start };
  try {
    return { ...parseExpression(at.source), ...at };
  } catch (error) {
    throw moved(error, at);
  }
}

/**
 * An expression that may be given with or without `{{ }}` around it, such as a condition.
 * Errors: as parseTemplate; `expression.syntax` for text around the braces.
 */
export function condition(text: string): Expression {
  const start = text.length - text.trimStart().length;
  if (!text.startsWith('{{', start)) return parseExpression(text);
  const close = closeOf(text, start + 2);
  const rest = close < 0 ? '' : text.slice(close + 2).trim();
  if (close >= 0 && rest === '') return expressionIn(text, start + 2, close);
  const at: Source = { source: text, text, base: 0 };
  const [message, place] =
    close < 0
      ? ['the "{{" that begins here is never closed', start]
      : ['a condition is one expression, and there is text after it', text.indexOf(rest, close + 2)];
  throw expressionError(
    'syntax',
    message,
    at,
    place,
    'Write the condition without braces: steps.a.output == 1.',
  );
}

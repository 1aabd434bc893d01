import { AppError } from '../errors.ts';

/** The text an expression was written in, and where in it the expression begins. */
export interface Source {
  /** The expression's own text, without braces. */
  readonly source: string;
  /** The whole text it stands in: the template, or the expression itself. */
  readonly text: string;
  /** Offset of `source` in `text`. */
  readonly base: number;
}

/** Line and column, both from 1, of an offset in a text. */
export function positionOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** Longest expression quoted in the details of an error, in characters. */
const QUOTED = 1_000;

/**
 * An error at one place of an expression. Its details are `{expression, offset, line, column}`,
 * counted in the text the expression was written in.
 */
export function expressionError(
  code: string,
  message: string,
  at: Source,
  offset: number,
  fix?: string,
): AppError {
  const place = Math.min(at.base + offset, at.text.length);
  return new AppError(`expression.${code}`, message, {
    fix,
    details: { expression: at.source.slice(0, QUOTED), offset: place, ...positionOf(at.text, place) },
  });
}

/** An error of a parsed expression, moved to the place of that expression in a larger text. */
export function moved(error: unknown, at: Source): unknown {
  if (!AppError.is(error)) return error;
  const details = error.details as { offset?: number } | undefined;
  if (typeof details?.offset !== 'number') return error;
  return expressionError(
    error.code.slice('expression.'.length),
    error.message,
    at,
    details.offset,
    error.fix,
  );
}

/**
 * Thrown when an expression touches what is not at hand here: a secret, or the content of a stored value.
 * Not an error of the user's: the action host evaluates the expression again with everything loaded.
 */
export class DeferredError extends Error {
  override readonly name = 'DeferredError';

  /** By name, not `instanceof`: the workflow isolate has classes of its own. */
  static is(value: unknown): value is DeferredError {
    return value instanceof Error && value.name === 'DeferredError';
  }
}

import type { Json } from './json.ts';

/** What an error carries besides its message. */
export interface ErrorFacts {
  /** What the reader can do about it. */
  fix?: string;
  /** Facts for programs: path, line, column, limits. */
  details?: Json;
  cause?: unknown;
}

/**
 * An error that is the fault of an input, a definition or the outside world, never of our own code.
 * `code` is a stable slug (`expression.unknown_name`) with a section in docs/errors.md.
 */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: string;
  readonly fix: string | undefined;
  readonly details: Json | undefined;

  constructor(code: string, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.fix = facts.fix;
    this.details = facts.details;
  }

  /** By name, not `instanceof`: the workflow isolate and Jest each have their own classes. */
  static is(value: unknown): value is AppError {
    return value instanceof Error && value.name === 'AppError' && 'code' in value;
  }
}

/** Anything thrown, as one line of text. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

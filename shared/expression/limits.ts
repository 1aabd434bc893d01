import { DeferredError, expressionError } from './errors.ts';
import type { Expression } from './syntax.ts';

/** Longest expression, in characters. */
export const MAX_SOURCE = 10_000;
/** Deepest nesting of brackets, calls, conditionals and signs in an expression. */
export const MAX_NESTING = 64;
/** Longest chain of operators and members: `a + a + a`, `a.b.c`. */
export const MAX_CHAIN = 500;
/** Deepest nesting of lists and objects in a value that an expression builds or walks through. */
export const MAX_VALUE_DEPTH = 100;
/** Most items in one list or object that an expression builds. */
export const MAX_ITEMS = 100_000;
/** Default of `Limits.size`. */
export const DEFAULT_SIZE = 1_000_000;
/** Default of `Limits.fuel`, for one evaluation. */
export const DEFAULT_FUEL = 100_000;
/** Characters of text that one unit of fuel pays for. */
const TEXT_PER_FUEL = 64;

/** What an evaluation may use. */
export interface Limits {
  /** Work left, in steps; taken from as the evaluation goes, and may be shared among evaluations. */
  fuel?: { left: number };
  /** Longest text, and largest JSON text of a built value, in characters. Default 1,000,000. */
  size?: number;
  /** Root names that may not be read here: reading one throws a DeferredError. */
  deferredNames?: readonly string[];
}

/** One evaluation under way: what it may still use, and which place of the expression it is at. */
export class Run {
  readonly expression: Expression;
  readonly size: number;
  /** Offset of the node being evaluated; errors are shown there. */
  at: number;
  readonly #fuel: { left: number };
  readonly #deferredNames: readonly string[];

  constructor(expression: Expression, limits: Limits) {
    this.expression = expression;
    this.size = limits.size ?? DEFAULT_SIZE;
    this.at = expression.node.offset;
    this.#fuel = limits.fuel ?? { left: DEFAULT_FUEL };
    this.#deferredNames = limits.deferredNames ?? [];
  }

  /** Throws an error of this expression at the current place. */
  fail(code: string, message: string, fix?: string): never {
    throw expressionError(code, message, this.expression, this.at, fix);
  }

  /** Throws `expression.type`. */
  failType(message: string, fix?: string): never {
    return this.fail('type', message, fix);
  }

  /** Stops the evaluation here, to be done again where everything is at hand. */
  defer(what: string): never {
    throw new DeferredError(`${what} is not at hand here: ${this.expression.source.slice(0, 200)}`);
  }

  /** True for a root name whose value is only known later. */
  isDeferredName(name: string): boolean {
    return this.#deferredNames.includes(name);
  }

  /** Pays for work before it is done. */
  charge(steps: number): void {
    this.#fuel.left -= steps;
    if (this.#fuel.left >= 0) return;
    this.fail(
      'limit',
      'the expression takes too many steps',
      'Work on fewer items, or move the work into a step of its own.',
    );
  }

  /** Pays for reading that many characters of text. */
  chargeText(length: number): void {
    this.charge(Math.ceil(length / TEXT_PER_FUEL));
  }

  /** Pays for a text of that length before it is built. */
  claimText(length: number): void {
    if (length > this.size) this.#tooLarge(`a text of ${length} characters`, `${this.size} characters`);
    this.chargeText(length);
  }

  /** Pays for a list or object of that many items before it is built. */
  claimItems(count: number): void {
    if (count > MAX_ITEMS) this.#tooLarge(`${count} items`, `${MAX_ITEMS} items`);
    this.charge(count);
  }

  /** Throws when a value being built has grown past the size limit, in characters of JSON. */
  checkSize(size: number): void {
    if (size > this.size) this.#tooLarge('a value', `${this.size} characters of JSON`);
  }

  /** Throws when lists and objects are nested too deep to walk through. */
  checkDepth(depth: number): void {
    if (depth <= MAX_VALUE_DEPTH) return;
    this.fail('limit', `a value is nested deeper than ${MAX_VALUE_DEPTH} levels`, 'Flatten the value first.');
  }

  #tooLarge(what: string, limit: string): never {
    return this.fail(
      'limit',
      `the expression builds ${what}; the limit is ${limit}`,
      'Take a part of it (slice, truncate, filter), or write it to a file in a step of its own.',
    );
  }
}

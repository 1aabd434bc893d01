import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Run } from './limits.ts';
import type { Callback } from './syntax.ts';
import { isBlob, typeName } from './values.ts';

type Argument = Json | Callback | undefined;

/** How many arguments a function takes. */
export interface Arity {
  min: number;
  max: number;
}

/** Reads the arity off a signature: `text, with?` takes one or two; `...values` takes any number. */
export function arityOf(signature: string): Arity {
  const names = signature
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const min = names.filter((name) => !name.endsWith('?') && !name.startsWith('...')).length;
  return { min, max: names.some((name) => name.startsWith('...')) ? Number.POSITIVE_INFINITY : names.length };
}

/** The arguments of one call, read by type. Every reader pays for the data it hands out. */
export class Arguments {
  readonly run: Run;
  readonly #name: string;
  readonly #values: readonly Argument[];

  constructor(run: Run, name: string, arity: Arity, values: readonly Argument[]) {
    this.run = run;
    this.#name = name;
    this.#values = values;
    if (values.length < arity.min || values.length > arity.max) {
      const count = arity.min === arity.max ? `${arity.min}` : `${arity.min} to ${arity.max}`;
      const expected = arity.max === Number.POSITIVE_INFINITY ? `at least ${arity.min}` : count;
      run.failType(`${name}() takes ${expected} arguments, and got ${values.length}`);
    }
    if (values.some(isBlob)) run.defer('a stored value');
  }

  get count(): number {
    return this.#values.length;
  }

  /** All arguments, unpaid. */
  get all(): readonly (Json | undefined)[] {
    return this.#values.map((_, index) => this.value(index));
  }

  /** Any value, unpaid; a function is not a value. */
  value(index: number): Json | undefined {
    const value = this.#values[index];
    return typeof value === 'function' ? this.wrong(index, 'a value') : value;
  }

  text(index: number, fallback?: string): string {
    const value = this.#values[index];
    if (value === undefined && fallback !== undefined) return fallback;
    if (typeof value !== 'string') return this.wrong(index, 'a string');
    this.run.chargeText(value.length);
    return value;
  }

  number(index: number, fallback?: number): number {
    const value = this.#values[index];
    if (value === undefined && fallback !== undefined) return fallback;
    return typeof value === 'number' ? value : this.wrong(index, 'a number');
  }

  /** A whole number within bounds (default: any safe integer). */
  integer(
    index: number,
    fallback?: number,
    min = -Number.MAX_SAFE_INTEGER,
    max = Number.MAX_SAFE_INTEGER,
  ): number {
    const value = this.number(index, fallback);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    const bounds = max === Number.MAX_SAFE_INTEGER ? '' : ` from ${min} to ${max}`;
    return this.run.failType(
      `${this.#name}(): argument ${index + 1} must be a whole number${bounds}, and is ${value}`,
    );
  }

  list(index: number): readonly Json[] {
    const value = this.#values[index];
    if (!Array.isArray(value)) return this.wrong(index, 'an array');
    this.run.charge(value.length);
    return value;
  }

  object(index: number): JsonObject {
    const value = this.#values[index];
    if (!isObject(value)) return this.wrong(index, 'an object');
    this.run.charge(Object.keys(value).length);
    return value;
  }

  callback(index: number): Callback {
    const value = this.#values[index];
    if (typeof value === 'function') return value;
    return this.run.failType(
      `${this.#name}() needs a function, and got ${typeName(value)}`,
      `Write an arrow function, such as ${this.#name}(x => x.name).`,
    );
  }

  /** Throws `expression.type`: an argument is not what it has to be. */
  wrong(index: number, wanted: string): never {
    const value = this.#values[index];
    const got = typeof value === 'function' ? 'a function' : typeName(value);
    const fix = value === undefined || value === null ? 'Give a default with ??.' : undefined;
    return this.run.failType(`${this.#name}(): argument ${index + 1} must be ${wanted}, and is ${got}`, fix);
  }
}

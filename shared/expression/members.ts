import { didYouMean } from '../suggest.ts';
import { isForbiddenKey } from './forbidden.ts';
import type { Run } from './limits.ts';
import { isScope, type Value } from './scope.ts';
import { isBlob, typeName } from './values.ts';

const INDEX = /^(?:0|[1-9]\d{0,9})$/;
/** Most names looked at for a suggestion, and most shown. */
const SUGGEST_FROM = 1_000;
const SHOWN = 8;

/** A computed key as text. Throws `expression.type` for anything but text and numbers, `expression.forbidden`. */
export function keyOf(value: Value, run: Run): string {
  if (typeof value !== 'string' && typeof value !== 'number') {
    return run.failType(`a key must be text or a number, and is ${typeName(value)}`);
  }
  const key = String(value);
  if (isForbiddenKey(key)) run.fail('forbidden', `the name ${key} may not be used in expressions`);
  return key;
}

/**
 * An own property of a value, or undefined. Text and lists have `length` and their indexes; nothing is inherited.
 * The value must not be null or undefined.
 */
export function memberOf(object: Value, key: string, run: Run): Value {
  if (typeof object === 'string' || Array.isArray(object)) {
    if (key === 'length') return object.length;
    return INDEX.test(key) ? checked(object[Number(key)], run) : undefined;
  }
  if (typeof object !== 'object' || object === null) return undefined;
  if (isScope(object)) return checked(object.get(key), run);
  if (isBlob(object)) run.defer('a stored value');
  return Object.hasOwn(object, key) ? checked(object[key], run) : undefined;
}

/** Lets only JSON and scopes through, whatever the caller put into the scope. */
export function checked(value: Value, run: Run): Value {
  if (value === undefined || value === null) return value;
  const type = typeof value;
  if (type === 'string' || type === 'boolean') return value;
  if (type === 'number') {
    return Number.isFinite(value) ? value : run.failType('a value in scope is not a finite number');
  }
  if (type === 'object' && (Array.isArray(value) || isPlain(value as object) || isScope(value))) return value;
  return run.failType('a value in scope is not JSON', 'This is a fault of the step that made the value.');
}

/** True for an object made by a literal or by JSON, in whichever realm. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Names that a value has, the first thousand. */
export function namesOf(value: Value): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  const names: string[] = [];
  for (const name of isScope(value) ? value.names() : Object.keys(value)) {
    if (names.push(name) >= SUGGEST_FROM) break;
  }
  return names;
}

/** `it has: a, b, c; did you mean "b"?`, or nothing where there is nothing to say. */
export function suggestion(wanted: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const shown = names
    .slice(0, SHOWN)
    .map((name) => name.slice(0, 60))
    .join(', ');
  const like =
    wanted.length < 64
      ? didYouMean(
          wanted,
          names.filter((name) => name.length < 64),
        )
      : undefined;
  return `${shown}${names.length > SHOWN ? ', …' : ''}${like ? `; ${like}` : ''}`;
}

import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Run } from './limits.ts';
import { isScope, type Scope, type Value } from './scope.ts';

export type TypeName = 'undefined' | 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** The type of a value in words, as `type()` answers and as errors say it. */
export function typeName(value: Value): TypeName {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as TypeName;
}

/** True for a large value that is kept outside: `{ $blob: "…", … }`. */
export const isBlob = (value: unknown): value is JsonObject =>
  isObject(value) && Object.hasOwn(value, '$blob') && typeof value.$blob === 'string';

/** True for a value without parts. */
export const isScalar = (value: Value): value is string | number | boolean | null | undefined =>
  typeof value !== 'object' || value === null;

/** Sets an own property whatever its name: assignment to `__proto__` would do something else. */
export function setOwn(object: JsonObject, key: string, value: Json): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
}

/** A lazy object as plain JSON; anything else as it is. Pays for each name. */
export function plain(value: Value, run: Run, depth = 0): Json | undefined {
  if (!isScope(value)) return value;
  run.checkDepth(depth);
  const object: JsonObject = {};
  for (const name of (value as Scope).names()) {
    run.charge(1);
    const item = plain(value.get(name), run, depth + 1);
    if (item !== undefined) setOwn(object, name, item);
  }
  return object;
}

/** Number of characters a value takes as JSON (without escapes). Pays nothing; stops at the size limit. */
export function measure(value: Json, run: Run): number {
  let size = 0;
  const walk = (item: Json, depth: number): void => {
    run.checkDepth(depth);
    if (typeof item === 'string') size += item.length + 2;
    else if (Array.isArray(item)) {
      size += 2 + item.length;
      for (const part of item) walk(part, depth + 1);
    } else if (isObject(item)) {
      size += 2;
      for (const key of Object.keys(item)) {
        size += key.length + 4;
        walk(item[key] as Json, depth + 1);
      }
    } else size += 4;
    run.checkSize(size);
  };
  walk(value, 0);
  return size;
}

/** Parts of a value that one unit of fuel pays for when it is written out: short ones cost more than their text. */
const PARTS_PER_FUEL = 4;

/**
 * Pays for the parts of a value that is to be written out. Throws a DeferredError when a stored value is anywhere
 * inside: what is written out must be complete.
 */
function payForParts(value: Json, run: Run): void {
  if (isScalar(value)) return;
  if (isBlob(value)) run.defer('a stored value');
  const parts = Array.isArray(value) ? value : Object.values<Json>(value);
  run.charge(Math.ceil(parts.length / PARTS_PER_FUEL));
  for (const part of parts) payForParts(part, run);
}

/** The value as JSON text, keys in their own order. Pays for its size and its parts first. */
export function jsonText(value: Json, run: Run, indent = 0): string {
  run.chargeText(measure(value, run) * (indent + 1));
  payForParts(value, run);
  const text = JSON.stringify(value, undefined, indent);
  run.checkSize(text.length);
  return text;
}

/** A value as text inside other text: text as it is, null and undefined as nothing, the rest as JSON. */
export function displayText(value: Json | undefined, run: Run): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return value;
  return isScalar(value) ? String(value) : jsonText(value, run);
}

/** True when two values are the same JSON; the order of keys does not matter. Pays for each part compared. */
export function isEqual(a: Json | undefined, b: Json | undefined, run: Run, depth = 0): boolean {
  run.charge(1);
  run.checkDepth(depth);
  if (isBlob(a) || isBlob(b)) run.defer('a stored value');
  if (isScalar(a) || isScalar(b)) {
    if (typeof a === 'string' && typeof b === 'string') run.chargeText(Math.min(a.length, b.length));
    return a === b;
  }
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => isEqual(item, b[index], run, depth + 1));
  }
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key], run, depth + 1));
}

/** A text that is the same for equal values: JSON with sorted keys. */
export function identityOf(value: Json, run: Run, depth = 0): string {
  run.charge(1);
  run.checkDepth(depth);
  if (isBlob(value)) run.defer('a stored value');
  if (isScalar(value)) {
    if (typeof value === 'string') run.chargeText(value.length);
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => identityOf(item, run, depth + 1)).join(',')}]`;
  const parts = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${identityOf(value[key] as Json, run, depth + 1)}`);
  return `{${parts.join(',')}}`;
}

/** A finite number as JSON keeps it: no negative zero. Throws `expression.type` for NaN and infinities. */
export function finite(value: number, run: Run, what: string): number {
  if (!Number.isFinite(value)) run.failType(`${what} is not a finite number`);
  return value === 0 ? 0 : value;
}

import type { Path } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';

/** The value at a path; undefined where there is none. */
export function getIn(value: Json | undefined, path: Path): Json | undefined {
  let current = value;
  for (const key of path) {
    if (Array.isArray(current)) current = current[Number(key)];
    else if (isObject(current)) current = Object.hasOwn(current, key) ? current[key] : undefined;
    else return undefined;
  }
  return current;
}

function setInList(list: Json[], index: number, rest: Path, next: Json | undefined): Json[] {
  if (rest.length === 0 && next === undefined) return list.filter((_, at) => at !== index);
  const inner = setIn(list[index], rest, next);
  return inner === list[index] ? list : Object.assign([...list], { [index]: inner });
}

function setInObject(object: JsonObject, key: string, rest: Path, next: Json | undefined): JsonObject {
  if (rest.length === 0 && next === undefined) {
    if (!Object.hasOwn(object, key)) return object;
    const { [key]: _, ...left } = object;
    return left;
  }
  const before = Object.hasOwn(object, key) ? object[key] : undefined;
  const inner = setIn(before, rest, next);
  return inner === before ? object : { ...object, [key]: inner };
}

/**
 * A copy with another value at a path, sharing all that stays the same; `undefined` removes what is there. Objects
 * and lists that are missing on the way are made.
 */
export function setIn(value: Json | undefined, path: Path, next: Json | undefined): Json {
  const [key, ...rest] = path;
  if (key === undefined) return next ?? null;
  if (typeof key === 'number') return setInList(Array.isArray(value) ? value : [], key, rest, next);
  return setInObject(isObject(value) ? value : {}, key, rest, next);
}

/** The same for something that is an object before and after. */
export const setInDefinition = (definition: JsonObject, path: Path, next: Json | undefined): JsonObject =>
  setIn(definition, path, next) as JsonObject;

/** The list at a path; an empty one where there is none. */
export function listAt(definition: JsonObject, path: Path): Json[] {
  const list = getIn(definition, path);
  return Array.isArray(list) ? list : [];
}

import { isObject, isSame, type Json, type JsonObject } from '#shared/json.ts';

/** Two changes of one thing brought together; where both changed the same, mine stays and the place is named. */
export interface Merged {
  definition: JsonObject;
  conflicts: string[];
}

const nameOf = (item: Json | undefined): string | undefined => {
  if (!isObject(item)) return undefined;
  const name = item.id ?? item.name ?? item.targetStepId;
  return typeof name === 'string' ? name : undefined;
};

const isNamed = (list: readonly Json[]): boolean => {
  const names = list.map(nameOf);
  return names.every((name) => name !== undefined) && new Set(names).size === names.length;
};

type Value = Json | undefined;

function mergeObjects(
  base: JsonObject,
  mine: JsonObject,
  theirs: JsonObject,
  path: string,
  conflicts: string[],
): JsonObject {
  const merged: JsonObject = {};
  for (const key of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
    const value = mergeValues(
      base[key],
      mine[key],
      theirs[key],
      path === '' ? key : `${path}.${key}`,
      conflicts,
    );
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

const byName = (list: readonly Json[]): Map<string, Json> =>
  new Map(list.map((item) => [nameOf(item) ?? '', item]));

/** Lists of named things: each is merged by itself, in my order; what only they added follows what it followed there. */
function mergeLists(base: Json[], mine: Json[], theirs: Json[], path: string, conflicts: string[]): Json[] {
  const [old, own, other] = [byName(base), byName(mine), byName(theirs)];
  const order = [...own.keys()];
  for (const [index, name] of [...other.keys()].entries()) {
    if (own.has(name)) continue;
    const before = [...other.keys()][index - 1];
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1 || order.length, 0, name);
  }
  return order.flatMap((name) => {
    const value = mergeValues(old.get(name), own.get(name), other.get(name), `${path}.${name}`, conflicts);
    return value === undefined ? [] : [value];
  });
}

function mergeValues(base: Value, mine: Value, theirs: Value, path: string, conflicts: string[]): Value {
  if (isSame(mine, theirs) || isSame(base, theirs)) return mine;
  if (isSame(base, mine)) return theirs;
  if (isObject(mine) && isObject(theirs))
    return mergeObjects(isObject(base) ? base : {}, mine, theirs, path, conflicts);
  if (Array.isArray(mine) && Array.isArray(theirs) && isNamed(mine) && isNamed(theirs))
    return mergeLists(Array.isArray(base) ? base : [], mine, theirs, path, conflicts);
  conflicts.push(path);
  return mine ?? theirs;
}

/** Brings two people's changes of the same definition together. */
export function merge(base: JsonObject, mine: JsonObject, theirs: JsonObject): Merged {
  const conflicts: string[] = [];
  return { definition: mergeObjects(base, mine, theirs, '', conflicts), conflicts };
}

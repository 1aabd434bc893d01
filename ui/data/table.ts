import { isObject, type Json, type JsonObject } from '#shared/json.ts';

/** Most columns of a table, and how many items are looked at for them. */
const COLUMNS = 40;
const LOOKED_AT = 200;

/** The items and columns of a list of objects; undefined where a value is no such list. */
export function tableOf(value: Json): { items: JsonObject[]; columns: string[] } | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  if (!value.every((item) => isObject(item))) return undefined;
  const items = value as JsonObject[];
  const columns = [...new Set(items.slice(0, LOOKED_AT).flatMap((item) => Object.keys(item)))];
  return columns.length === 0 ? undefined : { items, columns: columns.slice(0, COLUMNS) };
}

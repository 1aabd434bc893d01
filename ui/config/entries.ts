import type { Path } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { type FieldKind, kindOf, resolved } from './field-kind.ts';
import { choiceOf, fits, isOpen } from './fit.ts';

/** One thing the form shows of a value: where it stands, and how. */
export interface Entry {
  path: Path;
  value: Json;
  /** `other` where no control of the schema fits it: it is shown as JSON, or as a key that is not known. */
  kind: FieldKind['type'] | 'other';
}

function* ofMembers(
  value: JsonObject,
  root: JsonObject,
  path: Path,
  schemaOf: (key: string) => JsonObject | undefined,
): Generator<Entry> {
  for (const [key, item] of Object.entries(value)) {
    const schema = schemaOf(key);
    const here = [...path, key];
    if (schema) yield* entries(schema, root, item, here, key);
    else yield { path: here, value: item, kind: 'other' };
  }
}

/** What the form of a schema shows of a value, down to the controls that set something. */
export function* entries(
  given: JsonObject,
  root: JsonObject,
  value: Json,
  path: Path = [],
  name = '',
): Generator<Entry> {
  const kind = kindOf(given, root, name);
  if (isOpen(value)) yield { path, value, kind: kind.type };
  else if (!fits(kind, value, root)) yield { path, value, kind: 'other' };
  else if (kind.type === 'union') {
    const option = kind.options[choiceOf(kind.options, value, root)] ?? {};
    yield* entries(option, root, value, path, name);
  } else if (kind.type === 'list' && Array.isArray(value) && value.length > 0) {
    for (const [index, item] of value.entries()) yield* entries(kind.items, root, item, [...path, index]);
  } else if (kind.type === 'record' && isObject(value) && Object.keys(value).length > 0) {
    yield* ofMembers(value, root, path, () => kind.values);
  } else if (kind.type === 'object' && isObject(value) && Object.keys(value).length > 0) {
    const { properties } = resolved(kind.schema, root);
    const known = isObject(properties) ? properties : {};
    yield* ofMembers(value, root, path, (key) => {
      const schema = Object.hasOwn(known, key) ? known[key] : undefined;
      return isObject(schema) ? schema : undefined;
    });
  } else yield { path, value, kind: kind.type };
}

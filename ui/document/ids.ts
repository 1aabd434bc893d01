import { references } from '#shared/expression/index.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { mapTargets } from './edges.ts';
import { outlineOf } from './outline.ts';
import { getIn, listAt, setInDefinition } from './path.ts';

/** Fields that hold an expression without `{{ }}`. */
const BARE = new Set(['expression', 'while']);

/** `steps.read.output` with other ids for steps, wherever the text reads one. */
function renamedText(text: string, ids: ReadonlyMap<string, string>): string {
  let found: ReturnType<typeof references>;
  try {
    found = references(text);
  } catch {
    // What does not parse is a problem already shown; nothing in it can be told to be a reference.
    return text;
  }
  let next = text;
  for (const { path, offset } of [...found].sort((a, b) => b.offset - a.offset)) {
    const id = path[0] === 'steps' ? ids.get(path[1] ?? '') : undefined;
    const member = /^steps\s*(\?\.\s*|\.\s*|\[\s*["'])/.exec(next.slice(offset));
    if (id === undefined || !member) continue;
    const at = offset + member[0].length;
    next = next.slice(0, at) + id + next.slice(at + (path[1] ?? '').length);
  }
  return next;
}

/** Any value with the steps that its expressions read renamed. */
export function renameReferences(value: Json, ids: ReadonlyMap<string, string>, key = ''): Json {
  if (typeof value === 'string')
    return value.includes('steps') && (value.includes('{{') || BARE.has(key))
      ? renamedText(value, ids)
      : value;
  if (Array.isArray(value)) return value.map((item) => renameReferences(item, ids));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, renameReferences(item, ids, name)]),
  );
}

const ID = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;

/** Why a step cannot have this id; undefined where it can. */
export function idRefusal(definition: JsonObject, id: string, wished: string): string | undefined {
  if (!ID.test(wished)) return 'An id starts with a letter and holds letters, digits, _ and - only.';
  if (wished !== id && outlineOf(definition).steps.has(wished)) return `Another step is called ${wished}.`;
  return undefined;
}

/** Gives a step another id; edges, expressions and pins that name it follow. */
export function renameId(definition: JsonObject, id: string, wished: string): JsonObject {
  const place = outlineOf(definition).steps.get(id);
  if (!place || id === wished || idRefusal(definition, id, wished) !== undefined) return definition;
  const named = setInDefinition(definition, [...place.path, 'id'], wished);
  const steps = mapTargets(listAt(named, place.list.path), (target, edge) => [
    target === id ? { ...edge, targetStepId: wished } : edge,
  ]);
  const joined = setInDefinition(named, place.list.path, steps);
  const next = renameReferences(joined, new Map([[id, wished]])) as JsonObject;
  const pin = getIn(next, ['metadata', 'pins', id]);
  if (pin === undefined) return next;
  return setInDefinition(
    setInDefinition(next, ['metadata', 'pins', id], undefined),
    ['metadata', 'pins', wished],
    pin,
  );
}

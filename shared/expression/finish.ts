import { AppError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Limits } from './limits.ts';
import { references } from './references.ts';
import { evaluateTemplate } from './render.ts';
import { scopeOf } from './scope.ts';
import { parseTemplate } from './template.ts';
import { isBlob, setOwn } from './values.ts';

/** Fetches the content of a stored value, given its `{ $blob: … }`. */
export type LoadBlob = (blob: JsonObject) => Promise<Json>;

/** Finishing happens outside the workflow, on whole contents: more of everything than an evaluation gets. */
const FINISH_LIMITS = { fuel: 1_000_000, size: 16_000_000 };

/**
 * Completes a rendered value where secrets and stored values are at hand: every `$deferred` is evaluated with the
 * roots added to its scope, and every `$blob` is replaced by its content. What was loaded is data: nothing in it is
 * evaluated or loaded again. Errors: as `render`, and those of `load`.
 */
export async function finish(
  value: Json,
  load: LoadBlob,
  roots: JsonObject,
  limits: Limits = { fuel: { left: FINISH_LIMITS.fuel }, size: FINISH_LIMITS.size },
): Promise<Json> {
  const loading = new Map<string, Promise<Json>>();
  const loadOnce: LoadBlob = (blob) => {
    const key = String(blob.$blob);
    const known = loading.get(key);
    if (known) return known;
    const content = load(blob);
    loading.set(key, content);
    return content;
  };
  return replaceParts(value, async (part) => {
    if (isBlob(part)) return { value: await loadOnce(part) };
    const deferred = deferredIn(part);
    if (!deferred) return undefined;
    const { template, scope } = deferred;
    const loaded = (await replaceParts(scope, async (inner) =>
      isBlob(inner) ? { value: await loadOnce(inner) } : undefined,
    )) as JsonObject;
    return { value: evaluateTemplate(parseTemplate(template), scopeOf({ ...loaded, ...roots }), limits) };
  });
}

/**
 * Names that the unfinished templates of a value read from a root that is not at hand: `KEY` for
 * `secrets.KEY`. Throws `expression.whole_root` where one reads the root itself, so that its names are not known.
 */
export function namesWanted(value: Json, root: string): string[] {
  const names = new Set<string>();
  const open: Json[] = [value];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (typeof item !== 'object' || item === null) continue;
    const deferred = isObject(item) ? deferredIn(item) : undefined;
    if (deferred) for (const name of namesIn(deferred.template, root)) names.add(name);
    else open.push(...(Array.isArray(item) ? item : Object.values(item)));
  }
  return [...names];
}

const namesIn = (template: string, root: string): string[] =>
  references(template).flatMap(({ path: [first, name] }) => {
    if (first !== root) return [];
    if (name !== undefined) return [name];
    throw new AppError('expression.whole_root', `${root} can only be read one by one, by name.`, {
      fix: `Write ${root}.NAME.`,
    });
  });

/** The unfinished template that an object stands for. */
function deferredIn({ $deferred }: JsonObject): { template: string; scope: JsonObject } | undefined {
  if (!isObject($deferred)) return undefined;
  const { template, scope } = $deferred;
  return typeof template === 'string' && isObject(scope) ? { template, scope } : undefined;
}

/** A copy with some objects replaced; a replacement is not looked into. */
async function replaceParts(
  value: Json,
  replace: (part: JsonObject) => Promise<{ value: Json } | undefined>,
): Promise<Json> {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const items: Json[] = [];
    for (const item of value) items.push(await replaceParts(item, replace));
    return items;
  }
  const replaced = await replace(value);
  if (replaced) return replaced.value;
  const object: JsonObject = {};
  for (const [key, item] of Object.entries(value)) setOwn(object, key, await replaceParts(item, replace));
  return object;
}

import type { CatalogAction } from '#shared/catalog/catalog.ts';
import type { Path } from '#shared/definition/problem.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';

/** A node of a JSON Schema. */
export type Schema = JsonObject;

/** The language's schema, and the actions whose parameters it leaves open. */
export interface Grammar {
  schema: Schema;
  actions: readonly Pick<CatalogAction, 'type' | 'title' | 'description' | 'group' | 'input' | 'output'>[];
}

const isSchema = (value: Json | undefined): value is Schema => value !== undefined && isObject(value);

const listOf = (value: Json | undefined): Schema[] => (Array.isArray(value) ? value.filter(isSchema) : []);

/** How often references may lead on to references before they count as a circle. */
const DEEPEST = 20;

function followed(schema: Schema, root: Schema): Schema {
  let node = schema;
  for (let depth = 0; typeof node.$ref === 'string' && depth < DEEPEST; depth++) {
    const { $ref, ...rest } = node;
    let target: Json | undefined = root;
    for (const key of ($ref as string).split('/').slice(1))
      target = target !== undefined && isObject(target) ? target[key] : undefined;
    node = { ...(isSchema(target) ? target : {}), ...rest };
  }
  return node;
}

/** The schemas a node may mean: itself, or the branches of its unions. */
function branches(schema: Schema, root: Schema): Schema[] {
  const node = followed(schema, root);
  const inner = [...listOf(node.oneOf), ...listOf(node.anyOf), ...listOf(node.allOf)];
  return inner.length === 0 ? [node] : inner.flatMap((branch) => branches(branch, root));
}

const constOf = (schema: Schema, key: string): Json | undefined => {
  const properties = schema.properties;
  const property = properties !== undefined && isObject(properties) ? properties[key] : undefined;
  return isSchema(property) ? property.const : undefined;
};

/** Of the branches of a union that is told apart by `type`, the one meant; all of them where that is not said. */
function meant(schemas: Schema[], value: Json | undefined): Schema[] {
  if (value === undefined || !isObject(value)) return schemas;
  const told = schemas.filter((schema) => {
    const type = constOf(schema, 'type');
    return type !== undefined && type === value.type;
  });
  return told.length > 0 ? told : schemas;
}

/** The schemas of a key or an item below one. */
function below(schema: Schema, key: string | number, root: Schema): Schema[] {
  if (typeof key === 'number') return isSchema(schema.items) ? branches(schema.items, root) : [];
  const { properties, additionalProperties } = schema;
  const own =
    properties !== undefined && isObject(properties) && Object.hasOwn(properties, key)
      ? properties[key]
      : additionalProperties;
  return isSchema(own) ? branches(own, root) : [];
}

const at = (value: Json | undefined, key: string | number): Json | undefined => {
  if (Array.isArray(value)) return typeof key === 'number' ? value[key] : undefined;
  return value !== undefined && isObject(value) && Object.hasOwn(value, key)
    ? value[key as string]
    : undefined;
};

/** The value at a path; `undefined` where there is none. */
export const valueAt = (value: Json | undefined, path: Path): Json | undefined =>
  path.reduce<Json | undefined>(at, value);

/** The action meant by a step's or an undo's `action`. */
export function actionOf(grammar: Grammar, action: Json | undefined) {
  const type = at(action, 'type');
  return grammar.actions.find((known) => known.type === type);
}

/**
 * The schemas that what stands at a path may follow. `value` is the definition as far as it can be read: of a union
 * told apart by `type`, it says which branch is meant. Parameters of an action follow the catalogue.
 */
export function schemasAt(grammar: Grammar, path: Path, value: Json | undefined): Schema[] {
  let schemas = branches(grammar.schema, grammar.schema);
  let here = value;
  for (const [position, key] of path.entries()) {
    const isChoice = key === 'type' && position === path.length - 1;
    const action =
      key === 'parameters' && path[position - 1] === 'action' ? actionOf(grammar, here) : undefined;
    if (action) schemas = branches(action.input, action.input);
    else {
      const from = isChoice ? schemas : meant(schemas, here);
      schemas = from.flatMap((schema) => below(schema, key, grammar.schema));
    }
    here = at(here, key);
  }
  return meant(schemas, here);
}

/** Title and description of what stands at a path, the type it has, and its default. */
export function explained(grammar: Grammar, path: Path, value: Json | undefined): string[] {
  const here = valueAt(value, path);
  const action =
    path.at(-1) === 'type' && path.at(-2) === 'action'
      ? grammar.actions.find(({ type }) => type === here)
      : undefined;
  if (action) return [action.title, action.description];
  const isType = path.at(-1) === 'type' && typeof here === 'string';
  const schemas = isType ? schemasAt(grammar, path.slice(0, -1), value) : schemasAt(grammar, path, value);
  const lines = schemas.flatMap(({ title, description, default: otherwise }) => [
    ...[title, description].flatMap((text) => (typeof text === 'string' ? [text] : [])),
    ...(otherwise === undefined ? [] : [`Default: ${JSON.stringify(otherwise)}`]),
  ]);
  const isAmbiguous = schemas.length > 1 && new Set(lines).size > 2;
  return isAmbiguous ? [] : [...new Set(lines)];
}

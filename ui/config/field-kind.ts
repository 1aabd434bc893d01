import { isObject, type Json, type JsonObject } from '#shared/json.ts';

/** How a value is edited, as its JSON Schema says. */
export type FieldKind =
  | { type: 'text' }
  | { type: 'long' }
  | { type: 'code' }
  | { type: 'number'; isInteger: boolean; minimum?: number; maximum?: number }
  | { type: 'boolean' }
  | { type: 'choice'; options: (string | number | boolean)[] }
  | { type: 'list'; items: JsonObject }
  | { type: 'object'; schema: JsonObject }
  | { type: 'record'; values: JsonObject }
  | { type: 'union'; options: JsonObject[] }
  | { type: 'expression' }
  | { type: 'duration' }
  | { type: 'steps' }
  | { type: 'any' }
  | { type: 'json' };

/** A field of an object. */
export interface FieldInfo {
  name: string;
  schema: JsonObject;
  isRequired: boolean;
  description?: string;
  /** What holds where nothing is written. */
  standard?: Json;
}

/** A schema with its `$ref` followed; `root` is the schema that the references are into. */
export function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  if (typeof schema.$ref !== 'string') return schema;
  const found = schema.$ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), root);
  const { $ref: _, ...rest } = schema;
  return isObject(found) ? { ...found, ...rest } : rest;
}

const schemasIn = (list: Json | undefined): JsonObject[] =>
  Array.isArray(list) ? list.filter(isObject) : [];

const isScalar = (value: Json): value is string | number | boolean => typeof value !== 'object';

const LONG =
  /^(prompt|content|body|html|text|message|goal|system|script|stdin|template|instructions|description)$/;

/** Whether texts of that name have several lines most often. */
export const isLongName = (name: string): boolean => LONG.test(name);

const bound = (value: Json | undefined): number | undefined =>
  typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;

function numberKind(schema: JsonObject, isInteger: boolean): FieldKind {
  const minimum = bound(schema.minimum ?? schema.exclusiveMinimum);
  const maximum = bound(schema.maximum ?? schema.exclusiveMaximum);
  return {
    type: 'number',
    isInteger,
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
}

function objectKind(schema: JsonObject): FieldKind {
  const hasFields = isObject(schema.properties) && Object.keys(schema.properties).length > 0;
  if (hasFields || schema.additionalProperties === false) return { type: 'object', schema };
  return { type: 'record', values: isObject(schema.additionalProperties) ? schema.additionalProperties : {} };
}

/** Of a schema that names several types: a text takes most of what people type, and anything takes the rest. */
function typesKind(types: Json[], schema: JsonObject): FieldKind {
  const named = types.filter((type) => type !== 'null');
  const [only] = named;
  if (named.length === 1 && only !== undefined) return typeKind(only, schema);
  if (named.includes('object') || named.includes('array')) return { type: 'any' };
  return named.includes('string') && named.includes('boolean') ? { type: 'text' } : numberKind(schema, false);
}

function typeKind(type: Json | undefined, schema: JsonObject): FieldKind {
  if (Array.isArray(type)) return typesKind(type, schema);
  switch (type) {
    case 'string':
      return { type: 'text' };
    case 'number':
    case 'integer':
      return numberKind(schema, type === 'integer');
    case 'boolean':
      return { type: 'boolean' };
    case 'array':
      return { type: 'list', items: isObject(schema.items) ? schema.items : {} };
    case 'object':
      return objectKind(schema);
    default:
      return isObject(schema.properties) ? objectKind(schema) : { type: 'any' };
  }
}

/** A union: of one thing and null it is that thing; of every JSON type, anything; of a number and text, a number. */
function unionKind(schema: JsonObject, root: JsonObject, name: string): FieldKind {
  const among = [...schemasIn(schema.anyOf), ...schemasIn(schema.oneOf)].map((one) => resolved(one, root));
  const options = among.filter(({ type }) => type !== 'null');
  const types = options.map(({ type }) => type);
  const [only] = options;
  if (options.length === 1 && only) return kindOf(only, root, name);
  if (types.includes('object') && types.includes('array') && types.includes('string')) return { type: 'any' };
  const constants = options.map((one) => one.const);
  if (constants.every((one) => one !== undefined && isScalar(one))) {
    return { type: 'choice', options: constants as string[] };
  }
  const number = options.find(({ type }) => type === 'integer' || type === 'number');
  const isNumber =
    options.length === 2 && number && options.some((one) => one.type === 'string' && !one.enum);
  return isNumber ? numberKind(number, number.type === 'integer') : { type: 'union', options };
}

const FORMATS = new Set(['expression', 'duration', 'steps']);

/** How a value of this schema is edited. `name` is that of the field; texts of some names are long. */
export function kindOf(given: JsonObject, root: JsonObject, name = ''): FieldKind {
  const schema = resolved(given, root);
  if (typeof schema.format === 'string' && FORMATS.has(schema.format)) {
    return { type: schema.format as 'expression' | 'duration' | 'steps' };
  }
  if (Array.isArray(schema.enum)) return { type: 'choice', options: schema.enum.filter(isScalar) };
  if (schema.const !== undefined && isScalar(schema.const))
    return { type: 'choice', options: [schema.const] };
  if (schema.anyOf !== undefined || schema.oneOf !== undefined) return unionKind(schema, root, name);
  const kind = typeKind(schema.type, schema);
  return kind.type === 'text' && LONG.test(name) ? { type: 'long' } : kind;
}

/** The fields of an object's schema, in its order. */
export function fieldsOf(given: JsonObject, root: JsonObject): FieldInfo[] {
  const schema = resolved(given, root);
  const required = Array.isArray(schema.required) ? schema.required : [];
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  return properties.flatMap(([name, one]) => {
    if (!isObject(one)) return [];
    const { description, default: standard } = one;
    return [
      {
        name,
        schema: one,
        isRequired: required.includes(name),
        ...(typeof description === 'string' && { description }),
        ...(standard !== undefined && { standard }),
      },
    ];
  });
}

const ACRONYMS: Record<string, string> = {
  url: 'URL',
  api: 'API',
  id: 'ID',
  html: 'HTML',
  json: 'JSON',
  csv: 'CSV',
  cwd: 'Folder',
};

/** `maxTokens` → `Max tokens`, `baseUrl` → `Base URL`. */
export function labelOf(name: string): string {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .filter((word) => word !== '')
    .map((word) => ACRONYMS[word.toLowerCase()] ?? word.toLowerCase());
  const text = words.join(' ');
  return text === '' ? name : text.charAt(0).toUpperCase() + text.slice(1);
}

import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { type FieldKind, kindOf, labelOf, resolved } from './field-kind.ts';

/** Whether a value is a text with expressions, so that what it will be is not known. */
export const isOpen = (value: Json | undefined): value is string =>
  typeof value === 'string' && value.includes('{{');

const requiredOf = (schema: JsonObject): string[] =>
  Array.isArray(schema.required) ? schema.required.filter((name) => typeof name === 'string') : [];

function fitsObject(schema: JsonObject, value: JsonObject): boolean {
  const properties = isObject(schema.properties) ? schema.properties : {};
  const isKnown = Object.keys(value).every((key) => Object.hasOwn(properties, key));
  return isKnown || schema.additionalProperties !== false;
}

/** Whether a value can be shown by the control of this kind; one that cannot is shown as JSON. */
export function fits(kind: FieldKind, value: Json, root: JsonObject): boolean {
  if (isOpen(value)) return true;
  switch (kind.type) {
    case 'text':
      return typeof value !== 'object';
    case 'long':
    case 'code':
    case 'expression':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value !== 'object';
    case 'duration':
      return typeof value === 'string' || typeof value === 'number';
    case 'list':
      return Array.isArray(value);
    case 'record':
    case 'object':
      return isObject(value);
    case 'union':
      return kind.options.some((option) => fits(kindOf(option, root), value, root));
    case 'steps':
    case 'any':
    case 'json':
      return true;
  }
}

/** How well a value fits one schema of a union: higher is better, 0 is not at all. */
function score(option: JsonObject, value: Json, root: JsonObject): number {
  const schema = resolved(option, root);
  const kind = kindOf(schema, root);
  if (!fits(kind, value, root)) return 0;
  if (kind.type === 'choice') return kind.options.includes(value as string) ? 4 : 0;
  if (!isObject(value) || kind.type !== 'object') return 3;
  const missing = requiredOf(schema).filter((name) => !Object.hasOwn(value, name)).length;
  return fitsObject(schema, value) ? 3 - Math.min(1, missing) : 1;
}

/** Which schema of a union a value follows; the first where it follows none. */
export function choiceOf(options: readonly JsonObject[], value: Json | undefined, root: JsonObject): number {
  if (value === undefined) return 0;
  const scores = options.map((option) => score(option, value, root));
  return Math.max(0, scores.indexOf(Math.max(...scores)));
}

const WORDS: Record<FieldKind['type'], string> = {
  text: 'Text',
  long: 'Text',
  code: 'Code',
  number: 'Number',
  boolean: 'Yes or no',
  choice: 'Choice',
  list: 'List',
  object: 'Fields',
  record: 'Names and values',
  union: 'Other',
  expression: 'Expression',
  duration: 'Duration',
  steps: 'Steps',
  any: 'Anything',
  json: 'JSON',
};

/** What people are shown of the schemas of a union, to choose from. */
export function optionLabels(options: readonly JsonObject[], root: JsonObject): string[] {
  return options.map((option) => {
    const schema = resolved(option, root);
    if (typeof schema.title === 'string') return schema.title;
    const kind = kindOf(schema, root);
    if (kind.type === 'choice' && kind.options.length <= 3) return kind.options.join(' or ');
    const [first] = kind.type === 'object' ? requiredOf(schema) : [];
    return first === undefined ? WORDS[kind.type] : labelOf(first);
  });
}

/** The value a thing begins with where there has to be one: a new item of a list. */
export function firstValue(schema: JsonObject, root: JsonObject): Json {
  const { default: standard } = resolved(schema, root);
  if (standard !== undefined) return standard;
  const kind = kindOf(schema, root);
  switch (kind.type) {
    case 'number':
      return kind.minimum ?? 0;
    case 'boolean':
      return false;
    case 'choice':
      return kind.options[0] ?? '';
    case 'list':
    case 'steps':
      return [];
    case 'object':
    case 'record':
      return {};
    case 'union':
      return firstValue(kind.options[0] ?? {}, root);
    default:
      return '';
  }
}

/** A value made to follow another schema of its union, keeping what can be kept; undefined where nothing can. */
export function converted(value: Json | undefined, schema: JsonObject, root: JsonObject): Json | undefined {
  const kind = kindOf(schema, root);
  if (value === undefined) return firstValue(schema, root);
  if (kind.type === 'list' && !Array.isArray(value)) return value === '' ? [] : [value];
  const [first] = Array.isArray(value) ? value : [];
  if (kind.type === 'text' && first !== undefined && typeof first !== 'object') return String(first);
  if (kind.type === 'object' && isObject(value) && isObject(kind.schema.properties)) {
    const { properties } = kind.schema;
    return Object.fromEntries(Object.entries(value).filter(([key]) => Object.hasOwn(properties, key)));
  }
  return firstValue(schema, root);
}

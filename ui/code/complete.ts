import { type Document, parseDocument } from 'yaml';
import type { Path } from '#shared/definition/problem.ts';
import { snaked } from '#shared/definition/slug.ts';
import { isObject, type Json } from '#shared/json.ts';
import { completeExpression, expressionAt, type Sample } from './complete-expression.ts';
import { type Place, placeAt } from './place.ts';
import { explained, type Grammar, type Schema, schemasAt, valueAt } from './schema-at.ts';

/** One thing that can be written at the cursor. */
export interface Choice {
  label: string;
  /** What is written; `label` by default. */
  insert?: string;
  kind: 'key' | 'value' | 'step' | 'variable' | 'function' | 'field';
  /** A few words beside it. */
  detail?: string;
  /** What it is, in a sentence. */
  info?: string;
  /** Comes before the others. */
  isFirst?: boolean;
}

/** What can be written at the cursor, and where it begins. */
export interface Completion {
  from: number;
  choices: Choice[];
}

/** Longest text that is read for completion, in characters. */
const LONGEST = 1024 * 1024;

/** A definition as data, as far as it can be read. */
export function lenient(text: string): Json | undefined {
  if (text.length > LONGEST) return undefined;
  try {
    const document: Document = parseDocument(text, { logLevel: 'silent', uniqueKeys: false });
    return JSON.parse(JSON.stringify(document.toJS({ maxAliasCount: 100 }) ?? null)) as Json;
  } catch {
    return undefined; // It cannot be read at all yet: then nothing is known but the place.
  }
}

/** The definition without the word at the cursor, which is no YAML yet. */
function readAround(text: string, { kind, from, word }: Place): Json | undefined {
  if (kind !== 'key') return lenient(text);
  return lenient(text.slice(0, from) + ' '.repeat(word.length) + text.slice(from + word.length));
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** What follows a key: a new line for what has entries of its own, else a space. */
function afterKey({ type }: Schema, indent: string, isFlow: boolean): string {
  if (isFlow) return ': ';
  if (type === 'object') return `:\n${indent}  `;
  return type === 'array' ? `:\n${indent}  - ` : ': ';
}

/** The column at which keys of the cursor's collection stand, as white space. */
function indentAt(text: string, from: number): string {
  const line = text.slice(text.lastIndexOf('\n', from - 1) + 1, from);
  return ' '.repeat(line.length);
}

const isInBrackets = (text: string, from: number): boolean =>
  !/^[\s-]*$/.test(text.slice(text.lastIndexOf('\n', from - 1) + 1, from));

function keys(schemas: Schema[], present: Json | undefined, text: string, place: Place): Choice[] {
  const isFlow = isInBrackets(text, place.from);
  const indent = indentAt(text, place.from);
  const has = (name: string): boolean =>
    present !== undefined && isObject(present) && Object.hasOwn(present, name);
  const found = new Map<string, Choice>();
  for (const { properties, required } of schemas)
    for (const [name, property] of Object.entries(
      isObject(properties ?? null) ? (properties as Schema) : {},
    )) {
      if (has(name) || found.has(name) || !isObject(property)) continue;
      const isRequired = Array.isArray(required) && required.includes(name);
      const info = textOf(property.description) ?? textOf(property.title);
      found.set(name, {
        label: name,
        insert: `${name}${afterKey(property, indent, isFlow)}`,
        kind: 'key',
        ...(isRequired && { detail: 'required', isFirst: true }),
        ...(info !== undefined && { info }),
      });
    }
  return [...found.values()];
}

const plain = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function values(schemas: Schema[], types: Schema[]): Choice[] {
  const found = new Map<string, Choice>();
  const add = (value: Json, info?: string): void => {
    if (!found.has(plain(value)))
      found.set(plain(value), { label: plain(value), kind: 'value', ...(info !== undefined && { info }) });
  };
  for (const [position, { const: only, enum: some, type }] of schemas.entries()) {
    if (only !== undefined) add(only, textOf(types[position]?.description));
    for (const value of Array.isArray(some) ? some : []) add(value);
    if (type === 'boolean') for (const value of [true, false]) add(value);
  }
  return [...found.values()];
}

/** Ids of the steps of the list that a path leads through last, without the step the path is in. */
function siblings(value: Json | undefined, path: Path): string[] {
  const list = path.findLastIndex(
    (key, position) => key === 'steps' || (key === 'finally' && position === 0),
  );
  const steps = valueAt(value, path.slice(0, list + 1));
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step, position) => {
    if (!isObject(step) || position === path[list + 1]) return [];
    const id = textOf(step.id) ?? snaked(textOf(step.name) ?? textOf(step.type) ?? '');
    return [id];
  });
}

function valueChoices(grammar: Grammar, path: Path, value: Json | undefined): Choice[] {
  const last = path.at(-1);
  if (last === 'type' && path.at(-2) === 'action')
    return grammar.actions.map(({ type, title, description }) => ({
      label: type,
      kind: 'value',
      detail: title,
      info: description,
    }));
  if (last === 'targetStepId' || path.at(-2) === 'inputs')
    return siblings(value, path).map((id) => ({ label: id, kind: 'step' }));
  const schemas = schemasAt(grammar, path, value);
  const around = last === 'type' ? schemasAt(grammar, path.slice(0, -1), {}) : [];
  return values(schemas, around.length === schemas.length ? around : []);
}

/**
 * What can be written at an offset of a definition's text: keys and values by the schema and the catalogue, ids of
 * steps, and inside `{{ }}` what expressions can read. `undefined` where nothing is known.
 */
export function complete(
  grammar: Grammar,
  text: string,
  offset: number,
  samples: readonly Sample[] = [],
): Completion | undefined {
  const place = placeAt(text, offset);
  if (place.kind === 'none') return undefined;
  const expression = place.kind === 'value' ? expressionAt(place) : undefined;
  if (expression) {
    const value = lenient(text);
    const choices = completeExpression(expression.before, { grammar, value, path: place.path, samples });
    return choices.length > 0 ? { from: offset - expression.word.length, choices } : undefined;
  }
  const quote = /^["']/.exec(place.word)?.[0] ?? '';
  const from = place.from + quote.length;
  const value = readAround(text, place);
  const isItem = place.kind === 'key' && typeof place.path.at(-1) === 'number';
  const choices =
    place.kind === 'key'
      ? [
          ...keys(schemasAt(grammar, place.path, value), valueAt(value, place.path), text, place),
          ...(isItem ? valueChoices(grammar, place.path, value) : []),
        ]
      : valueChoices(grammar, place.path, value);
  if (choices.length === 0) return undefined;
  return { from, choices: quote === '' ? choices : choices.map(({ insert: _, ...rest }) => rest) };
}

/** What the key or value means whose word ends at an offset: titles, descriptions and defaults, line by line. */
export function explain(grammar: Grammar, text: string, offset: number): string[] {
  const place = placeAt(text, offset);
  if (place.kind === 'none' || place.word.includes('{{')) return [];
  const path = place.kind === 'key' ? [...place.path, place.word.replace(/^["']/, '')] : place.path;
  return explained(grammar, path, lenient(text));
}

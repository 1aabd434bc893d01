import { AppError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { DeferredError, expressionError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import { type Limits, MAX_VALUE_DEPTH, Run } from './limits.ts';
import { namesOf, suggestion } from './members.ts';
import { pathText } from './path-text.ts';
import { referencesOf } from './references.ts';
import { isScope, type Scope, type Value } from './scope.ts';
import type { Expression } from './syntax.ts';
import { isTemplate, parseTemplate, type Template } from './template.ts';
import { displayText, plain, setOwn } from './values.ts';

/**
 * The value with every template in it replaced by what it gives; keys of objects are left as they are.
 * A text that is exactly one `{{ }}` keeps the type of its value; in other text, lists and objects are written as
 * JSON and null as nothing. What comes out of an expression is data and is never evaluated again.
 *
 * A text that needs a secret or the content of a stored value becomes `{ $deferred: { template, scope } }`, for
 * `finish`. A value that comes from the scope must not have a key `$deferred`: it could pose as one of those.
 *
 * Errors: those of parseTemplate and evaluate; `expression.missing_value` for an expression that gives undefined;
 * `expression.reserved_key`.
 */
export function render(value: Json, scope: Scope, limits: Limits = {}): Json {
  return renderAt(value, scope, limits, 0);
}

function renderAt(value: Json, scope: Scope, limits: Limits, depth: number): Json {
  if (typeof value === 'string') return isTemplate(value) ? renderText(value, scope, limits) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_VALUE_DEPTH) {
    throw new AppError('expression.limit', `a value is nested deeper than ${MAX_VALUE_DEPTH} levels`, {
      fix: 'Flatten the value.',
    });
  }
  if (Array.isArray(value)) return value.map((item) => renderAt(item, scope, limits, depth + 1));
  const rendered: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === '$deferred') throw reservedKey();
    setOwn(rendered, key, renderAt(item, scope, limits, depth + 1));
  }
  return rendered;
}

function renderText(text: string, scope: Scope, limits: Limits): Json {
  const template = parseTemplate(text);
  try {
    return evaluateTemplate(template, scope, limits);
  } catch (error) {
    if (!DeferredError.is(error)) throw error;
    return { $deferred: { template: text, scope: neededScope(template, scope, limits) } };
  }
}

/** The value of one template. Errors as `render`; a DeferredError where something is not at hand. */
export function evaluateTemplate(template: Template, scope: Scope, limits: Limits): Json {
  if (template.exact) return resultOf(template.exact, scope, limits);
  let text = '';
  for (const part of template.parts) {
    if (part.type === 'text') {
      text += part.text;
      continue;
    }
    const run = new Run(part.expression, limits);
    const piece = displayText(resultOf(part.expression, scope, limits), run);
    run.claimText(text.length + piece.length);
    text += piece;
  }
  return text;
}

function resultOf(expression: Expression, scope: Scope, limits: Limits): Json {
  const value = evaluate(expression, scope, limits);
  if (value === undefined) throw missingValue(expression, scope, limits);
  if (hasDeferredKey(value)) throw reservedKey();
  return value;
}

function missingValue(expression: Expression, scope: Scope, limits: Limits): AppError {
  const { node } = expression;
  const fix = "Add ?? and a default: {{ … ?? '' }}.";
  let has = '';
  if (node.type === 'member' && typeof node.key === 'string') {
    const parent = evaluate({ ...expression, node: node.object }, scope, limits);
    const names = suggestion(node.key, namesOf(parent));
    if (names) has = `; ${pathText(node.object)} has: ${names}`;
  }
  const what = node.type === 'member' || node.type === 'name' ? pathText(node) : 'the expression';
  return expressionError('missing_value', `${what} has no value${has}`, expression, node.offset, fix);
}

const reservedKey = (): AppError =>
  new AppError(
    'expression.reserved_key',
    'the key $deferred has a meaning of its own and may not be used in data',
    {
      fix: 'Rename or drop the key before the value is used.',
    },
  );

/** Looks through a value without recursion: it may be nested to any depth. */
function hasDeferredKey(value: Json): boolean {
  const open: Json[] = [value];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (typeof item !== 'object' || item === null) continue;
    if (isObject(item) && Object.hasOwn(item, '$deferred')) return true;
    for (const part of Array.isArray(item) ? item : Object.values(item)) {
      if (typeof part === 'object' && part !== null) open.push(part);
    }
  }
  return false;
}

/** The parts of a scope that a template reads, cut to what its fixed paths lead to. */
function neededScope(template: Template, scope: Scope, limits: Limits): JsonObject {
  const needed: JsonObject = {};
  const whole = new Set<Json>();
  const wanted = template.parts
    .flatMap((part) => (part.type === 'text' ? [] : referencesOf(part.expression.node)))
    .map(({ path }) => path)
    .filter(([root = '']) => !limits.deferredNames?.includes(root))
    .sort((a, b) => a.length - b.length);
  const anchor = template.parts.find((part) => part.type === 'expression');
  if (anchor?.type !== 'expression') return needed;
  for (const path of wanted) copyPath(path, scope, needed, whole, new Run(anchor.expression, limits));
  return needed;
}

/** Copies what one path leads to. Shorter paths come first, so a part that is there whole is left alone. */
function copyPath(path: readonly string[], scope: Scope, into: JsonObject, whole: Set<Json>, run: Run): void {
  let from: Value = scope;
  let to = into;
  for (const [index, key] of path.entries()) {
    const value: Value = isScope(from)
      ? from.get(key)
      : Object.hasOwn(from as JsonObject, key)
        ? (from as JsonObject)[key]
        : undefined;
    if (value === undefined) return;
    const known = Object.hasOwn(to, key) ? to[key] : undefined;
    if (known !== undefined && whole.has(known)) return;
    const isInner =
      index < path.length - 1 && (isScope(value) || (isObject(value) && !Object.hasOwn(value, '$blob')));
    if (!isInner) {
      const kept = plain(value, run) ?? null;
      setOwn(to, key, kept);
      if (typeof kept === 'object' && kept !== null) whole.add(kept);
      return;
    }
    if (!isObject(known)) setOwn(to, key, {});
    to = to[key] as JsonObject;
    from = value;
  }
}

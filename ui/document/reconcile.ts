import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { isObject, isSame, type Json, type JsonObject } from '#shared/json.ts';

/** No text that stood on one line is broken into several. */
const LONGEST = Number.MAX_SAFE_INTEGER;

/** Small things that read better on one line. */
const FLOW = new Set(['position', 'condition']);

/** What tells the items of a list apart, first come first served. */
const NAMES = ['id', 'name', 'targetStepId'];

const nameOf = (item: Json | undefined): string | undefined => {
  if (!isObject(item)) return undefined;
  const key = NAMES.find((name) => typeof item[name] === 'string');
  return key && `${key}=${String(item[key])}`;
};

class Reconciler {
  readonly #document: Document;

  constructor(document: Document) {
    this.#document = document;
  }

  /** A node that holds `after`: the one that holds `before`, changed where they differ, as long as it can. */
  node(node: Node | null, before: Json | undefined, after: Json, key?: string): Node {
    if (node && isSame(before, after)) return node;
    if (isMap(node) && isObject(before) && isObject(after)) return this.#map(node, before, after);
    if (isSeq(node) && Array.isArray(before) && Array.isArray(after)) return this.#seq(node, before, after);
    if (isScalar(node) && !isObject(after) && !Array.isArray(after) && typeof before === typeof after)
      return scalar(node, after);
    const fresh = this.#fresh(after, key);
    if (node && !isAlias(node)) keepComments(node, fresh);
    return fresh;
  }

  #fresh(value: Json, key?: string): Node {
    const node = this.#document.createNode(value, { aliasDuplicateObjects: false }) as Node;
    mark(node, key);
    return node;
  }

  #map(node: YAMLMap, before: JsonObject, after: JsonObject): YAMLMap {
    if (node.items.length === 0) node.flow = false;
    const pairs = new Map(node.items.map((pair) => [keyOf(pair), pair]));
    const isPlain = node.items.every((pair) => keyOf(pair) in before || pair.value === null);
    // A map that merges others in holds keys that it does not show: it is written out.
    if (!isPlain || Object.keys(before).some((key) => !pairs.has(key))) return this.#fresh(after) as YAMLMap;
    node.items = node.items.filter((pair) => Object.hasOwn(after, keyOf(pair)));
    let at = 0;
    for (const [key, value] of Object.entries(after)) {
      const pair = pairs.get(key);
      if (pair) {
        pair.value = this.node(isNode(pair.value) ? pair.value : null, before[key], value, key);
        at = node.items.indexOf(pair) + 1;
      } else {
        node.items.splice(at, 0, this.#document.createPair(key, null) as Pair);
        (node.items[at] as Pair).value = this.#fresh(value, key);
        at++;
      }
    }
    return node;
  }

  #seq(node: YAMLSeq, before: readonly Json[], after: readonly Json[]): YAMLSeq {
    // `[]` can be written in no other way; what comes into it can.
    if (node.items.length === 0) node.flow = false;
    const left = new Map(node.items.map((_, index) => [index, nameOf(before[index])]));
    const spaced = node.items.slice(1).some((item) => isNode(item) && item.spaceBefore === true);
    node.items = after.map((item, index) => {
      const match = matchOf(item, index, before, left);
      if (match !== undefined) left.delete(match);
      const old = match === undefined ? undefined : node.items[match];
      const next = this.node(isNode(old) ? old : null, match === undefined ? undefined : before[match], item);
      if (match === undefined && spaced && index > 0) next.spaceBefore = true;
      return next;
    });
    return node;
  }
}

/** Which item of the list as it was this one is: the one of its name, or an equal one, or the one in its place. */
function matchOf(
  item: Json,
  index: number,
  before: readonly Json[],
  left: ReadonlyMap<number, string | undefined>,
): number | undefined {
  const name = nameOf(item);
  if (name !== undefined) {
    if (left.get(index) === name) return index;
    for (const [at, other] of left) if (other === name) return at;
    const isRenamed = left.has(index) && left.get(index) !== undefined && before.length > index;
    return isRenamed && isSame(without(before[index]), without(item)) ? index : undefined;
  }
  if (left.has(index) && left.get(index) === undefined) return index;
  for (const [at, other] of left) if (other === undefined && isSame(before[at], item)) return at;
  return undefined;
}

const without = (item: Json | undefined): Json =>
  isObject(item)
    ? Object.fromEntries(Object.entries(item).filter(([key]) => !NAMES.includes(key)))
    : (item ?? null);

const keyOf = ({ key }: Pair): string => String(isScalar(key) ? key.value : key);

function scalar(node: Scalar, value: Json): Scalar {
  node.value = value;
  node.source = undefined;
  node.format = undefined;
  node.minFractionDigits = undefined;
  return node;
}

function keepComments(from: Node, to: Node): void {
  to.commentBefore ??= from.commentBefore;
  to.spaceBefore ??= from.spaceBefore;
  if (!isCollection(to)) to.comment ??= from.comment;
}

function mark(node: Node, key?: string): void {
  if (!isCollection(node)) return;
  if (key !== undefined && FLOW.has(key)) node.flow = true;
  for (const item of node.items) {
    if (isPair(item) && isNode(item.value)) mark(item.value, keyOf(item));
    else if (isNode(item)) mark(item);
  }
}

/** How a text is indented: so that what is written anew looks like the rest. */
function styleOf(text: string): { indent: number; indentSeq: boolean; flowCollectionPadding: boolean } {
  const indent = /^( +)\S/m.exec(text.replace(/^( *)- /gm, '$1'))?.[1]?.length ?? 2;
  const list = /^( *)[\w-]+:[^\S\n]*(?:#.*)?\n(?:[^\S\n]*(?:#.*)?\n)*( *)- /m.exec(text);
  const indentSeq = !list || (list[2]?.length ?? 0) > (list[1]?.length ?? 0);
  return {
    indent: Math.min(8, Math.max(2, indent)),
    indentSeq,
    flowCollectionPadding: !/\{[^\s{}]/.test(text),
  };
}

/** An alias is only as good as its anchor, which may be what the change takes away. */
function writeAliasesOut(document: Document.Parsed): void {
  visit(document, {
    Alias: (_, alias) => (alias.resolve(document)?.clone() as Node | undefined) ?? undefined,
  });
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) node.anchor = undefined;
    },
  });
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    // JSON is recognised by reading it as such; all else is YAML.
    return false;
  }
};

/**
 * The text of a definition after a change: as it was wherever nothing changed, comments included. JSON stays JSON. A
 * text that cannot be read is written anew.
 */
export function reconcile(text: string, after: JsonObject): string {
  if (/^\s*\{/.test(text) && isJson(text)) return `${JSON.stringify(after, null, 2)}\n`;
  const document = parseDocument(text);
  const before = document.errors.length > 0 ? undefined : (document.toJS() as Json);
  if (isSame(before, after)) return text;
  writeAliasesOut(document);
  const reconciler = new Reconciler(document);
  document.contents = reconciler.node(document.contents, before, after) as typeof document.contents;
  return document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: LONGEST, ...styleOf(text) });
}

/** A definition as YAML. */
export const writeYaml = (definition: JsonObject): string => reconcile('', definition);

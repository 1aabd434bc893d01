import { parseExpression } from './parse.ts';
import type { ArrowNode, MemberNode, Node } from './syntax.ts';
import { isTemplate, parseTemplate } from './template.ts';

/** A path that an expression reads from its scope, as far as it is known without evaluating. */
export interface Reference {
  /** The root name and the fixed keys after it: `['steps', 'read', 'output']`. */
  readonly path: readonly string[];
  /** Where the root name stands in the text. */
  readonly offset: number;
}

/** The paths that an expression, or all expressions of a template, read. Throws what parsing throws. */
export function references(text: string): Reference[] {
  if (!isTemplate(text)) return referencesOf(parseExpression(text).node);
  return parseTemplate(text).parts.flatMap((part) =>
    part.type === 'text'
      ? []
      : referencesOf(part.expression.node).map(({ path, offset }) => ({
          path,
          offset: offset + part.expression.base,
        })),
  );
}

/** The paths that a parsed expression reads; offsets count from its own beginning. */
export function referencesOf(node: Node): Reference[] {
  const found: Reference[] = [];
  collect(node, [], found);
  return found;
}

/** A fixed key of a member: its name, or the literal between its brackets. */
function fixedKey(node: MemberNode): string | undefined {
  if (typeof node.key === 'string') return node.key;
  return node.key.type === 'literal' && typeof node.key.value === 'number'
    ? String(node.key.value)
    : undefined;
}

/** The root name and fixed keys of a chain of members; undefined where it does not begin at a name. */
function staticPath(node: Node): Reference | undefined {
  if (node.type === 'name') return { path: [node.name], offset: node.offset };
  const key = node.type === 'member' ? fixedKey(node) : undefined;
  const before = node.type === 'member' && key !== undefined ? staticPath(node.object) : undefined;
  return before && key !== undefined ? { path: [...before.path, key], offset: before.offset } : undefined;
}

function collect(node: Node | ArrowNode, bound: readonly string[], found: Reference[]): void {
  if (node.type === 'arrow') {
    collect(node.body, [...bound, ...node.params], found);
    return;
  }
  const reference = staticPath(node);
  if (reference) {
    if (!bound.includes(reference.path[0] ?? '')) found.push(reference);
    return;
  }
  for (const child of childrenOf(node)) collect(child, bound, found);
}

function childrenOf(node: Node): readonly (Node | ArrowNode)[] {
  switch (node.type) {
    case 'literal':
    case 'name':
      return [];
    case 'member':
      return typeof node.key === 'string' ? [node.object] : [node.object, node.key];
    case 'method':
      return [node.object, ...node.args];
    case 'call':
      return node.args;
    case 'unary':
      return [node.argument];
    case 'binary':
      return [node.left, node.right];
    case 'conditional':
      return [node.test, node.yes, node.no];
    case 'list':
      return node.items;
    case 'object':
      return node.entries.map(({ value }) => value);
  }
}

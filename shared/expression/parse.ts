import { didYouMean } from '../suggest.ts';
import { remembered } from './cache.ts';
import { expressionError, type Source } from './errors.ts';
import { isForbiddenKey, isForbiddenName } from './forbidden.ts';
import { FUNCTIONS } from './functions/index.ts';
import { MAX_CHAIN, MAX_SOURCE } from './limits.ts';
import { CALLBACK_METHODS, METHOD_NAMES } from './methods.ts';
import { BINARY_OPERATORS, UNARY_OPERATORS } from './operators.ts';
import { Parser, type RawNode, type RawParam, SyntaxFault } from './parser.ts';
import type { ArrowNode, Expression, MethodNode, Node } from './syntax.ts';

const NAMESPACES = new Set(['Math', 'Object', 'JSON', 'Array', 'Number', 'String']);
const CACHE_SIZE = 500;

/**
 * Parses an expression. Parsed expressions are kept (the last 500), so parsing again is cheap.
 *
 * Errors: `expression.syntax`, `expression.forbidden`, `expression.unknown_function`, and `expression.limit` for
 * one that is longer than 10,000 characters or nested deeper than 64 levels.
 */
export const parseExpression: (source: string) => Expression = remembered(CACHE_SIZE, (source) => {
  const at: Source = { source, text: source, base: 0 };
  if (source.length > MAX_SOURCE) {
    const message = `the expression is ${source.length} characters long; the limit is ${MAX_SOURCE}`;
    throw expressionError('limit', message, at, 0, 'Split it: compute parts in a set step.');
  }
  return { ...at, node: new Builder(at).node(parseRaw(at)) };
});

function parseRaw(at: Source): RawNode {
  try {
    return new Parser(at.source).parse();
  } catch (error) {
    if (error instanceof SyntaxFault)
      throw expressionError(error.code, error.message, at, error.offset, error.fix);
    const { index, description } = error as { index?: number; description?: string };
    if (typeof index !== 'number') throw error;
    throw expressionError('syntax', description ?? 'unexpected text', at, index);
  }
}

/** Turns jsep's nodes into ours, refusing what is not part of the language. */
class Builder {
  readonly #at: Source;
  #depth = 0;

  constructor(at: Source) {
    this.#at = at;
  }

  node(raw: RawNode): Node {
    if (++this.#depth > MAX_CHAIN) {
      const message = `more than ${MAX_CHAIN} operators or members follow one another`;
      this.#fail('limit', message, raw, 'Use a list with join, sum or every.');
    }
    const build = BUILDERS[raw.type];
    if (!build)
      this.#fail(
        'syntax',
        `${raw.type === 'ThisExpression' ? 'this' : raw.type} is not part of the language`,
        raw,
      );
    const node = build(this, raw);
    this.#depth--;
    return node;
  }

  arrow(raw: RawNode): ArrowNode {
    const params = raw.params as RawParam[];
    for (const { name, offset } of params) this.allow(name, offset, isForbiddenName);
    return {
      type: 'arrow',
      params: params.map(({ name }) => name),
      body: this.node(raw.body as RawNode),
      offset: offsetOf(raw),
    };
  }

  /** Refuses a name that leads to the machinery behind values. */
  allow(name: string, offset: number, isForbidden: (name: string) => boolean = isForbiddenKey): void {
    if (!isForbidden(name)) return;
    throw expressionError('forbidden', `the name ${name} may not be used in expressions`, this.#at, offset);
  }

  call(raw: RawNode): Node {
    const callee = raw.callee as RawNode;
    const args = raw.arguments as RawNode[];
    if (callee.type === 'Identifier') {
      this.allow(callee.name as string, offsetOf(callee), isForbiddenName);
      return this.#libraryCall(callee.name as string, args, offsetOf(callee));
    }
    if (callee.type !== 'MemberExpression' || callee.computed) {
      this.node(callee);
      return this.#fail(
        'syntax',
        'only functions and methods of the language can be called, by name',
        callee,
      );
    }
    const object = callee.object as RawNode;
    const name = (callee.property as RawNode).name as string;
    this.allow(name, offsetOf(callee));
    if (object.type === 'Identifier' && NAMESPACES.has(object.name as string)) {
      return this.#libraryCall(`${object.name}.${name}`, args, offsetOf(object));
    }
    return this.#method(callee, name, args);
  }

  #libraryCall(name: string, args: RawNode[], offset: number): Node {
    if (!FUNCTIONS.has(name)) {
      const fix = name.length < 64 ? didYouMean(name, [...FUNCTIONS.keys(), ...METHOD_NAMES]) : undefined;
      throw expressionError(
        'unknown_function',
        `there is no function ${name.slice(0, 100)}`,
        this.#at,
        offset,
        fix,
      );
    }
    return { type: 'call', name, args: args.map((arg) => this.node(arg)), offset };
  }

  #method(callee: RawNode, name: string, raw: RawNode[]): MethodNode {
    const offset = offsetOf(callee);
    const object = this.node(callee.object as RawNode);
    if (!METHOD_NAMES.has(name)) {
      const fix =
        (FUNCTIONS.has(name) ? `Write ${name}(value) in place of value.${name}().` : undefined) ??
        (name.length < 64 ? didYouMean(name, METHOD_NAMES) : undefined);
      throw expressionError(
        'unknown_function',
        `there is no method ${name.slice(0, 100)}`,
        this.#at,
        offset,
        fix,
      );
    }
    const takesArrow = CALLBACK_METHODS.has(name);
    const args = raw.map((arg, index) =>
      arg.type === 'Arrow' && takesArrow && index === 0 ? this.arrow(arg) : this.node(arg),
    );
    return { type: 'method', object, name, args, optional: callee.optional === true, offset };
  }

  #fail(code: string, message: string, raw: RawNode, fix?: string): never {
    throw expressionError(code, message, this.#at, offsetOf(raw), fix);
  }

  /** Refuses a node with `expression.syntax`. */
  refuse(raw: RawNode, message: string, fix?: string): never {
    return this.#fail('syntax', message, raw, fix);
  }
}

const BUILDERS: Record<string, (builder: Builder, raw: RawNode) => Node> = {
  Literal(builder, raw) {
    const value = raw.value as string | number | boolean | null;
    if (value === Number.POSITIVE_INFINITY) builder.refuse(raw, 'the number is too large');
    return { type: 'literal', value, offset: offsetOf(raw) };
  },
  Identifier(builder, raw) {
    const name = raw.name as string;
    builder.allow(name, offsetOf(raw), isForbiddenName);
    if (name === 'undefined') return { type: 'literal', value: undefined, offset: offsetOf(raw) };
    return { type: 'name', name, offset: offsetOf(raw) };
  },
  MemberExpression(builder, raw) {
    const property = raw.property as RawNode;
    const key = raw.computed ? builder.node(property) : (property.name as string);
    const fixed =
      typeof key !== 'string' && key.type === 'literal' && typeof key.value === 'string' ? key.value : key;
    if (typeof fixed === 'string') builder.allow(fixed, raw.computed ? offsetOf(property) : offsetOf(raw));
    const object = builder.node(raw.object as RawNode);
    return { type: 'member', object, key: fixed, optional: raw.optional === true, offset: offsetOf(raw) };
  },
  CallExpression: (builder, raw) => builder.call(raw),
  Arrow(builder, raw) {
    builder.arrow(raw);
    return builder.refuse(
      raw,
      'a function is not a value here',
      `Functions may be given to ${[...CALLBACK_METHODS].join(', ')}.`,
    );
  },
  UnaryExpression(builder, raw) {
    const operator = raw.operator as string;
    if (!UNARY_OPERATORS.has(operator))
      builder.refuse(raw, `the operator ${operator} is not part of the language`);
    return {
      type: 'unary',
      operator,
      argument: builder.node(raw.argument as RawNode),
      offset: offsetOf(raw),
    };
  },
  BinaryExpression(builder, raw) {
    const operator = raw.operator as string;
    const sign = { ...raw, offset: operatorOffset(raw) };
    if (!BINARY_OPERATORS.has(operator)) {
      const fix =
        operator === '|' ? 'did you mean "||"?' : operator === '&' ? 'did you mean "&&"?' : undefined;
      builder.refuse(sign, `the operator ${operator} is not part of the language`, fix);
    }
    const left = builder.node(raw.left as RawNode);
    return { type: 'binary', operator, left, right: builder.node(raw.right as RawNode), offset: sign.offset };
  },
  ConditionalExpression(builder, raw) {
    return {
      type: 'conditional',
      test: builder.node(raw.test as RawNode),
      yes: builder.node(raw.consequent as RawNode),
      no: builder.node(raw.alternate as RawNode),
      offset: offsetOf(raw),
    };
  },
  ArrayExpression(builder, raw) {
    const items = (raw.elements as RawNode[]).map((item) => builder.node(item));
    return { type: 'list', items, offset: offsetOf(raw) };
  },
  Object(builder, raw) {
    const entries = (raw.entries as { key: string; offset: number; value: RawNode }[]).map((entry) => {
      builder.allow(entry.key, entry.offset);
      return { key: entry.key, value: builder.node(entry.value) };
    });
    return { type: 'object', entries, offset: offsetOf(raw) };
  },
};

/** Where a node begins; a binary or conditional node, which jsep gives no place, at its left operand. */
function offsetOf(raw: RawNode): number {
  let node = raw;
  while (node.offset === undefined) node = (node.test ?? node.left) as RawNode;
  return node.offset;
}

/** Where the sign of a binary operator stands: noted on the first operand to its right. */
function operatorOffset(raw: RawNode): number {
  let node: RawNode | undefined = raw.right as RawNode;
  while (node && node.after === undefined) node = (node.left ?? node.test) as RawNode | undefined;
  return node?.after ?? offsetOf(raw);
}

import type { Json, JsonObject } from '../json.ts';
import { Arguments } from './arguments.ts';
import { FUNCTIONS } from './functions/index.ts';
import { type Limits, Run } from './limits.ts';
import { checked, keyOf, memberOf, namesOf, suggestion } from './members.ts';
import { methodOf } from './methods.ts';
import { applyBinary, applyUnary, isLogical, isSettled, isTrue } from './operators.ts';
import { parseExpression } from './parse.ts';
import { pathText } from './path-text.ts';
import type { Scope, Value } from './scope.ts';
import type {
  ArrowNode,
  Callback,
  CallNode,
  Expression,
  MemberNode,
  MethodNode,
  NameNode,
  Node,
} from './syntax.ts';
import { isBlob, measure, plain, setOwn } from './values.ts';

/** Parameters of the arrow functions around a node. */
interface Bound {
  readonly names: readonly string[];
  readonly values: readonly Value[];
  readonly outer: Bound | undefined;
}

/** What a chain gives when `?.` met null or undefined: the rest of the chain is not evaluated. */
const STOPPED = Symbol('stopped');

/**
 * The value of an expression: JSON, or undefined where the last member read does not exist.
 * Nothing in the scope is changed; the result may share parts with it.
 *
 * Errors: AppError `expression.*`; a DeferredError where a secret or a stored value would have to be looked into.
 */
export function evaluate(
  expression: Expression | string,
  scope: Scope,
  limits: Limits = {},
): Json | undefined {
  const parsed = typeof expression === 'string' ? parseExpression(expression) : expression;
  return new Evaluation(new Run(parsed, limits), scope).result(parsed.node);
}

class Evaluation {
  readonly #run: Run;
  readonly #scope: Scope;

  constructor(run: Run, scope: Scope) {
    this.#run = run;
    this.#scope = scope;
  }

  result(node: Node): Json | undefined {
    const value = this.#plain(node, undefined);
    const isBuilt = node.type !== 'name' && node.type !== 'member' && typeof value === 'object';
    if (isBuilt && value !== null) measure(value, this.#run);
    return value;
  }

  #plain(node: Node, bound: Bound | undefined): Json | undefined {
    return plain(this.#visit(node, bound), this.#run);
  }

  #visit(node: Node, bound: Bound | undefined): Value {
    const run = this.#run;
    run.at = node.offset;
    run.charge(1);
    switch (node.type) {
      case 'literal':
        return node.value;
      case 'name':
        return this.#name(node, bound);
      case 'member':
      case 'method': {
        const value = this.#link(node, bound);
        return value === STOPPED ? undefined : value;
      }
      case 'call':
        return this.#call(node, bound);
      case 'unary': {
        const value = this.#visit(node.argument, bound);
        run.at = node.offset;
        return applyUnary(node.operator, value, run);
      }
      case 'binary': {
        const left = this.#visit(node.left, bound);
        if (isLogical(node.operator)) {
          return isSettled(node.operator, left) ? left : this.#visit(node.right, bound);
        }
        const right = this.#plain(node.right, bound);
        run.at = node.offset;
        return applyBinary(node.operator, plain(left, run), right, run);
      }
      case 'conditional':
        return this.#visit(isTrue(this.#visit(node.test, bound)) ? node.yes : node.no, bound);
      case 'list':
        return node.items.map((item) => this.#plain(item, bound) ?? null);
      case 'object': {
        const object: JsonObject = {};
        for (const { key, value } of node.entries) {
          const item = this.#plain(value, bound);
          if (item !== undefined) setOwn(object, key, item);
        }
        return object;
      }
    }
  }

  #name(node: NameNode, bound: Bound | undefined): Value {
    for (let frame = bound; frame; frame = frame.outer) {
      const index = frame.names.lastIndexOf(node.name);
      if (index >= 0) return frame.values[index];
    }
    const run = this.#run;
    if (run.isDeferredName(node.name)) run.defer(node.name);
    const value = checked(this.#scope.get(node.name), run);
    if (value !== undefined) return value;
    const names = [...this.#scope.names()];
    if (names.includes(node.name)) return undefined;
    const shown = node.name.slice(0, 100);
    if (FUNCTIONS.has(node.name)) {
      return run.fail('unknown_name', `${shown} is a function`, `Call it: ${shown}(…).`);
    }
    for (let frame = bound; frame; frame = frame.outer) names.push(...frame.names);
    const fix = names.length > 0 ? `There are: ${suggestion(node.name, names)}` : undefined;
    return run.fail('unknown_name', `there is no name ${shown} here`, fix);
  }

  /** One link of a chain such as `a?.b.c()`: the whole chain stops where `?.` meets nothing. */
  #link(node: MemberNode | MethodNode, bound: Bound | undefined): Value | typeof STOPPED {
    const run = this.#run;
    const { object } = node;
    const isChain = object.type === 'member' || object.type === 'method';
    if (isChain) run.charge(1);
    const receiver = isChain ? this.#link(object, bound) : this.#visit(object, bound);
    if (receiver === STOPPED) return STOPPED;
    run.at = node.offset;
    if (receiver === null || receiver === undefined) {
      return node.optional ? STOPPED : this.#missing(node, receiver, bound);
    }
    if (node.type === 'method') return this.#method(node, receiver, bound);
    if (typeof node.key === 'string') return memberOf(receiver, node.key, run);
    const key = this.#visit(node.key, bound);
    run.at = node.offset;
    return memberOf(receiver, keyOf(key, run), run);
  }

  #call(node: CallNode, bound: Bound | undefined): Json | undefined {
    const values = node.args.map((arg) => this.#plain(arg, bound));
    const call = FUNCTIONS.get(node.name);
    const run = this.#run;
    run.at = node.offset;
    if (!call) return run.fail('unknown_function', `there is no function ${node.name}`);
    return call.call(new Arguments(run, node.name, call.arity, values));
  }

  #method(node: MethodNode, receiver: Value, bound: Bound | undefined): Json | undefined {
    const run = this.#run;
    const self = plain(receiver, run);
    if (isBlob(self)) run.defer('a stored value');
    const method = methodOf(node.name, self, run);
    const values = node.args.map((arg) =>
      arg.type === 'arrow' ? this.#callback(arg, node, bound) : this.#plain(arg, bound),
    );
    run.at = node.offset;
    return method.call(self as never, new Arguments(run, node.name, method.arity, values));
  }

  #callback(arrow: ArrowNode, method: MethodNode, outer: Bound | undefined): Callback {
    const call = (...values: (Json | undefined)[]): Json | undefined => {
      const value = this.#plain(arrow.body, { names: arrow.params, values, outer });
      this.#run.at = method.offset;
      return value;
    };
    return Object.assign(call, { parameters: arrow.params.length });
  }

  /** Says which part of a path is null or undefined, and what its parent has instead. */
  #missing(node: MemberNode | MethodNode, value: null | undefined, bound: Bound | undefined): never {
    const { object } = node;
    const wanted = object.type === 'member' && typeof object.key === 'string' ? object.key : undefined;
    const parent =
      object.type === 'member' && wanted !== undefined ? this.#visit(object.object, bound) : undefined;
    const names = suggestion(wanted ?? '', namesOf(parent));
    const has =
      value === undefined && names ? ` (${pathText((object as MemberNode).object)} has: ${names})` : '';
    const member = node.type === 'method' ? `${node.name}()` : pathText(node.key);
    this.#run.at = node.offset;
    return this.#run.fail(
      'missing',
      `${pathText(object)} is ${value}${has}: ${member} cannot be read from it`,
      'Write ?. in place of the dot where it may be absent, or give a default with ??.',
    );
  }
}

import type { Json } from '../json.ts';
import type { Source } from './errors.ts';

interface At {
  /** Where an error of this node is shown: for a member its property, for an operator its sign. */
  readonly offset: number;
}

export interface LiteralNode extends At {
  readonly type: 'literal';
  readonly value: string | number | boolean | null | undefined;
}
export interface NameNode extends At {
  readonly type: 'name';
  readonly name: string;
}
export interface MemberNode extends At {
  readonly type: 'member';
  readonly object: Node;
  /** A fixed key (`a.b`, `a['b']`), or the expression that computes it. */
  readonly key: string | Node;
  readonly optional: boolean;
}
export interface CallNode extends At {
  readonly type: 'call';
  /** Name of a library function: `upper`, `Math.round`. */
  readonly name: string;
  readonly args: readonly Node[];
}
export interface MethodNode extends At {
  readonly type: 'method';
  readonly object: Node;
  readonly name: string;
  readonly args: readonly (Node | ArrowNode)[];
  readonly optional: boolean;
}
export interface UnaryNode extends At {
  readonly type: 'unary';
  readonly operator: string;
  readonly argument: Node;
}
export interface BinaryNode extends At {
  readonly type: 'binary';
  readonly operator: string;
  readonly left: Node;
  readonly right: Node;
}
export interface ConditionalNode extends At {
  readonly type: 'conditional';
  readonly test: Node;
  readonly yes: Node;
  readonly no: Node;
}
export interface ListNode extends At {
  readonly type: 'list';
  readonly items: readonly Node[];
}
export interface ObjectNode extends At {
  readonly type: 'object';
  readonly entries: readonly { readonly key: string; readonly value: Node }[];
}
/** A function given to a list method. Never a value of its own. */
export interface ArrowNode extends At {
  readonly type: 'arrow';
  readonly params: readonly string[];
  readonly body: Node;
}

export type Node =
  | LiteralNode
  | NameNode
  | MemberNode
  | CallNode
  | MethodNode
  | UnaryNode
  | BinaryNode
  | ConditionalNode
  | ListNode
  | ObjectNode;

/** A parsed expression; plain data that may be kept and evaluated any number of times. */
export interface Expression extends Source {
  readonly node: Node;
}

/** A function handed to a list method, as the method calls it. */
export type Callback = ((...args: (Json | undefined)[]) => Json | undefined) & {
  /** How many parameters the arrow declares. */
  readonly parameters: number;
};

import jsep from 'jsep';
import { MAX_NESTING } from './limits.ts';

/** A node as jsep builds it, with the positions that this parser adds. */
export interface RawNode {
  type: string;
  offset?: number;
  /** Offset of the binary operator in front of this operand. */
  after?: number;
  [key: string]: unknown;
}

/** A parameter of an arrow function. */
export interface RawParam {
  name: string;
  offset: number;
}

/** What this parser uses of jsep's class, which jsep's own types leave out. */
interface JsepClass {
  expr: string;
  index: number;
  readonly code: number;
  readonly char: string;
  parse(): RawNode;
  gobbleSpaces(): void;
  gobbleExpression(): RawNode | false;
  gobbleBinaryOp(): string | false;
  gobbleToken(): RawNode | false;
  gobbleTokenProperty(node: RawNode): RawNode;
  gobbleIdentifier(): RawNode;
  gobbleStringLiteral(): RawNode;
  gobbleArguments(termination: number): RawNode[];
  gobbleGroup(): RawNode | false;
}

const { Jsep } = jsep as unknown as { Jsep: new (text: string) => JsepClass };

/** A fault in the text, at an offset. */
export class SyntaxFault extends Error {
  readonly code: 'syntax' | 'limit';
  readonly offset: number;
  readonly fix: string | undefined;

  constructor(message: string, offset: number, fix?: string, code: 'syntax' | 'limit' = 'syntax') {
    super(message);
    this.offset = offset;
    this.fix = fix;
    this.code = code;
  }
}

const ARROW = /(?:([A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*)|\(([\w$\s,\u0080-\uffff]*)\))\s*=>/y;
const IDENTIFIER = /^[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*$/;
const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', '0': '\0' };
const CODE = { open: 40, close: 41, dot: 46, openBracket: 91, closeBracket: 93, openBrace: 123 };

/**
 * jsep's operator grammar, made strict and safe: every node knows its place, nesting is bounded while parsing,
 * exactly one expression is accepted, and arrow functions, object literals and string escapes are added.
 * jsep itself (its global tables of operators and hooks) is left as it is.
 */
export class Parser extends Jsep {
  #expressions = 0;
  /** Where the tokens begin that are being read, outermost first. */
  readonly #tokens: number[] = [];
  /** Offset of an operator whose right operand has not begun yet. */
  #operator: number | undefined;

  /** Parses the whole text. Throws a SyntaxFault, or jsep's own error with its `index`. */
  override parse(): RawNode {
    const node = this.gobbleExpression();
    if (!node && this.index >= this.expr.length) throw new SyntaxFault('the expression is empty', 0);
    if (!node || this.index < this.expr.length) throw this.#unexpected();
    return node;
  }

  override gobbleExpression(): RawNode | false {
    if (++this.#expressions > MAX_NESTING) throw this.#tooDeep();
    const node = super.gobbleExpression();
    this.#expressions--;
    return node;
  }

  override gobbleBinaryOp(): string | false {
    const operator = super.gobbleBinaryOp();
    if (operator) this.#operator = this.index - operator.length;
    return operator;
  }

  override gobbleToken(): RawNode | false {
    this.gobbleSpaces();
    const offset = this.index;
    if (this.#tokens.push(offset) > MAX_NESTING) throw this.#tooDeep();
    const after = this.#operator;
    this.#operator = undefined;
    const node = this.#arrow() ?? this.#object() ?? super.gobbleToken();
    this.#tokens.pop();
    if (!node) return node;
    node.offset ??= offset;
    if (after !== undefined) node.after = after;
    return node;
  }

  override gobbleTokenProperty(first: RawNode): RawNode {
    let node = first;
    node.offset ??= this.#tokens.at(-1);
    for (;;) {
      this.gobbleSpaces();
      const optional = this.#take('?.', /\d/);
      const { code, index } = this;
      if (code === CODE.openBracket) {
        this.index++;
        const property = this.#required();
        this.#expect(']', index);
        node = { type: 'MemberExpression', computed: true, object: node, property, optional, offset: index };
      } else if (code === CODE.open) {
        if (optional) throw new SyntaxFault('an optional call ?.( is not part of the language', index);
        this.index++;
        const args = this.gobbleArguments(CODE.close);
        node = { type: 'CallExpression', callee: node, arguments: args, offset: node.offset };
      } else if (optional || code === CODE.dot) {
        if (!optional) this.index++;
        this.gobbleSpaces();
        const offset = this.index;
        const property = this.gobbleIdentifier();
        node = { type: 'MemberExpression', computed: false, object: node, property, optional, offset };
      } else return node;
    }
  }

  override gobbleIdentifier(): RawNode {
    if (this.index >= this.expr.length) throw this.#unexpected();
    return super.gobbleIdentifier();
  }

  override gobbleGroup(): RawNode {
    const open = this.index++;
    const node = this.#required();
    this.#expect(')', open);
    return node;
  }

  override gobbleArguments(termination: number): RawNode[] {
    const close = String.fromCharCode(termination);
    const open = this.index - 1;
    const nodes: RawNode[] = [];
    for (;;) {
      this.gobbleSpaces();
      if (this.#take(close)) return nodes;
      nodes.push(this.#required());
      if (!this.#take(',')) {
        this.#expect(close, open);
        return nodes;
      }
    }
  }

  override gobbleStringLiteral(): RawNode {
    const start = this.index;
    const quote = this.char;
    let value = '';
    this.index++;
    while (this.index < this.expr.length) {
      const char = this.char;
      this.index++;
      if (char === quote) return { type: 'Literal', value, offset: start };
      value += char === '\\' ? this.#escape() : char;
    }
    throw new SyntaxFault(`the text that begins here is never closed with ${quote}`, start);
  }

  #escape(): string {
    const at = this.index - 1;
    const char = this.char;
    this.index++;
    if (char !== 'u' && char !== 'x') return ESCAPES[char] ?? char;
    const digits = this.expr.slice(this.index, this.index + (char === 'u' ? 4 : 2));
    if (!/^(?:[0-9a-fA-F]{4}|[0-9a-fA-F]{2})$/.test(digits)) {
      throw new SyntaxFault(`\\${char} needs ${char === 'u' ? 4 : 2} hexadecimal digits after it`, at);
    }
    this.index += digits.length;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }

  #arrow(): RawNode | undefined {
    ARROW.lastIndex = this.index;
    const match = ARROW.exec(this.expr);
    if (!match) return undefined;
    const offset = this.index;
    const params = this.#params(match[1] ?? match[2] ?? '', offset + (match[1] === undefined ? 1 : 0));
    this.index = ARROW.lastIndex;
    return { type: 'Arrow', params, body: this.#required(), offset };
  }

  #params(text: string, start: number): RawParam[] {
    if (text.trim() === '') return [];
    let offset = start;
    return text.split(',').map((part) => {
      const param = { name: part.trim(), offset: offset + (part.length - part.trimStart().length) };
      offset += part.length + 1;
      if (!IDENTIFIER.test(param.name))
        throw new SyntaxFault('a parameter must be a plain name', param.offset);
      return param;
    });
  }

  #object(): RawNode | undefined {
    if (this.code !== CODE.openBrace) return undefined;
    const offset = this.index++;
    const entries: { key: string; offset: number; value: RawNode }[] = [];
    for (;;) {
      this.gobbleSpaces();
      if (this.#take('}')) break;
      entries.push(this.#entry());
      if (this.#take(',')) continue;
      this.#expect('}', offset);
      break;
    }
    return this.gobbleTokenProperty({ type: 'Object', entries, offset });
  }

  #entry(): { key: string; offset: number; value: RawNode } {
    const offset = this.index;
    if (this.char === '"' || this.char === "'") {
      const key = this.gobbleStringLiteral().value as string;
      this.gobbleSpaces();
      this.#expect(':', offset);
      return { key, offset, value: this.#required() };
    }
    const identifier = this.gobbleIdentifier();
    const key = identifier.name as string;
    this.gobbleSpaces();
    if (this.#take(':')) return { key, offset, value: this.#required() };
    return { key, offset, value: { ...identifier, offset } };
  }

  /** An expression that has to be here. */
  #required(): RawNode {
    const node = this.gobbleExpression();
    if (!node) throw this.#unexpected();
    return node;
  }

  #take(text: string, unlessBefore?: RegExp): boolean {
    if (!this.expr.startsWith(text, this.index)) return false;
    if (unlessBefore?.test(this.expr.charAt(this.index + text.length))) return false;
    this.index += text.length;
    if (text === '?.') this.gobbleSpaces();
    return true;
  }

  #expect(close: string, open: number): void {
    if (this.#take(close)) return;
    if (this.index < this.expr.length) throw this.#unexpected(` where "${close}" was expected`);
    throw new SyntaxFault(`"${this.expr.charAt(open)}" is never closed with "${close}"`, open);
  }

  #unexpected(where = ''): SyntaxFault {
    if (this.index >= this.expr.length) return new SyntaxFault('the expression ends too early', this.index);
    const fix = HINTS.find(({ test }) =>
      test.test(this.expr.slice(Math.max(0, this.index - 12), this.index + 3)),
    );
    return new SyntaxFault(`unexpected "${this.char}"${where}`, this.index, fix?.fix);
  }

  #tooDeep(): SyntaxFault {
    const message = `the expression is nested deeper than ${MAX_NESTING} levels`;
    return new SyntaxFault(message, this.index, 'Split it: compute parts in a set step.', 'limit');
  }
}

/** What people write from habit, and what to write here. */
const HINTS = [
  { test: /`/, fix: "Template literals are not part of the language: write 'text' + value." },
  { test: /typeof\s/, fix: 'Write type(value) in place of typeof.' },
  { test: /\.\.\./, fix: 'Spread is not part of the language: use merge(a, b) or list.concat(other).' },
  { test: /[^=!<>]=[^=>]?/, fix: 'Nothing can be assigned in an expression. To compare, write ==.' },
  { test: /\/$|\/./, fix: 'Regular expressions are not part of the language: see matchesGlob and contains.' },
];

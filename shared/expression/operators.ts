import type { Json } from '../json.ts';
import type { Run } from './limits.ts';
import { isScope, type Value } from './scope.ts';
import { finite, isBlob, isScalar, typeName } from './values.ts';

type Operand = Json | undefined;
type Operator = (left: Operand, right: Operand, run: Run) => Json;

const NUMERIC = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
/** Longest text read as a number. */
const MAX_NUMERAL = 400;

/** A text or boolean as a number; undefined where it is not one. */
export function numberOf(value: Operand): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value.length > MAX_NUMERAL) return undefined;
  const text = value.trim();
  return NUMERIC.test(text) ? Number(text) : undefined;
}

/** True for everything but false, 0, '', null and undefined. A stored value is large, so it is true. */
export const isTrue = (value: Value): boolean =>
  value !== undefined && value !== null && value !== false && value !== 0 && value !== '';

const arithmetic =
  (sign: string, compute: (a: number, b: number) => number): Operator =>
  (left, right, run) => {
    if (typeof left === 'number' && typeof right === 'number') {
      if (right === 0 && (sign === '/' || sign === '%')) run.failType(`${left} ${sign} 0: division by zero`);
      return finite(compute(left, right), run, `${left} ${sign} ${right}`);
    }
    const side = typeof left === 'number' ? right : left;
    const fix = side === undefined || side === null ? 'Add ?? 0 to it.' : 'Convert it with number(value).';
    return run.failType(`${sign} needs numbers, and got ${typeName(left)} ${sign} ${typeName(right)}`, fix);
  };

const addNumbers = arithmetic('+', (a, b) => a + b);

const add: Operator = (left, right, run) => {
  if (typeof left !== 'string' && typeof right !== 'string') return addNumbers(left, right, run);
  const parts = [left, right].map((side) => {
    if (typeof side === 'string') return side;
    if (typeof side === 'number' || typeof side === 'boolean') return String(side);
    const fix =
      side === undefined || side === null ? "Add ?? '' to it." : 'Write json(value) to put it into text.';
    return run.failType(`+ cannot join ${typeName(side)} to text`, fix);
  });
  run.claimText((parts[0]?.length ?? 0) + (parts[1]?.length ?? 0));
  return parts.join('');
};

const comparison =
  (sign: string, compare: (a: string | number, b: string | number) => boolean): Operator =>
  (left, right, run) => {
    if (typeof left === 'number' && typeof right === 'number') return compare(left, right);
    if (typeof left === 'string' && typeof right === 'string') {
      run.chargeText(Math.min(left.length, right.length));
      return compare(left, right);
    }
    const types = `${typeName(left)} ${sign} ${typeName(right)}`;
    return run.failType(`${sign} compares two numbers or two texts, and got ${types}`);
  };

/** Sameness of plain values. Two objects would compare by where they are kept, which means nothing here. */
function isSame(left: Operand, right: Operand, run: Run): boolean {
  if (!isScalar(left) && !isScalar(right)) {
    run.failType('== does not compare lists and objects', 'Write equal(a, b) to compare what is inside.');
  }
  if (typeof left === 'string' && typeof right === 'string')
    run.chargeText(Math.min(left.length, right.length));
  return left === right;
}

const isNothing = (value: Value): boolean => value === null || value === undefined;
const isLooselySame = (left: Operand, right: Operand, run: Run): boolean =>
  isNothing(left) || isNothing(right) ? isNothing(left) && isNothing(right) : isSame(left, right, run);

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['+', add],
  ['-', arithmetic('-', (a, b) => a - b)],
  ['*', arithmetic('*', (a, b) => a * b)],
  ['/', arithmetic('/', (a, b) => a / b)],
  ['%', arithmetic('%', (a, b) => a % b)],
  ['<', comparison('<', (a, b) => a < b)],
  ['<=', comparison('<=', (a, b) => a <= b)],
  ['>', comparison('>', (a, b) => a > b)],
  ['>=', comparison('>=', (a, b) => a >= b)],
  ['==', isLooselySame],
  ['!=', (left, right, run) => !isLooselySame(left, right, run)],
  ['===', isSame],
  ['!==', (left, right, run) => !isSame(left, right, run)],
]);

/** When the right side is not looked at, by operator. */
const SETTLED: Record<string, (left: Value) => boolean> = {
  '&&': (left) => !isTrue(left),
  '||': isTrue,
  '??': (left) => !isNothing(left),
};

export const UNARY_OPERATORS: ReadonlySet<string> = new Set(['!', '-', '+']);
export const BINARY_OPERATORS: ReadonlySet<string> = new Set([...OPERATORS.keys(), ...Object.keys(SETTLED)]);

/** True for `&&`, `||` and `??`, which may leave their right side unread. */
export const isLogical = (operator: string): boolean => Object.hasOwn(SETTLED, operator);

/** True when a logical operator's answer is its left side. */
export const isSettled = (operator: string, left: Value): boolean => SETTLED[operator]?.(left) ?? false;

/** Applies a binary operator. Throws `expression.type`; a DeferredError for a stored value. */
export function applyBinary(operator: string, left: Operand, right: Operand, run: Run): Json {
  const isNullTest = operator === '==' || operator === '!=' || operator === '===' || operator === '!==';
  const needsContent = !(isNullTest && (isNothing(left) || isNothing(right)));
  if (needsContent && (isBlob(left) || isBlob(right))) run.defer('a stored value');
  const apply = OPERATORS.get(operator);
  return apply ? apply(left, right, run) : run.fail('syntax', `there is no operator ${operator}`);
}

/** Applies `!`, `-` or `+`. */
export function applyUnary(operator: string, value: Value, run: Run): Json {
  if (operator === '!') return !isTrue(value);
  if (isBlob(value)) run.defer('a stored value');
  const number = operator === '-' || isScope(value) ? value : numberOf(value);
  if (typeof number !== 'number')
    return run.failType(`${operator} needs a number, and got ${typeName(value)}`);
  return finite(operator === '-' ? -number : number, run, 'the result');
}

import { describe, expect, it } from '@jest/globals';
import { timesAsLong } from '../../test/support/growth.ts';
import { AppError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { evaluate, parseExpression, render, scopeOf } from './index.ts';

const KEYS = [
  'constructor',
  'prototype',
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
];
const RECEIVERS = [
  "'text'",
  '(1)',
  'true',
  '[1]',
  '{ a: 1 }',
  'obj',
  'steps',
  "upper('a')",
  '[1].map(x => x)',
  'json(1)',
  '(1 + 2)',
];

const scope = () => scopeOf({ obj: { a: 1 }, steps: { a: {} }, list: [1, 2, 3], text: 'x' });

function codeOf(run: () => unknown): string {
  try {
    return `gave ${JSON.stringify(run())}`;
  } catch (error) {
    if (AppError.is(error)) return error.code;
    throw error;
  }
}

/** Every way to write a forbidden key behind a receiver; the last ones build it at run time. */
const positions = (receiver: string, key: string): string[] => {
  const half = Math.floor(key.length / 2);
  const [start, end] = [key.slice(0, half), key.slice(half)];
  return [
    `${receiver}.${key}`,
    `${receiver}?.${key}`,
    `${receiver}['${key}']`,
    `${receiver}?.['${key}']`,
    `${receiver}.${key}()`,
    `${receiver}.${key}.x`,
    `${receiver}['${key}'](1)`,
    `${receiver}['${start}' + '${end}']`,
    `${receiver}[['${start}', '${end}'].join('')]`,
    `${receiver}[list.map(x => '${key}')[0]]`,
    `get(${receiver}, '${key}')`,
    `get(${receiver}, ['${start}', '${end}'].join(''))`,
    `has(${receiver}, '${key}')`,
    `[${receiver}].map(x => x.${key})`,
    `[${receiver}].map(x => x['${start}' + '${end}'])`,
    `sortBy([${receiver}], '${key}')`,
    `groupBy([${receiver}], 'a.${key}')`,
  ];
};

describe('forbidden names', () => {
  it.each(KEYS.flatMap((key) => RECEIVERS.map((receiver) => [key, receiver] as const)))(
    'refuses %s on %s in every position',
    (key, receiver) => {
      for (const text of positions(receiver, key)) {
        expect([text, codeOf(() => evaluate(text, scope()))]).toEqual([text, 'expression.forbidden']);
      }
    },
  );

  it.each([...KEYS, 'caller', 'callee', 'arguments'])('refuses %s as a name of anything', (name) => {
    const texts = [
      name,
      `${name}.x`,
      `${name}()`,
      `-${name}`,
      `[${name}]`,
      `{ x: ${name} }`,
      `{ ${name} }`,
      `a ? ${name} : 1`,
    ];
    texts.push(
      `list.map(${name} => 1)`,
      `list.map((x, ${name}) => 1)`,
      `list.map(x => ${name})`,
      `obj[${name}]`,
    );
    for (const text of texts)
      expect([text, codeOf(() => evaluate(text, scope()))]).toEqual([text, 'expression.forbidden']);
  });

  it.each(KEYS)('refuses %s as a key of an object that an expression makes', (key) => {
    const texts = [
      `{ ${key}: 1 }`,
      `{ '${key}': 1 }`,
      `fromEntries([['${key}', 1]])`,
      `pick(obj, ['${key}'])`,
    ];
    for (const text of texts)
      expect([text, codeOf(() => evaluate(text, scope()))]).toEqual([text, 'expression.forbidden']);
  });

  it('carries such keys in data as inert data', () => {
    const data = JSON.parse('{"__proto__": {"polluted": true}, "constructor": 1}') as JsonObject;
    for (const text of ['data', 'merge(data, {})', 'parseJson(json(data))', 'omit(data, [])', '[data][0]']) {
      const result = evaluate(text, scopeOf({ data })) as JsonObject;
      expect(Object.keys(result)).toEqual(['__proto__', 'constructor']);
      expect(Object.getPrototypeOf(result)).toBe(Object.prototype);
    }
    expect(evaluate("groupBy([{ k: '__pro' + 'to__' }], 'k')", scope())).toEqual(
      JSON.parse('{"__proto__":[{"k":"__proto__"}]}'),
    );
  });

  it('lets no function, symbol or host object out of a scope', () => {
    const planted = {
      call: () => 1,
      mark: Symbol('x'),
      date: new Date(0),
      map: new Map(),
      nan: Number.NaN,
      big: 1n,
    };
    for (const name of Object.keys(planted)) {
      const root = scopeOf({ planted } as unknown as JsonObject);
      expect([name, codeOf(() => evaluate(`planted.${name}`, root))]).toEqual([name, 'expression.type']);
    }
  });
});

/** Expressions that try to use up time or memory. */
const RUNAWAYS: string[] = [
  'range(100000).map(x => range(100000).map(y => y))',
  'range(1000).map(a => range(1000).map(b => range(1000).map(c => 1)))',
  'range(1e15)',
  "range(60).reduce((text, x) => text + text, 'x')",
  'range(60).reduce((list, x) => list.concat(list), [1])',
  'range(60).reduce((value, x) => [value, value], 1)',
  'range(60).reduce((value, x) => ({ a: value, b: value }), 1)',
  'json(range(60).reduce((value, x) => [value, value], 1))',
  'range(60).reduce((value, x) => [value, value], 1).flat(64)',
  'range(20000).reduce((value, x) => [value], 1)',
  'json(range(20000).reduce((value, x) => [value], 1))',
  'equal(range(9000).reduce((v, x) => [v], 1), range(9000).reduce((v, x) => [v], 1))',
  'unique([range(9000).reduce((v, x) => [v], 1)])',
  "'x'.padStart(1e9)",
  "range(1000).map(x => 'x'.padStart(900000))",
  "range(100).map(x => big.replaceAll('x', big))",
  "big.split('').map(x => big.split(''))",
  'range(100000).join(big)',
  'range(1000).map(x => big + x)',
  'range(1000).map(x => big.toUpperCase())',
  'range(1000).map(x => big.includes(big))',
  'range(1000).map(x => base64(big))',
  'range(1000).map(x => slug(big))',
  'range(1000).map(x => lines(big))',
  'range(1000).map(x => urlEncode(big))',
  'matchesGlob(big, big)',
  `matchesGlob(big, '${'*a'.repeat(2000)}')`,
  'range(50000).sort((a, b) => b - a)',
  'range(50000).map(x => -x).sort(x => range(100).length)',
  'many.map(x => many.includes(x))',
  'many.map(x => contains(many, -1))',
  'many.map(x => merge(wide, wide))',
  'many.map(x => json(many))',
  'many.flatMap(x => many)',
  'many.map(x => flatten([many, many]))',
  'many.map(x => zip(many, many))',
  'many.map(x => many.slice(0))',
  'many.map(x => many.reverse())',
  'many.map(x => steps)',
];

describe('cost', () => {
  const big = 'x'.repeat(900_000);
  const many = Array.from({ length: 20_000 }, (_, n) => n);
  const wide = Object.fromEntries(many.map((n) => [`k${n}`, n]));
  const root = scopeOf({ big, many, wide });
  const lazy = {
    get: (name: string) => (name === 'steps' ? scopeOf(wide) : root.get(name)),
    names: () => root.names(),
  };

  /** Counts until the fuel is used up: the dearest thing that an expression is meant to do. */
  const counting = (): void => {
    expect(codeOf(() => evaluate('range(10000).map(x => range(100).map(y => x + y))', lazy))).toBe(
      'expression.limit',
    );
  };

  it.each(RUNAWAYS)('stops %s in about the time that its limit allows to anything', async (text) => {
    const runaway = (): void => expect(codeOf(() => evaluate(text, lazy))).toBe('expression.limit');
    // Without limits it is minutes: thousands of times as long.
    const ratio = await timesAsLong(runaway, counting, 10);
    expect(ratio).toBeLessThan(10);
  });

  it('takes fuel from what the caller shares, and says what to do when it is used up', () => {
    const fuel = { left: 25 };
    evaluate('1 + 2', scope(), { fuel });
    expect(fuel.left).toBe(22);
    let error: unknown;
    try {
      evaluate('range(30)', scope(), { fuel });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: 'expression.limit',
      fix: expect.stringContaining('step of its own'),
    });
    expect(codeOf(() => evaluate('1', scope(), { fuel }))).toBe('expression.limit');
  });

  it('keeps a value built from input within the size asked for', () => {
    expect(codeOf(() => evaluate('[big, big]', root))).toBe('expression.limit');
    expect(codeOf(() => evaluate('[big]', root, { size: 1_000 }))).toBe('expression.limit');
    expect(evaluate('big', root, { size: 1_000 })).toBe(big);
  });
});

describe('nesting', () => {
  const wraps: [string, string, string][] = [
    ['(', 'a', ')'],
    ['[', 'a', ']'],
    ['{ a: ', 'a', ' }'],
    ['upper(', 'a', ')'],
    ['!', 'a', ''],
    ['-', 'a', ''],
    ['a[', 'a', ']'],
    ['list.map(x => ', 'a', ')'],
    ['a ? 1 : ', 'a', ''],
    ['a ? ', 'a', ' : 1'],
  ];
  it.each(wraps)('refuses %s nested without end, and takes it nested a little', (open, middle, close) => {
    const nest = (times: number) => open.repeat(times) + middle + close.repeat(times);
    expect(codeOf(() => parseExpression(nest(100_000)))).toBe('expression.limit');
    expect(codeOf(() => parseExpression(nest(400)))).toBe('expression.limit');
    expect(codeOf(() => parseExpression(nest(66)))).toBe('expression.limit');
    expect(codeOf(() => parseExpression(nest(20)))).toMatch(/^gave/);
  });

  it.each(['(', '[', '{', '!', 'a?', '{a:', 'a[', "'", 'a.map(x=>', 'x=>', 'a(', '((x)=>'])(
    'refuses %s left open again and again',
    (open) => {
      for (const times of [3_000, 100_000]) {
        expect(codeOf(() => parseExpression(open.repeat(times)))).toMatch(/^expression\.(limit|syntax)$/);
      }
    },
  );

  it.each([' + a', ' && a', '.a', '[0]', '?.a', '.concat(a)', ' == a', ' ?? a'])(
    'bounds a chain of %s',
    (link) => {
      expect(codeOf(() => parseExpression(`a${link.repeat(900)}`))).toBe('expression.limit');
      expect(codeOf(() => parseExpression(`a${link.repeat(100)}`))).toMatch(/^gave/);
    },
  );

  it('adds up a chain of four hundred', () => {
    expect(evaluate(`1${' + 1'.repeat(400)}`, scope())).toBe(401);
  });
});

describe('what is left behind', () => {
  const PROTOTYPES = [
    Object.prototype,
    Array.prototype,
    String.prototype,
    Number.prototype,
    Function.prototype,
  ];
  const snapshot = () => JSON.stringify(PROTOTYPES.map((prototype) => Object.getOwnPropertyNames(prototype)));
  const frozen = (value: Json): Json => {
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(frozen);
    Object.freeze(value);
    return value;
  };

  it('never changes what it reads, nor any prototype', () => {
    const root = frozen({ list: [3, 1, [2]], obj: { b: { c: 1 } }, text: 'x' }) as JsonObject;
    const before = snapshot();
    const texts = [
      'list.sort(x => string(x))',
      'list.reverse()',
      'list.concat(1)',
      'list.flat()',
      'list.slice(0)',
      'merge(obj, { b: 2 })',
    ];
    texts.push(
      "omit(obj, ['b'])",
      'list.map(x => x)',
      'unique(list)',
      'flatten(list)',
      "groupBy([obj], 'b')",
      "sortBy([obj], 'b.c')",
    );
    for (const text of texts) evaluate(text, scopeOf(root));
    render({ a: '{{ list }}', b: '{{ merge(obj, obj) }}' }, scopeOf(root));
    expect(snapshot()).toBe(before);
  });
});

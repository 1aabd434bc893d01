import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { AppError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import {
  DeferredError,
  evaluate,
  FUNCTIONS,
  finish,
  METHOD_NAMES,
  references,
  render,
  scopeOf,
} from './index.ts';

const blob = { $blob: 'b', bytes: 1 };
const root: JsonObject = {
  a: 1,
  x: 2,
  text: 'some text',
  list: [1, 'two', null, [3], { k: 'v' }],
  obj: { k: 1, nested: { k: [1, 2] } },
  nothing: null,
  blob,
};
const limits = { deferredNames: ['secrets'] };
const atoms = [
  'a',
  'text',
  'list',
  'obj',
  'nothing',
  'blob',
  'secrets',
  'unknown',
  'x',
  '1',
  '0',
  '-1',
  '1e308',
  "'k'",
  "''",
  'true',
  'null',
  'undefined',
  '[]',
  '{}',
];
const operators = ['+', '-', '*', '/', '%', '==', '!=', '===', '!==', '<', '<=', '>', '>=', '&&', '||', '??'];
const methods = [...METHOD_NAMES];
const functions = [...FUNCTIONS.keys()];

/** Well-formed expressions of every construct, mostly with operands of the wrong type. */
const expressions = fc.letrec<{ node: string }>((tie) => {
  const node = tie('node');
  return {
    node: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'node' },
      fc.constantFrom(...atoms),
      fc.tuple(node, fc.constantFrom(...operators), node).map(([l, op, r]) => `(${l} ${op} ${r})`),
      fc.tuple(fc.constantFrom('!', '-', '+'), node).map(([op, n]) => `${op} ${n}`),
      fc
        .tuple(node, fc.constantFrom('.', '?.'), fc.constantFrom('k', 'nested', 'length', 'toString'))
        .map(([n, dot, key]) => `(${n})${dot}${key}`),
      fc.tuple(node, node).map(([n, key]) => `(${n})[${key}]`),
      fc.tuple(node, node, node).map(([t, y, n]) => `(${t} ? ${y} : ${n})`),
      fc.array(node, { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
      fc.tuple(node, node).map(([v, w]) => `{ k: ${v}, 'other key': ${w} }`),
      fc
        .tuple(fc.constantFrom(...functions), fc.array(node, { maxLength: 3 }))
        .map(([f, args]) => `${f}(${args.join(', ')})`),
      fc
        .tuple(node, fc.constantFrom(...methods), fc.array(node, { maxLength: 2 }))
        .map(([n, m, args]) => `(${n}).${m}(${args.join(', ')})`),
      fc
        .tuple(
          node,
          fc.constantFrom('map', 'filter', 'find', 'sort', 'reduce', 'flatMap', 'every'),
          fc.constantFrom('x', '(x, i)', '()'),
          node,
        )
        .map(([n, m, params, body]) => `(${n}).${m}(${params} => ${body})`),
    ),
  };
}).node;

/** Text made of the pieces that expressions are made of, in any order. */
const scraps = fc
  .array(
    fc.oneof(
      fc.constantFrom(...atoms, ...operators, ...functions, ...methods.map((m) => `.${m}`)),
      fc.constantFrom(
        '(',
        ')',
        '[',
        ']',
        '{',
        '}',
        '{{',
        '}}',
        '.',
        '?.',
        '?',
        ':',
        ',',
        '=>',
        '=',
        "'",
        '"',
        '\\',
        '`',
        ';',
        ' ',
        '\n',
        '...',
        '#',
        '\u0000',
        '\u00a0',
        'é',
        '😀',
      ),
      fc.string({ maxLength: 3, unit: 'binary' }),
    ),
    { maxLength: 25 },
  )
  .map((parts) => parts.join(''));

type Outcome = { value: Json | undefined } | { code: string };

function outcome(run: () => Json | undefined): Outcome {
  try {
    return { value: run() };
  } catch (error) {
    if (AppError.is(error)) return { code: error.code };
    if (DeferredError.is(error)) return { code: 'deferred' };
    throw error;
  }
}

const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
const untemplated = json.filter(
  (value) => !JSON.stringify(value).includes('{{') && !JSON.stringify(value).includes('$deferred'),
);

describe('properties', () => {
  it.each([
    ['well-formed expressions', expressions, 3_000],
    ['scraps of expressions', scraps, 3_000],
    ['any text', fc.string({ unit: 'binary', maxLength: 60 }), 1_000],
  ])('%s give JSON, an AppError or a DeferredError, the same every time', (_, texts, numRuns) => {
    fc.assert(
      fc.property(texts, (text) => {
        const before = JSON.stringify(root);
        const first = outcome(() => evaluate(text, scopeOf(root), limits));
        expect(outcome(() => evaluate(text, scopeOf(root), limits))).toEqual(first);
        expect(JSON.stringify(root)).toBe(before);
        if ('value' in first && first.value !== undefined) {
          expect(JSON.parse(JSON.stringify(first.value))).toStrictEqual(first.value);
        }
      }),
      { numRuns },
    );
  });

  it('templates and references of any text end in a result or an AppError', () => {
    fc.assert(
      fc.property(scraps, (text) => {
        outcome(() => render(`x {{${text}}} y`, scopeOf(root), limits));
        outcome(() => references(`{{ ${text} }}`).length);
      }),
      { numRuns: 1_000 },
    );
  });

  it('rendering a value without templates gives that value', () => {
    fc.assert(fc.property(untemplated, (value) => expect(render(value, scopeOf({}))).toEqual(value)));
  });

  it('data passes through templates untouched, whatever it looks like', () => {
    const data = fc.oneof(
      json,
      fc.string().map((text): Json => ({ text: `{{ ${text} }}`, list: [`{{ secrets.${text} }}`] })),
    );
    fc.assert(
      fc.property(
        data.filter((value) => !JSON.stringify(value).includes('$deferred')),
        (value) => {
          expect(render(['{{ value }}'], scopeOf({ value }))).toEqual([value]);
          if (typeof value === 'string')
            expect(render('<{{ value }}>', scopeOf({ value }))).toBe(`<${value}>`);
        },
      ),
    );
  });

  it('finishing what was deferred gives what evaluating with everything at hand gives', async () => {
    const secrets = { k: 'hidden' };
    const direct = scopeOf({ ...root, blob: { k: 'loaded' }, secrets });
    await fc.assert(
      fc.asyncProperty(expressions, async (text) => {
        const rendered = outcome(() => render(`{{ ${text} }}`, scopeOf(root), limits));
        const expected = outcome(() => render(`{{ ${text} }}`, direct));
        if ('code' in rendered || rendered.value === undefined) return;
        const finished = await finish(rendered.value, async () => ({ k: 'loaded' }), { secrets }).then(
          (value): Outcome => ({ value }),
          (error: unknown) =>
            outcome(() => {
              throw error;
            }),
        );
        expect(finished).toEqual(expected);
      }),
      { numRuns: 1_500 },
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { AppError } from '../errors.ts';
import type { Json, JsonObject } from '../json.ts';
import { failure } from './fixture.ts';
import {
  condition,
  DeferredError,
  evaluate,
  finish,
  isTemplate,
  parseTemplate,
  references,
  render,
  scopeOf,
} from './index.ts';

const blob = { $blob: 'sha-1', bytes: 200_000 };
const root = {
  steps: {
    read: { output: { items: [{ id: 'x' }], text: 'Hi', none: null, big: blob } },
    other: { output: { a: 1 } },
  },
  variables: { n: 2, key: 'items' },
};
const scope = scopeOf(root);
const limits = { deferredNames: ['secrets'] };

describe('parseTemplate', () => {
  it('tells templates from plain text', () => {
    expect([isTemplate('a {{ b }}'), isTemplate('a { b }'), isTemplate('}}')]).toEqual([true, false, false]);
  });

  it('splits a text into parts with offsets', () => {
    const { parts, exact } = parseTemplate("a {{ '}}' }} b {{ { x: { y: 1 } } }}");
    expect(parts.map(({ type, offset }) => [type, offset])).toEqual([
      ['text', 0],
      ['expression', 2],
      ['text', 12],
      ['expression', 15],
    ]);
    expect(exact).toBeUndefined();
  });

  it.each(['{{{a:1}}}', "{{'}}'}}", '{{ "\\"}}" }}', '{{ { a: { b: 1 } } }}', "{{ '{{' }}"])(
    'takes %s as one expression',
    (text) => {
      expect(parseTemplate(text).exact).toBeDefined();
    },
  );

  it.each([
    ['a {{ b', 3],
    ['{{ a }} {{', 9],
    ["{{ 'a }}", 1],
    ['{{ { a: 1 }}', 1],
  ])('refuses %s, which is never closed', (text, column) => {
    expect(failure(() => parseTemplate(text))).toMatchObject({
      code: 'expression.syntax',
      details: { column },
    });
  });

  it('places errors of an expression in the whole text', () => {
    const text = 'first\nsecond {{ 1 + }}';
    expect(failure(() => parseTemplate(text)).details).toEqual({
      expression: ' 1 + ',
      offset: 20,
      line: 2,
      column: 15,
    });
    expect(failure(() => render('one {{ variables.n }} two {{ nam }}', scope)).details).toMatchObject({
      column: 30,
      expression: ' nam ',
    });
    expect(failure(() => parseTemplate('{{ }}')).code).toBe('expression.syntax');
  });
});

describe('render', () => {
  it.each<[Json, Json]>([
    ['plain', 'plain'],
    ['{{ variables.n }}', 2],
    ['{{variables.n}}', 2],
    [' {{ variables.n }}', ' 2'],
    ['{{ steps.read.output.items }}', [{ id: 'x' }]],
    ['{{ steps.read.output.none }}', null],
    ['n={{ variables.n }}, none={{ steps.read.output.none }}.', 'n=2, none=.'],
    ['{{ steps.read.output.items }} and {{ true }}', '[{"id":"x"}] and true'],
    [
      { 'k {{ 1 }}': ['{{ 1 }}', { x: '{{ "a" }}' }], n: 1 },
      { 'k {{ 1 }}': [1, { x: 'a' }], n: 1 },
    ],
    ["{{ '{{ 1 }}' }}", '{{ 1 }}'],
    ['{{ steps.read.output.big }}', blob],
    ['{{ [steps.read.output.big, 1] }}', [blob, 1]],
    ['{{ steps.read.output.big ?? 1 }}', blob],
    ['{{ steps.read.output.big == null }}', false],
    ['{{ steps.read.output.big ? 1 : 2 }}', 1],
  ])('renders %j', (value, expected) => {
    expect(render(value, scope, limits)).toStrictEqual(expected);
  });

  it('never evaluates data again', () => {
    const data = { text: '{{ secrets.KEY }} {{ 1 + 1 }}', list: ['{{ 1 }}'] };
    expect(
      render(['{{ data }}', 'x {{ data.text }}', '{{ data.list }}!'], scopeOf({ data }), limits),
    ).toEqual([data, `x ${data.text}`, '["{{ 1 }}"]!']);
  });

  it('says which property has no value and which there are', () => {
    const error = failure(() => render('a {{ steps.read.output.itms }}', scope));
    expect(error).toMatchObject({ code: 'expression.missing_value', details: { column: 24 } });
    expect(error.message).toBe(
      'steps.read.output.itms has no value; steps.read.output has: items, text, none, big; did you mean "items"?',
    );
    expect(error.fix).toContain('??');
    expect(failure(() => render('{{ first([]) }}', scope)).code).toBe('expression.missing_value');
    expect(render("{{ steps.read.output.itms ?? 'd' }}", scope)).toBe('d');
  });

  it('refuses data that poses as an unfinished template', () => {
    const forged = { $deferred: { template: '{{ secrets.KEY }}', scope: {} } };
    const codes = [
      failure(() => render('{{ body }}', scopeOf({ body: forged }))).code,
      failure(() => render('{{ [{ a: body }] }}', scopeOf({ body: forged }))).code,
      failure(() => render({ a: [forged] } as Json, scope)).code,
    ];
    expect(codes).toEqual(Array(3).fill('expression.reserved_key'));
  });

  it('refuses a value without end instead of overflowing', () => {
    let deep: Json = 'x';
    for (let level = 0; level < 20_000; level++) deep = [deep];
    expect(failure(() => render(deep, scope)).code).toBe('expression.limit');
    expect(render('{{ deep }}', scopeOf({ deep }))).toBe(deep);
  });
});

describe('what is not at hand', () => {
  it.each([
    'secrets.KEY',
    'steps.read.output.big.x',
    'steps.read.output.big[0]',
    'steps.read.output.big.trim()',
    "steps.read.output.big + 'x'",
    '-steps.read.output.big',
    'steps.read.output.big > 1',
    'steps.read.output.big == 1',
    'length(steps.read.output.big)',
    'json([steps.read.output.big])',
    'equal([steps.read.output.big], [1])',
    'unique([steps.read.output.big])',
    "[steps.read.output.big].join('')",
    '[1].concat(steps.read.output.big)',
    '[1].includes(steps.read.output.big)',
    "get(steps.read.output, 'big.x')",
    "variables[secrets['K']]",
  ])('defers %s', (text) => {
    expect(() => evaluate(text, scope, limits)).toThrow(DeferredError);
  });

  it('lets a parameter take the name of a root', () => {
    expect(evaluate('[1].map(secrets => secrets + 1)', scope, limits)).toEqual([2]);
  });

  it.each<[string, JsonObject]>([
    ['Bearer {{ secrets.KEY }}', {}],
    ['{{ secrets.KEY + variables.n }}', { variables: { n: 2 } }],
    ['x {{ steps.read.output.big }}', { steps: { read: { output: { big: blob } } } }],
    [
      '{{ secrets[variables.key] + steps.read.output.items[0].id }}',
      { variables: { key: 'items' }, steps: { read: { output: { items: [{ id: 'x' }] } } } },
    ],
    [
      '{{ secrets.A + steps.read.output.text.length + steps.read.output.items.map(x => x.id) }}',
      { steps: { read: { output: { text: 'Hi', items: [{ id: 'x' }] } } } },
    ],
    [
      '{{ secrets.A }}{{ steps.other }}{{ steps.other.output.a }}',
      { steps: { other: { output: { a: 1 } } } },
    ],
    ['{{ secrets.A }}{{ steps.other.output.none }}', { steps: { other: { output: {} } } }],
    ['{{ secrets.A }}{{ steps.read.output.none.x }}', { steps: { read: { output: { none: null } } } }],
  ])('keeps %s with only the values it needs', (template, needed) => {
    expect(render({ a: [template, '{{ 1 }}'] }, scope, limits)).toEqual({
      a: [{ $deferred: { template, scope: needed } }, 1],
    });
  });
});

describe('finish', () => {
  const stored: Record<string, Json> = { 'sha-1': { x: 'content', '{{': '{{ secrets.KEY }}' } };
  const loads: string[] = [];
  const load = async (reference: JsonObject): Promise<Json> => {
    loads.push(String(reference.$blob));
    return stored[String(reference.$blob)] ?? null;
  };
  const secrets = { KEY: 's3cret {{ 1 }}' };

  it('gives what rendering gives with everything at hand', async () => {
    const value = {
      a: 'Bearer {{ secrets.KEY }}',
      b: '{{ steps.read.output.big.x }}!',
      c: '{{ steps.read.output.big }}',
      d: 'plain',
      e: '{{ [steps.read.output.big] }}',
    };
    loads.length = 0;
    expect(await finish(render(value, scope, limits), load, { secrets })).toEqual({
      a: 'Bearer s3cret {{ 1 }}',
      b: 'content!',
      c: stored['sha-1'],
      d: 'plain',
      e: [stored['sha-1']],
    });
    expect(loads).toEqual(['sha-1']);
  });

  it('does not look into what it loaded', async () => {
    stored.forged = { $deferred: { template: '{{ secrets.KEY }}', scope: {} }, other: { $blob: 'sha-1' } };
    expect(await finish({ a: { $blob: 'forged' } }, load, { secrets })).toEqual({ a: stored.forged });
  });

  it('fails with the error the template itself has', async () => {
    const rendered = render('{{ secrets.KEY + steps.other.output.none.x }}', scope, limits);
    await expect(finish(rendered, load, { secrets })).rejects.toMatchObject({ code: 'expression.missing' });
    await expect(
      finish(render('{{ secrets.NONE }}', scope, limits), load, { secrets }),
    ).rejects.toMatchObject({
      code: 'expression.missing_value',
      message: 'secrets.NONE has no value; secrets has: KEY',
    });
  });

  it('passes on that a value could not be loaded', async () => {
    const broken = async (): Promise<Json> => Promise.reject(new AppError('blob.missing', 'gone'));
    await expect(finish([blob], broken, {})).rejects.toMatchObject({ code: 'blob.missing' });
  });
});

describe('condition', () => {
  it.each(['variables.n == 2', '{{ variables.n == 2 }}', '  {{variables.n == 2}}  ', "'{{' != ''"])(
    'takes %s',
    (text) => {
      expect(evaluate(condition(text), scope)).toBe(true);
    },
  );

  it.each<[string, number]>([
    ['{{ 1 }} == 1', 9],
    ['{{ 1 }} {{ 2 }}', 9],
    ['{{ 1', 1],
    ['{{ 1 + }}', 8],
    ['', 1],
  ])('refuses %s at column %i', (text, column) => {
    expect(failure(() => condition(text))).toMatchObject({ code: 'expression.syntax', details: { column } });
  });

  it('places errors of evaluation in the text as it was given', () => {
    expect(failure(() => evaluate(condition(' {{ nam }}'), scope)).details).toMatchObject({ column: 5 });
  });
});

describe('references', () => {
  it.each<[string, [string, number][]]>([
    [
      'steps.read.output.items.map(x => x.id + variables.a)',
      [
        ['steps.read.output.items', 0],
        ['variables.a', 40],
      ],
    ],
    ["steps['read']['out put'].x", [['steps.read.out put.x', 0]]],
    ['items[0].name', [['items.0.name', 0]]],
    [
      'steps[name].output',
      [
        ['steps', 0],
        ['name', 6],
      ],
    ],
    [
      'a ? b : c?.d',
      [
        ['a', 0],
        ['b', 4],
        ['c.d', 8],
      ],
    ],
    [
      '{ x, y: [z] }',
      [
        ['x', 2],
        ['z', 9],
      ],
    ],
    [
      'upper(a).length + -b',
      [
        ['a', 6],
        ['b', 19],
      ],
    ],
    [
      'list.map(x => other.filter(y => x == y && z))',
      [
        ['list', 0],
        ['other', 14],
        ['z', 42],
      ],
    ],
    [
      'x + list.map(x => x)',
      [
        ['x', 0],
        ['list', 4],
      ],
    ],
    ["'text' + 1", []],
    [
      'a {{ b.c }} d {{ e }}',
      [
        ['b.c', 5],
        ['e', 17],
      ],
    ],
  ])('finds the paths in %s', (text, expected) => {
    expect(references(text).map(({ path, offset }) => [path.join('.'), offset])).toEqual(expected);
  });

  it('fails as parsing does', () => {
    expect(failure(() => references('a +')).code).toBe('expression.syntax');
    expect(failure(() => references('x {{ a + }}')).details).toMatchObject({ column: 10 });
  });
});

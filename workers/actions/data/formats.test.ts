import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '#shared/json.ts';
import { type Bench, makeBench } from '../_fixture.ts';
import format from './format.ts';
import parse from './parse.ts';
import template from './template.ts';
import validate from './validate.ts';

let bench: Bench;
beforeAll(() => {
  bench = makeBench();
});
afterAll(() => bench.clear());

type More = Record<string, Json>;
const parsed = async (format: string, text: string, more: More = {}): Promise<Json> =>
  (await bench.run(parse, { format, text, ...more })).data;
const written = async (to: string, data: Json, more: More = {}): Promise<string> =>
  (await bench.run(format, { format: to, data, ...more })).text;

describe('data.parse and data.format', () => {
  const names = fc.stringMatching(/^[a-z]{1,8}$/);
  const rows = fc.array(fc.dictionary(names, fc.oneof(fc.string(), fc.integer(), fc.boolean())), {
    minLength: 1,
    maxLength: 4,
  });

  it.each(['json', 'yaml'])(
    'give any data back by %s',
    async (to) => {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (value) => {
          const data = JSON.parse(JSON.stringify(value)) as Json;
          expect(await parsed(to, await written(to, data))).toEqual(data);
        }),
        { numRuns: 12 },
      );
    },
    30_000,
  );

  it('give any list back by jsonl, and any table of texts by csv', async () => {
    await fc.assert(
      fc.asyncProperty(rows, async (data) => {
        expect(await parsed('jsonl', await written('jsonl', data as Json))).toEqual(data);
        const texts = data.map((row) =>
          Object.fromEntries(['a', ...Object.keys(row)].map((name) => [name, String(row[name] ?? 'x')])),
        );
        const all = [...new Set(texts.flatMap((row) => Object.keys(row)))];
        const filled = texts.map((row) => Object.fromEntries(all.map((name) => [name, row[name] ?? ''])));
        expect(await parsed('csv', await written('csv', filled), { typed: false })).toEqual(filled);
      }),
      { numRuns: 12 },
    );
  }, 30_000);

  it('read a CSV by what stands in it', async () => {
    const text = '\uFEFFa;b\n1;007\n-2.5;"x;\n""y"""\ntrue;\n9007199254740993;1e3\n';
    expect(await parsed('csv', text, { delimiter: ';' })).toEqual([
      { a: 1, b: '007' },
      { a: -2.5, b: 'x;\n"y"' },
      { a: true, b: null },
      { a: '9007199254740993', b: 1000 },
    ]);
    expect(await parsed('csv', 'a,b\n', { header: false, typed: false })).toEqual([['a', 'b']]);
    await expect(parsed('csv', 'a,b\n1,2\n3\n')).rejects.toMatchObject({
      code: 'data.bad_input',
      message: expect.stringContaining('line 3'),
    });
    await expect(parsed('csv', 'a,a\n1,2\n')).rejects.toMatchObject({ code: 'data.bad_input' });
  });

  it('put an apostrophe before formulas if told so, and never before numbers', async () => {
    const data = [{ a: '=1+1', b: -5, c: '+49', d: '@x', e: 'a=b' }];
    expect(await written('csv', data, { escapeFormulas: true })).toBe("a,b,c,d,e\n'=1+1,-5,'+49,'@x,a=b\n");
    expect(await written('csv', data)).toBe('a,b,c,d,e\n=1+1,-5,+49,@x,a=b\n');
  });

  it('read and write XML', async () => {
    const text = '<?xml version="1.0"?><a x="1&amp;2"><b>01</b><b>2</b><c>&lt;&#65;</c><d/></a>';
    expect(await parsed('xml', text)).toEqual({ a: { '@x': '1&2', b: ['01', 2], c: '<A', d: '' } });
    const data = { a: { '@x': '<"&>', b: ['1', '2'], c: { '#text': 'x < y', '@k': 'v' } } };
    expect(await parsed('xml', await written('xml', data), { typed: false })).toEqual(data);
    for (const wrong of [[1], { a: 1, b: 2 }, 'x', { 'a b><c': 1 }] as Json[])
      await expect(written('xml', wrong)).rejects.toMatchObject({ code: 'data.bad_input' });
  });

  it('take the head of a page apart and put it together', async () => {
    const page = '---\ntitle: A\n---\n# A\n---\nrest\n';
    const data = { attributes: { title: 'A' }, body: '# A\n---\nrest\n' };
    expect(await parsed('front_matter', page)).toEqual(data);
    expect(await written('front_matter', data)).toBe(page);
    expect(await parsed('front_matter', '# no head')).toEqual({ attributes: {}, body: '# no head' });
    expect(await parsed('front_matter', '---\n---\nx')).toEqual({ attributes: {}, body: 'x' });
    await expect(parsed('front_matter', '---\n- a\n---\n')).rejects.toMatchObject({ code: 'data.bad_input' });
  });

  it('read several YAML documents only if told so, and merges as people write them', async () => {
    expect(await parsed('yaml', 'a: 1\n---\nb: 2\n', { documents: true })).toEqual([{ a: 1 }, { b: 2 }]);
    await expect(parsed('yaml', 'a: 1\n---\nb: 2\n')).rejects.toMatchObject({ fix: expect.any(String) });
    expect(await parsed('yaml', 'x: &x { y: 1 }\nz:\n  <<: *x\n  w: 2')).toEqual({
      x: { y: 1 },
      z: { y: 1, w: 2 },
    });
    expect(await parsed('yaml', '')).toBeNull();
  });

  it.each<[string, string, number]>([
    ['jsonl', '{"a":1}\n{"b"\n', 2],
    ['yaml', 'a: 1\nb: [\n', 3],
    ['yaml', 'a: 1\nb: 2\na: 3\n', 3],
    ['yaml', 'a: 1\nb: !custom x\n', 2],
  ])('say where %s is wrong: %j', async (to, text, line) => {
    await expect(parsed(to, text)).rejects.toMatchObject({ code: 'data.bad_input', details: { line } });
  });

  it('say that JSON is wrong, and near what', async () => {
    await expect(parsed('json', '{"a": 1, "b": }')).rejects.toMatchObject({ code: 'data.bad_input' });
  });

  it('ask for the one or the other: a text or a file', () => {
    expect(() => parse.input.parse({ format: 'json' })).toThrow(/either text or path/);
    expect(() => parse.input.parse({ format: 'json', text: '', path: 'a' })).toThrow(/either text or path/);
  });
});

describe('a hostile text', () => {
  const bomb = `a: &a ["x","x","x","x","x","x","x","x","x"]\n${'bcdefghij'
    .split('')
    .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${'abcdefghij'[index]}`).join(',')}]`)
    .join('\n')}`;
  const merges = `a: &a { k: 1 }\n${Array.from(
    { length: 200 },
    (_, index) =>
      `m${index}: &m${index}\n  <<: [${Array(50)
        .fill(index === 0 ? '*a' : `*m${index - 1}`)
        .join(',')}]`,
  ).join('\n')}`;
  const hostile: [string, string, string][] = [
    ['an alias bomb', 'yaml', bomb],
    ['a merge bomb', 'yaml', merges],
    ['a circle', 'yaml', 'a: &a [*a]'],
    ['a tag of a program', 'yaml', 'a: !!js/function "function () {}"'],
    ['an older tag', 'yaml', '%YAML 1.1\n---\na: !!binary aGk='],
    ['brackets without end', 'yaml', '['.repeat(50_000)],
    ['brackets without end in the head', 'front_matter', `---\n${'['.repeat(50_000)}\n---\n`],
    ['too much', 'yaml', `a: ${'x'.repeat(1_100_000)}`],
    ['a deep list', 'json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['an entity that grows', 'xml', '<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'],
    ['an entity of a file', 'xml', '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ['an entity of another case', 'xml', '<!DOCTYPE a [<!entity % b SYSTEM "http://127.0.0.1/">%b;]><a/>'],
    ['elements without end', 'xml', '<a>'.repeat(50_000)],
    ['elements in one another', 'xml', `${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}`],
    ['a quote that never ends', 'csv', `a,b\n"${'x'.repeat(100_000)}`],
  ];

  it.each(hostile)('is refused at once: %s (%s)', async (_name, to, text) => {
    await expect(parsed(to, text)).rejects.toMatchObject({
      code: expect.stringMatching(/^data\.(bad_input|too_large)$/),
    });
  });

  it('of 100,000 keys in one map is read', async () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1`).join('\n');
    expect(Object.keys((await parsed('yaml', text)) as object)).toHaveLength(50_000);
  });

  it.each([
    ['json', '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'],
    ['yaml', '__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }'],
    ['yaml', 'a: &a { __proto__: { polluted: 1 } }\nb: { <<: *a }'],
    ['csv', '__proto__,constructor\n1,2\n'],
    ['xml', '<a __proto__="1"><constructor><prototype><polluted>1</polluted></prototype></constructor></a>'],
    ['xml', '<__proto__><polluted>1</polluted></__proto__>'],
    ['jsonl', '{"__proto__": {"polluted": 1}}'],
    ['front_matter', '---\n__proto__: { polluted: 1 }\n---\n'],
  ])('reaches no prototype: %s %s', async (to, text) => {
    const data = await parsed(to, text).catch(({ code }) => expect(code).toBe('data.bad_input'));
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect((data as { polluted?: number } | undefined)?.polluted).toBeUndefined();
  });

  it('does not hold up the worker, and can be called off', async () => {
    const controller = new AbortController();
    const text = Array.from({ length: 60_000 }, (_, index) => `- {k${index}: 1}`).join('\n');
    const running = bench.run(parse, { format: 'yaml', text }, { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('called off')), 30);
    await expect(running).rejects.toThrow('called off');
  });
});

describe('data.validate', () => {
  const check = (data: Json, schema: Json, more: More = {}) => bench.run(validate, { data, schema, ...more });

  it.each<[Json, Json, boolean]>([
    [1, { type: 'integer' }, true],
    ['x', { type: 'integer' }, false],
    [[1, 'a'], { prefixItems: [{ type: 'integer' }, { type: 'string' }], items: false }, true],
    [
      { a: 1 },
      { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', required: ['b'] },
      false,
    ],
    [
      { a: { b: 1 } },
      { $defs: { n: { type: 'number' } }, properties: { a: { properties: { b: { $ref: '#/$defs/n' } } } } },
      true,
    ],
    ['2024-02-29', { format: 'date' }, true],
    ['2023-02-29', { format: 'date' }, false],
    ['2024-01-01T10:00:00Z', { format: 'date-time' }, true],
    ['2024-01-01', { format: 'date-time' }, false],
    ['a@b.example', { format: 'email' }, true],
    ['a@b@c', { format: 'email' }, false],
    ['https://a.example/x?y#z', { format: 'uri' }, true],
    ['/x', { format: 'uri' }, false],
    ['::1', { format: 'ipv6' }, true],
    ['256.1.1.1', { format: 'ipv4' }, false],
    ['123e4567-e89b-12d3-a456-426614174000', { format: 'uuid' }, true],
    ['x', { format: 'something-else' }, true],
    [{}, {}, true],
  ])('%j by %j is %s', async (data, schema, valid) => {
    await expect(check(data, schema)).resolves.toMatchObject({ valid });
  });

  it('names all that is wrong, or fails with it', async () => {
    const schema = {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['b'],
      additionalProperties: false,
    };
    const { errors } = await check({ a: 1, c: 1 }, schema);
    expect(errors.map(({ path, rule }) => [path, rule]).sort()).toEqual([
      ['', 'additionalProperties'],
      ['/a', 'type'],
      ['/b', 'required'],
    ]);
    await expect(check({ a: 1 }, schema, { failOnInvalid: true })).rejects.toMatchObject({
      code: 'data.invalid',
      details: expect.arrayContaining([expect.objectContaining({ path: '/a' })]),
    });
  });

  it.each<Json>([{ type: 'nothing' }, { $ref: 'http://127.0.0.1:1/schema' }, { pattern: '(' }])(
    'says that a schema is wrong: %j',
    async (schema) => {
      await expect(check('x', schema)).rejects.toMatchObject({
        code: 'data.bad_input',
        message: expect.stringContaining('schema'),
      });
    },
  );

  it('can be called off in a pattern that backtracks for ever', async () => {
    const controller = new AbortController();
    const running = bench.run(
      validate,
      { data: `${'a'.repeat(50)}b`, schema: { pattern: '^(a+)+$' } },
      { signal: controller.signal },
    );
    setTimeout(() => controller.abort(new Error('called off')), 300);
    await expect(running).rejects.toThrow('called off');
  });
});

describe('data.template', () => {
  const filled = async (text: string, data: Json): Promise<string> => {
    bench.write('t.txt', text);
    return (await bench.run(template, { path: 't.txt', data })).text;
  };

  it('fills in data by the language of the definitions, and always gives a text', async () => {
    expect(await filled('{{ a }}', { a: 1 })).toBe('1');
    expect(await filled('{{ a }}', { a: { b: [1] } })).toBe('{"b":[1]}');
    expect(
      await filled('no {{ list.filter(x => x > 1).map(x => "#" + x).join(" ") }}', { list: [1, 2, 3] }),
    ).toBe('no #2 #3');
    expect(await filled('plain', {})).toBe('plain');
  });

  it('never evaluates data', async () => {
    expect(await filled('{{ a }}|{{ b }}', { a: '{{ b }}', b: '<%= 1 %>' })).toBe('{{ b }}|<%= 1 %>');
    await expect(filled('{{ process.env }}', {})).rejects.toMatchObject({ code: 'expression.unknown_name' });
  });

  it('says what is wrong and stops what would never end', async () => {
    await expect(filled('{{ missing }}', { a: 1 })).rejects.toMatchObject({
      code: 'expression.unknown_name',
    });
    await expect(filled('{{ a', {})).rejects.toMatchObject({ code: 'expression.syntax' });
    const list = Array.from({ length: 3000 }, (_, index) => index);
    await expect(
      filled('{{ l.map(x => l.map(y => x + y).length).length }}', { l: list }),
    ).rejects.toMatchObject({ code: 'expression.limit' });
    await expect(filled(`${'x'.repeat(200_000)}{{ a }}`, {})).rejects.toMatchObject({
      code: 'data.too_large',
    });
  });
});

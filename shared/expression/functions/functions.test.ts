import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../errors.ts';
import { evaluate, FUNCTIONS, scopeOf } from '../index.ts';

const give = (text: string) => evaluate(text, scopeOf({ big: 'ab '.repeat(3_000), half: '\ud83d' }));

function codeOf(text: string): string {
  try {
    return `gave ${JSON.stringify(give(text))}`;
  } catch (error) {
    if (AppError.is(error)) return error.code;
    throw error;
  }
}

describe.each([...FUNCTIONS.values()])('$name($args)', ({ name, doc, examples }) => {
  it('has a sentence of documentation and an example that calls it', () => {
    expect(doc).toMatch(/\.$/);
    expect(examples.length).toBeGreaterThan(0);
    for (const [text] of examples) expect(text).toContain(`${name}(`);
  });

  it.each(examples)('gives what its example says: %s', (text, result) => {
    expect(give(text)).toStrictEqual(result);
  });

  it('refuses wrong arguments with an error of its own', () => {
    const wrong = [
      `${name}()`,
      `${name}(1, 2, 3, 4, 5, {})`,
      `${name}({ a: 1 })`,
      `${name}([{}], [[]])`,
      `${name}(null, 'x')`,
    ];
    for (const text of wrong) expect(codeOf(text)).toMatch(/^gave|^expression\.type$/);
  });
});

describe('functions at their edges', () => {
  it.each<[string, unknown]>([
    ['round(1e21)', 1e21],
    ['round(1e-9, 3)', 0],
    ['round(-0.4)', 0],
    ['round(123456789012.345, 15)', 123456789012.345],
    ['min(-1)', -1],
    ['sum([])', 0],
    ["number('-1.5e2')", -150],
    ["number('')", 'expression.type'],
    ["number('0x10')", 'expression.type'],
    ["number('1e999')", 'expression.type'],
    ["number('1'.padStart(100000, '1'))", 'expression.type'],
    ['avg([])', 'expression.type'],
    ["sum([1, '2'])", 'expression.type'],
    ["parseJson('{')", 'expression.type'],
    [
      "parseJson(range(2000).map(x => '[').join('') + range(2000).map(x => ']').join(''))",
      'expression.limit',
    ],
    ["get([[1]], '0.0')", 1],
    ["get('text', 'length')", 4],
    ["get(null, 'a', 1)", 1],
    ["has('text', 'length')", false],
    ["has([1], '0')", true],
    ['first([])', undefined],
    ['range(0)', []],
    ['range(3, 1)', []],
    ['range(1, 2, 0)', 'expression.type'],
    ['range(1.5)', 'expression.type'],
    ["fromEntries([['a']])", 'expression.type'],
    ["truncate('ab😀', 3, '')", 'ab'],
    ["truncate('abc', 0)", ''],
    ["dirname('/a')", '/'],
    ["dirname('/')", '/'],
    ["dirname('a/b/')", 'a'],
    ["basename('/')", ''],
    ["basename('.ts', '.ts')", '.ts'],
    ["extname('a/b.c/d')", ''],
    ['joinPath()', '.'],
    ["joinPath('/', '..', '..', 'a')", '/a'],
    ["joinPath('a//b', '')", 'a/b'],
    ["parseDate('2026-02-30')", 'expression.type'],
    ["parseDate('2024-02-29')", 1_709_164_800_000],
    ["parseDate('2026-03-01 10:20')", 1_772_360_400_000],
    ["parseDate('2026-03-01T00:00:00.123456Z')", 1_772_323_200_123],
    ["parseDate('March 1')", 'expression.type'],
    ['formatDate(8.7e15)', 'expression.type'],
    ["formatDate('2026-03-01T23:30:00-05:00', 'DD.MM.YYYY HH:mm:ss.SSS')", '02.03.2026 04:30:00.000'],
    ['addDuration(0, 1500)', '1970-01-01T00:00:01.500Z'],
    ["addDuration(0, '1.5h')", '1970-01-01T01:30:00.000Z'],
    ["addDuration(0, '1 year')", 'expression.type'],
    ["fromBase64('*')", 'expression.type'],
    ["fromBase64('/w==')", 'expression.type'],
    ["fromBase64(base64('😀 ünï'))", '😀 ünï'],
    ['fromBase64(base64(big)) == big', true],
    ['urlEncode(half)', 'expression.type'],
    ["matchesGlob('a', '')", false],
    ["matchesGlob('', '**')", true],
    ["matchesGlob('a/b/c', '**')", true],
    ["matchesGlob('a/b/c', 'a/**')", true],
    ["matchesGlob('a', 'a/**')", false],
    ["matchesGlob('xa/b', '**/a/b')", false],
    ["matchesGlob('x/a/b', '**/a/b')", true],
    ["matchesGlob('a/b', '**/a/b')", true],
    ["matchesGlob('a/xb', 'a/**/b')", false],
    ["matchesGlob('ab', 'a?')", true],
    ["matchesGlob('a/', 'a?')", false],
    ["matchesGlob('a.b', 'a*b')", true],
    ["matchesGlob('a.bc', 'a*b')", false],
    ['length({})', 0],
    ['length(5)', 'expression.type'],
    ['unique([{ a: 1, b: 2 }, { b: 2, a: 1 }])', [{ a: 1, b: 2 }]],
    ["groupBy([{}], 'x')", { '': [{}] }],
    ['words(big).length', 3000],
    ["lines('')", []],
    ["slug('--')", ''],
    ['string(undefined)', ''],
    ['type(steps ?? 1)', 'expression.unknown_name'],
  ])('%s', (text, expected) => {
    const found = codeOf(text);
    expect(found).toBe(
      typeof expected === 'string' && expected.startsWith('expression.')
        ? expected
        : `gave ${JSON.stringify(expected)}`,
    );
  });
});

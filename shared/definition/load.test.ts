import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { growthOf } from '../../test/support/growth.ts';
import type { Json } from '../json.ts';
import { definitions } from '../simulator/arbitrary.ts';
import { BROKEN, CATALOG, VALID } from './load.cases.ts';
import { loadData, loadText } from './load.ts';

/** A text without its mark, and where that stood. */
function unmarked(marked: string): { text: string; line: number; column: number } {
  const before = marked.slice(0, marked.indexOf('¦'));
  const lines = before.split('\n');
  return { text: marked.replace('¦', ''), line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

const catalogOf = (text: string) => (/type: file\.|type: zzz/.test(text) ? CATALOG : undefined);

const listed = (length: number, line: (index: number) => string): string[] =>
  Array.from({ length }, (_, index) => line(index));

const normal = (text: string) => {
  const { workflow, problems } = loadText(text);
  if (!workflow) throw new Error(JSON.stringify(problems));
  return workflow;
};

describe('a valid definition', () => {
  it.each(VALID)('has no problems: %s', (_, text) => {
    expect(loadText(text, catalogOf(text)).problems).toEqual([]);
  });

  it.each(VALID)('is the same as data: %s', (_, text) => {
    expect(loadData(parse(text) as Json).workflow).toEqual(loadText(text).workflow);
  });
});

describe('a broken definition', () => {
  it.each(BROKEN)('has %s: %s', (code, marked, ...[fix]) => {
    const { text, line, column } = unmarked(marked);
    const { problems } = loadText(text, catalogOf(text));
    const first = problems.find((problem) => problem.code === code);
    expect({
      all: problems.map((problem) => problem.code),
      line: first?.line,
      column: first?.column,
    }).toEqual({ all: expect.arrayContaining([code]), line, column });
    if (fix !== undefined) expect(first?.fix).toContain(fix);
    expect(first?.message).toMatch(/\S/);
  });

  it.each(BROKEN.filter(([code]) => !code.startsWith('source.')))(
    'has %s as data too, without a position: %s',
    (code, marked) => {
      const { text } = unmarked(marked);
      const { problems } = loadData(parse(text, { uniqueKeys: false }) as Json, catalogOf(text));
      const first = problems.find((problem) => problem.code === code);
      expect(first).toBeDefined();
      expect(first).not.toHaveProperty('line');
      expect(first).not.toHaveProperty('column');
    },
  );

  it('tells all that is wrong at once, each with its path', () => {
    const { problems } = loadText(
      'name: N\nsteps:\n  - { id: a, type: set, config: { values: { x: "{{ steps.b }}", y: "{{ foo }}" } } }\n',
    );
    expect(problems.map(({ path, code }) => [path, code])).toEqual([
      ['steps[0].config.values.x', 'reference.unknown_step'],
      ['steps[0].config.values.y', 'expression.unknown_name'],
    ]);
  });

  it('tells no more problems than can be read', () => {
    const text = `name: N\nsteps:\n${'  - { type: set, config: { values: { v: "{{ foo }}" } } }\n'.repeat(500)}`;
    expect(loadText(text).problems).toHaveLength(100);
  });

  it('with dangerous keys in data is refused', () => {
    const { problems } = loadData(JSON.parse('{"name":"N","steps":[],"__proto__":{"x":1}}') as Json);
    expect(problems).toMatchObject([{ code: 'source.forbidden_key', path: '__proto__' }]);
  });
});

describe('the normal form', () => {
  it('derives ids from names, and makes them unique', () => {
    const { id, steps } = normal(
      'name: "Prüfe: My Code!"\nsteps:\n  - { name: Read Changed File, type: set, config: { values: {} } }\n  - { name: read changed file, type: set, config: { values: {} } }\n  - { type: set, config: { values: {} } }\n  - { name: "9 lives", type: set, config: { values: {} } }\n',
    );
    expect([id, ...steps.map((step) => step.id)]).toEqual([
      'prufe-my-code',
      'read_changed_file',
      'read_changed_file_2',
      'set',
      'w_9_lives',
    ]);
  });

  it('leaves ids alone that are written out further down or inside', () => {
    const { steps } = normal(
      'name: N\nsteps:\n  - { name: X, type: set, config: { values: {} } }\n  - { id: l, type: loop, config: { times: 1, steps: [{ id: x, type: set, config: { values: {} } }] } }\n',
    );
    expect(steps[0]?.id).toBe('x_2');
  });

  it('leads top to bottom where no step of a list says otherwise, in nested lists too', () => {
    const { steps } = normal(
      'name: N\nsteps:\n  - { id: a, type: set, config: { values: {} } }\n  - { id: l, type: loop, config: { times: 1, steps: [{ id: x, type: set, config: { values: {} } }, { id: y, type: set, config: { values: {} } }] } }\n',
    );
    expect(steps[0]?.connections).toEqual({
      inputs: [],
      outputs: [{ targetStepId: 'l', condition: { type: 'success' } }],
    });
    expect(steps[1]?.connections).toEqual({ inputs: ['a'], outputs: [] });
    expect((steps[1]?.config.steps as unknown as typeof steps | undefined)?.[1]?.connections.inputs).toEqual([
      'x',
    ]);
  });

  it('leads nowhere by itself where one step has connections', () => {
    const { steps } = normal(
      'name: N\nsteps:\n  - { id: a, type: set, config: { values: {} }, connections: {} }\n  - { id: b, type: set, config: { values: {} } }\n',
    );
    expect(steps.map(({ connections }) => connections.outputs)).toEqual([[], []]);
  });

  it('holds durations in milliseconds', () => {
    const workflow = normal(
      'name: N\nsettings: { timeout: 2h, retry: { initialInterval: 1.5s, maximumInterval: 1m } }\nsteps:\n  - { type: action, action: { type: x }, timeout: 30s, retryPolicy: { initialInterval: 500ms } }\n',
    );
    expect(workflow.settings).toEqual({
      timeout: 7_200_000,
      retry: { initialInterval: 1_500, maximumInterval: 60_000 },
      onFailure: 'fail',
    });
    expect(workflow.steps[0]).toMatchObject({
      timeout: 30_000,
      retryPolicy: { initialInterval: 500 },
      join: 'all',
      errorHandling: { strategy: 'fail' },
      disabled: false,
    });
  });

  it('gives triggers ids by their type', () => {
    const { triggers } = normal(
      'name: N\ntriggers: [{ type: manual }, { type: manual }, { id: manual_2, type: manual, enabled: false }]\nsteps: [{ type: set, config: { values: {} } }]\n',
    );
    expect(triggers.map(({ id, enabled }) => [id, enabled])).toEqual([
      ['manual', true],
      ['manual_3', true],
      ['manual_2', false],
    ]);
  });

  it('is JSON through and through', () => {
    for (const [, text] of VALID) {
      const { workflow } = loadText(text);
      expect(JSON.parse(JSON.stringify(workflow))).toEqual(workflow);
      expect(JSON.stringify(workflow)).toBe(JSON.stringify(JSON.parse(JSON.stringify(workflow))));
    }
  });
});

describe('reading', () => {
  it('of any text at all never throws', () => {
    const pieces = fc.constantFrom(
      'name: N\n',
      'steps:\n',
      '  - ',
      '{{',
      '}}',
      '&a ',
      '*a ',
      '? ',
      '!!x ',
      '- ',
      '\n',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '|\n',
      ': ',
      '#',
      '\t',
      '\0',
      '\u2028',
      '%YAML 1.1\n',
      '---\n',
      '...\n',
      '<<: ',
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(pieces, { maxLength: 30 }).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(text, (given) => expect(Array.isArray(loadText(given).problems)).toBe(true)),
      { numRuns: 1_000 },
    );
  });

  it('of a damaged definition never throws, and places what it finds within the text', () => {
    const sources = fc.oneof(
      fc.constantFrom(...VALID.map(([, text]) => text)),
      definitions({ width: 3 }).map((definition) => stringify(definition)),
    );
    const edits = fc.array(
      fc.record({
        at: fc.nat(2_000),
        drop: fc.nat(4),
        put: fc.constantFrom(
          '',
          'x',
          '{{',
          '}',
          ' ',
          '\n',
          ':',
          '[',
          "'",
          '"',
          '- ',
          '1',
          '}}',
          '__proto__: ',
        ),
      }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(sources, edits, (source, changes) => {
        let text = source;
        for (const { at, drop, put } of changes) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + put + text.slice(place + drop);
        }
        const lines = text.split('\n');
        for (const problem of loadText(text, CATALOG).problems) {
          expect(problem.line).toBeGreaterThanOrEqual(1);
          expect(problem.line).toBeLessThanOrEqual(lines.length);
          expect(problem.column).toBeLessThanOrEqual((lines[(problem.line ?? 1) - 1]?.length ?? 0) + 1);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, number, (count: number) => string]>([
    ['keys', 40_000, (count) => listed(count, (index) => `${index.toString(36)}: 1`).join('\n')],
    ['keys in brackets', 40_000, (count) => `{${listed(count, (index) => `k${index}: 1`).join(',')}}`],
    ['the same key', 100_000, (count) => 'a: 1\n'.repeat(count)],
    ['broken escapes', 200_000, (count) => `"${'\\x'.repeat(count)}"`],
    ['broken values', 100_000, (count) => '- @a\n'.repeat(count)],
    ['anchors', 40_000, (count) => listed(count, (index) => `k${index}: &a${index} 1`).join('\n')],
    ['aliases', 20_000, (count) => listed(count, (index) => `- &a${index} 1\n- *a${index}`).join('\n')],
    ['documents', 100_000, (count) => '---\na: 1\n'.repeat(count)],
    [
      'names nobody knows',
      120_000,
      (count) =>
        `name: N\nsteps:\n  - { type: set, config: { values: { v: "${'{{lost}}'.repeat(count)}" } } }`,
    ],
    ['small maps', 100_000, (count) => '- {a: 1}\n'.repeat(count)],
  ])(
    'of a megabyte of %s takes no longer than its length says',
    async (_, count, text) => {
      const work = (size: number): void => expect(loadText(text(size)).problems).not.toEqual([]);
      // It grew with the square of the number before: fifteen seconds to six minutes.
      expect(await growthOf(work, count, 1.6)).toBeLessThan(1.6);
    },
    60_000,
  );

  it('of few lines that would grow without end is refused at once', () => {
    const bomb = Array.from(
      { length: 20 },
      (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`)}]`,
    );
    const merge = Array.from(
      { length: 90 },
      (_, at) => `a${at + 1}: &a${at + 1} {<<: [${Array(9).fill(`*a${at}`)}]}`,
    );
    for (const text of [
      `a0: &a0 [x]\n${bomb.join('\n')}`,
      `a0: &a0 {x: 1}\n${merge.join('\n')}`,
      'a: &a {b: *a}',
    ]) {
      expect(loadText(text).problems).toMatchObject([{ code: 'source.aliases', line: 1 }]);
    }
  });

  it('tells keys apart as JSON does', () => {
    expect(loadText('name: N\nx:\n  1: a\n  "1": b\n').problems).toMatchObject([
      { code: 'source.syntax', message: 'Map keys must be unique', line: 4, column: 3 },
    ]);
  });

  it('of ten thousand steps that refer to one another takes seconds, not minutes', () => {
    const steps = Array.from({ length: 10_000 }, (_, n) => ({
      id: `s${n}`,
      type: 'set',
      config: { values: n === 0 ? {} : { v: `{{ steps.s${n - 1}.output }}{{ steps.s0.output }}` } },
    }));
    expect(loadData({ name: 'N', steps } as Json).problems).toEqual([]);
  });
});

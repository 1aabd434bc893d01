import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FUNCTIONS } from '#shared/expression/index.ts';
import { scope } from './fixture.ts';
import { complete } from './scope-info.ts';

/** Completes at the `|` of a text. */
function at(marked: string, isBare = false) {
  const position = marked.indexOf('|');
  return complete(marked.replace('|', ''), position, scope, isBare);
}
const labels = (marked: string, isBare = false) => at(marked, isBare).map(({ label }) => label);

describe('completion', () => {
  it('offers nothing in plain text and in quotes', () => {
    for (const text of ['he|', "{{ '|' }}", '{{ a }} b|', "{{ 'it\\'s |' }}", '|'])
      expect(at(text)).toEqual([]);
  });

  it('begins with locals, roots, and the functions of the library', () => {
    const found = labels('{{ | }}');
    expect(found.slice(0, 3)).toEqual(['item', 'index', 'steps']);
    for (const name of [...FUNCTIONS.keys()]) expect(found).toContain(name);
  });

  it('takes a whole text as an expression where it is one', () => {
    expect(labels('ste|', true)[0]).toBe('steps');
    expect(labels('{{ ste| }}', true)[0]).toBe('steps');
    expect(labels('ste|')).toEqual([]);
  });

  it('names steps by id and shows their names', () => {
    expect(at('{{ steps.| }}').map(({ label, detail }) => [label, detail])).toEqual([
      ['read', 'Read changed file · file.read'],
      ['review-code', 'Review · ai.analyze'],
      ['later', 'set'],
    ]);
    expect(labels('{{ steps.changed| }}')).toEqual(['read']);
  });

  it('puts an id that is no name into brackets, in place of the dot', () => {
    expect(at('{{ steps.rev| }}')[0]).toMatchObject({ insert: "['review-code']", from: 8 });
    expect(labels("{{ steps['review-code'].output.| }}")).toContain('response');
  });

  it('reads paths of outputs from the schema and from the sample, with its values', () => {
    expect(labels('{{ steps.read.| }}')).toEqual(['output', 'status', 'error', 'startTime', 'endTime']);
    const [content, size, rows] = at('{{ steps.read.output.| }}');
    expect(content).toMatchObject({
      label: 'content',
      detail: 'string · "hello"',
      info: 'What stands in it.',
    });
    expect(size).toMatchObject({ detail: 'number · 5' });
    expect(rows).toMatchObject({ detail: 'array · 1 item' });
    expect(labels('{{ steps.read.output.rows[0].| }}').slice(0, 2)).toEqual(['id', 'tag']);
    expect(labels('{{ steps.read?.output?.con| }}')[0]).toBe('content');
  });

  it('offers the methods that a value of its type has', () => {
    const text = labels('{{ steps.read.output.content.| }}');
    expect(text).toEqual(expect.arrayContaining(['trim', 'includes']));
    expect(text).not.toContain('map');
    const list = labels('{{ steps.read.output.rows.| }}');
    expect(list).toEqual(expect.arrayContaining(['map', 'includes']));
    expect(list).not.toContain('trim');
    expect(labels('{{ upper(trigger.event).| }}')).toEqual(expect.arrayContaining(['map', 'trim']));
    expect(at('{{ steps.read.output.rows.ma| }}')[0]).toMatchObject({ insert: 'map(x => x)', back: 1 });
  });

  it('knows variables, fields of the trigger and names of secrets', () => {
    expect(at('{{ variables.| }}').map(({ label, detail }) => [label, detail])).toEqual([
      ['channel', 'string · "reviews"'],
      ['limit', 'number'],
    ]);
    expect(labels('{{ trigger.fi| }}')[0]).toBe('filePath');
    expect(labels('{{ secrets.| }}')).toEqual(['API_KEY']);
  });

  it('explains functions and puts the caret between their brackets', () => {
    const upper = at('{{ upp| }}')[0];
    expect(upper).toMatchObject({ label: 'upper', insert: 'upper()', back: 1 });
    expect(upper?.info).toContain('→');
  });

  it('offers nothing after a number', () => {
    expect(at('{{ 1.| }}')).toEqual([]);
    expect(at('{{ 12| }}')).toEqual([]);
  });

  it('never throws, and writes at or before the position', () => {
    const texts = fc.string({
      unit: fc.constantFrom(
        '{{',
        '}}',
        'steps',
        '.',
        'read',
        "'",
        '"',
        '[',
        ']',
        '(',
        ')',
        '0',
        ' ',
        '\\',
        '?.',
      ),
      maxLength: 20,
    });
    fc.assert(
      fc.property(texts, fc.nat(), fc.boolean(), (text, seed, isBare) => {
        const position = text.length === 0 ? 0 : seed % (text.length + 1);
        for (const { from } of complete(text, position, scope, isBare))
          expect(from).toBeLessThanOrEqual(position);
      }),
    );
  });
});

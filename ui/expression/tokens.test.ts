import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inserted } from './insert.ts';
import { type Language, tokens } from './tokens.ts';

const shown = (text: string, language: Language) =>
  tokens(text, language).map(({ from, to, kind }) => `${kind}:${text.slice(from, to)}`);

describe('the pieces of a text', () => {
  it('are those of its expressions, in a template', () => {
    expect(shown("a {{ upper(steps.read.output['x-y']) + 'b}}' }} c 1", 'template')).toEqual([
      'brace:{{',
      'call:upper',
      "path:steps.read.output['x-y']",
      "string:'b}}'",
      'brace:}}',
    ]);
  });

  it('tell a path from the method called on it', () => {
    expect(shown('items.map(x => x.id).join(", ") == null', 'expression')).toEqual([
      'path:items',
      'call:map',
      'path:x',
      'path:x.id',
      'call:join',
      'string:", "',
      'word:null',
    ]);
  });

  it('are words, texts, numbers and comments in code', () => {
    expect(shown("const a = 'x'; // why\nreturn 12", 'code')).toEqual([
      'word:const',
      "string:'x'",
      'comment:// why',
      'word:return',
      'number:12',
    ]);
  });

  it('never overlap and are in order, whatever the text', () => {
    const text = fc.string({
      unit: fc.constantFrom('{{', '}}', 'a', '.', '(', "'", '"', '1', ' ', '[0]', '//', '`', '\n'),
      maxLength: 30,
    });
    const language = fc.constantFrom<Language>('template', 'expression', 'json', 'code');
    fc.assert(
      fc.property(text, language, (source, kind) => {
        let end = 0;
        for (const { from, to } of tokens(source, kind)) {
          expect(from).toBeGreaterThanOrEqual(end);
          expect(to).toBeGreaterThan(from);
          end = to;
        }
        expect(end).toBeLessThanOrEqual(source.length);
      }),
    );
  });
});

describe('putting an expression into a text', () => {
  it('adds braces where it stands outside of any', () => {
    expect(inserted('to ', 3, 'trigger.event')).toEqual({ text: 'to {{ trigger.event }}', caret: 22 });
    expect(inserted('{{ a +  }}', 7, 'b')).toEqual({ text: '{{ a + b }}', caret: 8 });
    expect(inserted(' == 1', 0, 'a', true)).toEqual({ text: 'a == 1', caret: 1 });
  });
});

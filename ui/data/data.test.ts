import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluate, scopeOf } from '#shared/expression/index.ts';
import { isObject, type Json } from '#shared/json.ts';
import { growthOf } from '../../test/support/growth.ts';
import { differences } from './difference.ts';
import { expressionAt } from './expression-path.ts';
import { blocksOf } from './markdown.ts';
import { presentable } from './presentable.ts';
import { PAGE, treeRows } from './rows.ts';
import { sizeOf, sizeText } from './size.ts';
import { storedOf, withLoaded } from './stored.ts';
import { tableOf } from './table.ts';

const fresh = { toggled: new Set<string>(), shown: new Map<string, number>() };
const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const FORBIDDEN = /^(__\w+__|constructor|prototype)$|[^ -~]/;

describe('the path of a value', () => {
  it('reads as people write it', () => {
    expect(expressionAt('steps.read.output', ['rows', 0, 'a b', "it's"])).toBe(
      "steps.read.output.rows[0]['a b']['it\\'s']",
    );
    expect(expressionAt('', ['trigger', 'filePath'])).toBe('trigger.filePath');
  });

  it('leads the evaluator to that value, for every place of every value', () => {
    fc.assert(
      fc.property(json, (value) => {
        for (const { path, value: item } of treeRows(value, fresh)) {
          if (path.some((key) => FORBIDDEN.test(String(key)))) continue;
          expect(evaluate(expressionAt('root', path), scopeOf({ root: value }))).toEqual(item);
        }
      }),
    );
  });
});

describe('the tree', () => {
  it('opens what is short, and shows a long list in pages', () => {
    const rows = treeRows({ list: Array.from({ length: 10_000 }, (_, at) => at), small: { a: 1 } }, fresh);
    expect(rows.map(({ id }) => id)).toEqual(['[]', '["list"]', '["small"]', '["small","a"]']);
    const open = treeRows({ list: Array(10_000).fill(0) }, { ...fresh, toggled: new Set(['["list"]']) });
    expect(open).toHaveLength(PAGE + 3);
    expect(open.at(-1)).toMatchObject({ more: 10_000 - PAGE });
  });

  it('opens long texts', () => {
    expect(treeRows({ text: 'a\nb', short: 'a' }, fresh).map(({ isOpen }) => isOpen)).toEqual([
      true,
      false,
      undefined,
    ]);
  });
});

describe('differences', () => {
  it('are none between a value and itself', () => {
    fc.assert(fc.property(json, (value) => expect(differences(value, structuredClone(value))).toEqual([])));
  });

  it('say what was added, removed and changed', () => {
    expect(differences({ a: 1, b: [1, 2], c: 0 }, { a: 2, b: [1], d: 0 })).toEqual([
      { path: ['a'], kind: 'changed', before: 1, after: 2 },
      { path: ['b', 1], kind: 'removed', before: 2 },
      { path: ['c'], kind: 'removed', before: 0 },
      { path: ['d'], kind: 'added', after: 0 },
    ]);
  });
});

describe('Markdown', () => {
  it('is taken apart into blocks', () => {
    const text = '# Title\n\nSome **bold** and `code`\nmore\n\n- one\n- two\n\n```js\na()\n```\n> said\n---';
    expect(blocksOf(text).map(({ type }) => type)).toEqual([
      'heading',
      'paragraph',
      'list',
      'code',
      'quote',
      'rule',
    ]);
  });

  it('keeps markup and links as text', () => {
    expect(blocksOf('<img src=x onerror=alert(1)> [a](javascript:alert(1))')).toEqual([
      {
        type: 'paragraph',
        runs: [
          { text: '<img src=x onerror=alert(1)> ', style: 'plain' },
          { text: 'a (javascript:alert(1)', style: 'plain' },
          { text: ')', style: 'plain' },
        ],
      },
    ]);
  });

  it('keeps the line breaks of a paragraph, and what is bold across them', () => {
    expect(blocksOf('one **two\n three** four')).toEqual([
      {
        type: 'paragraph',
        runs: [
          { text: 'one ', style: 'plain' },
          { text: 'two\nthree', style: 'strong' },
          { text: ' four', style: 'plain' },
        ],
      },
    ]);
  });

  it.each(['[', '[a](', '![](a ', '**a', '`a', '_', '[](a'])(
    'is read in time that grows with its length: %j',
    async (unit) => {
      const text = (size: number): string => (unit === '[](a' ? `[](${'a'.repeat(size)}` : unit.repeat(size));
      expect(await growthOf((size) => blocksOf(text(size)), 20_000, 1.6)).toBeLessThan(1.6);
    },
  );

  it('ends, whatever the text', () => {
    const unit = fc.constantFrom('#', ' ', '\n', '-', '`', '```', '*', '>', '1.', 'a', '[', '](');
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 40 }), (text) => expect(blocksOf(text)).toBeInstanceOf(Array)),
    );
  });
});

describe('what is worth showing', () => {
  it('is a text, the most telling text, or an image that cannot do anything', () => {
    expect(presentable('a')).toEqual({ type: 'text', text: 'a' });
    expect(presentable({ model: 'x', response: 'one\ntwo' })).toEqual({ type: 'text', text: 'one\ntwo' });
    expect(presentable({ a: 1 })).toBeUndefined();
    expect(presentable('data:image/png;base64,AAAA')).toMatchObject({ type: 'image' });
    expect(presentable('data:image/svg+xml;base64,AAAA')).toMatchObject({ type: 'text' });
    expect(presentable('data:text/html,<script>')).toMatchObject({ type: 'text' });
  });
});

describe('sizes, tables and stored values', () => {
  it('are about right', () => {
    expect([512, 3_400, 12_000_000].map(sizeText)).toEqual(['512 B', '3.4 kB', '12 MB']);
    expect(sizeOf({ a: [1, 'x'] })).toBeGreaterThan(8);
    expect(tableOf([{ a: 1 }, { b: 2 }])?.columns).toEqual(['a', 'b']);
    expect(tableOf([1])).toBeUndefined();
  });

  it('are put where they belong once loaded', () => {
    const value = { large: { $blob: 'sha256-1', bytes: 5, preview: 'x' } };
    expect(storedOf(value.large)).toEqual({ ref: 'sha256-1', bytes: 5, preview: 'x' });
    expect(withLoaded(value, new Map([['sha256-1', [1]]]))).toEqual({ large: [1] });
    fc.assert(
      fc.property(json, (other) => {
        if (isObject(other) && '$blob' in other) return;
        expect(withLoaded(other, new Map())).toEqual(other);
      }),
    );
  });
});

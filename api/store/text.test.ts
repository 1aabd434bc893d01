import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Json } from '#shared/json.ts';
import { fromStored, jsonToText, jsonToTextOrNull, textToJson, textToJsonOrNull, toStored } from './text.ts';

/** What Postgres refuses. */
const unstorable = /\0|\p{Surrogate}/u;
const anyText = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)),
});
const likely = fc
  .array(
    fc.oneof(
      fc.constantFrom('\0', '\uFDD0', '\uD83D', '\uDE00', '\\', 'u0000', 'ud800', '0000', '"'),
      anyText,
    ),
  )
  .map((parts) => parts.join(''));

describe('stored text', () => {
  it('holds nothing an engine refuses and reads as it was given', () => {
    fc.assert(
      fc.property(likely, (text) => {
        expect(toStored(text)).not.toMatch(unstorable);
        expect(fromStored(toStored(text))).toBe(text);
      }),
    );
  });

  it('is the text itself where nothing has to be escaped', () => {
    const text = 'plain, ünïcödé, 👩‍👩‍👧, \\u0000, line\nbreak';
    expect(toStored(text)).toBe(text);
    expect(jsonToText({ text })).toBe(JSON.stringify({ text }));
  });
});

describe('stored JSON', () => {
  it('holds no escape an engine refuses and reads as it was given', () => {
    fc.assert(
      fc.property(likely, likely, (key, text) => {
        const value: Json = { [key]: [text, { [text]: key }] };
        const stored = jsonToText(value);
        const strings = JSON.stringify(JSON.parse(stored));
        expect(strings.replaceAll('\\\\', '')).not.toMatch(/\\u0000|\\ud[89a-f]/);
        expect(textToJson(stored)).toEqual(value);
        expect(textToJson(fromStored(toStored(stored)))).toEqual(value);
      }),
    );
  });

  it('keeps null apart from the text "null"', () => {
    expect(jsonToTextOrNull(null)).toBeNull();
    expect(jsonToTextOrNull(undefined)).toBeNull();
    expect(textToJsonOrNull(null)).toBeNull();
    expect(textToJsonOrNull(jsonToTextOrNull('null'))).toBe('null');
  });
});

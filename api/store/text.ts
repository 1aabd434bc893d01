import type { Json } from '#shared/json.ts';

/**
 * Postgres refuses U+0000 in text and in jsonb, and unpaired surrogates in jsonb, yet both turn up in the output
 * of real commands and an archived run must never be refused. So each such code unit is stored as a mark followed
 * by its four hex digits, and put back when read: nothing is lost and every string survives both engines alike.
 * The mark is U+FDD0, a code point Unicode keeps out of interchange; where it occurs itself it is escaped too.
 */
const mark = '\uFDD0';
const unstorable = /[\0\uFDD0]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
const escaped = /\uFDD0([0-9a-f]{4})/g;
/** In JSON text U+0000 and unpaired surrogates are always `\uXXXX`; the first branch steps over other escapes. */
const unstorableInJson = /\\(?:u(0000|d[89a-f][0-9a-f]{2})|.)|\uFDD0/g;

/** A string as both engines can hold it. */
export const toStored = (value: string): string =>
  value.replace(unstorable, (unit) => mark + unit.charCodeAt(0).toString(16).padStart(4, '0'));

/** The inverse of `toStored`. */
export const fromStored = (value: string): string =>
  value.includes(mark)
    ? value.replace(escaped, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
    : value;

/** A JSON value as text for a json column. */
export const jsonToText = (value: Json): string =>
  JSON.stringify(value).replace(unstorableInJson, (found, hex: string | undefined) => {
    if (found === mark) return `${mark}fdd0`;
    return hex === undefined ? found : mark + hex;
  });

/** As `jsonToText`, with null and undefined as SQL's null. */
export const jsonToTextOrNull = (value: Json | undefined): string | null =>
  value === null || value === undefined ? null : jsonToText(value);

/** The value of a json column. */
export const textToJson = (text: string): Json => JSON.parse(text.replace(escaped, '\\u$1')) as Json;

/** As `textToJson`, with SQL's null as null. */
export const textToJsonOrNull = (text: string | null): Json => (text === null ? null : textToJson(text));

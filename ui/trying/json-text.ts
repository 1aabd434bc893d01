import type { Json } from '#shared/json.ts';

/** Characters of a value that are shown. */
const LONGEST = 50_000;

/** A value as indented JSON; a long one is cut, and says how long it is. */
export function jsonText(value: Json, longest = LONGEST): string {
  const text = JSON.stringify(value, null, 2);
  if (text.length <= longest) return text;
  return `${text.slice(0, longest)}\n… ${text.length.toLocaleString('en')} characters in all`;
}

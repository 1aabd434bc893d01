import type { Json } from '../json.ts';
import type { Run } from './limits.ts';
import { displayText } from './values.ts';

/** Replaces plain text, the first or every occurrence; pays for the result before building it. */
export function replacePlain(text: string, find: string, put: string, every: boolean, run: Run): string {
  if (find === '') return run.failType('the text to replace is empty');
  run.chargeText(text.length);
  let count = 0;
  for (let at = text.indexOf(find); at >= 0; at = text.indexOf(find, at + find.length)) {
    run.charge(1);
    count++;
    if (!every) break;
  }
  if (count === 0) return text;
  run.claimText(text.length + count * (put.length - find.length));
  if (every) return text.split(find).join(put);
  const at = text.indexOf(find);
  return text.slice(0, at) + put + text.slice(at + find.length);
}

/** Splits at plain text ('' gives single characters); pays for the parts before making them. */
export function splitPlain(text: string, separator: string, run: Run): string[] {
  run.chargeText(text.length);
  let count = 1;
  if (separator === '') count = text.length;
  else {
    for (let at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, at + separator.length))
      count++;
  }
  run.claimItems(count);
  return text.split(separator);
}

/** Joins items as text; null as nothing. Pays for the result before building it. */
export function joinTexts(list: readonly Json[], separator: string, run: Run): string {
  let length = separator.length * Math.max(0, list.length - 1);
  const parts = list.map((item) => {
    const part = displayText(item, run);
    length += part.length;
    run.checkSize(length);
    return part;
  });
  run.claimText(length);
  return parts.join(separator);
}

/** Pads to a length at the start or the end. */
export function pad(text: string, length: number, fill: string, atStart: boolean, run: Run): string {
  run.claimText(Math.max(text.length, length));
  return atStart ? text.padStart(length, fill) : text.padEnd(length, fill);
}

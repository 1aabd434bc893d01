import { isObject, type Json } from '#shared/json.ts';

/** What can be shown as more than data: a text, or an image as a `data:` address. */
export type Presentable = { type: 'text'; text: string } | { type: 'image'; source: string };

const TELLING = [
  'response',
  'markdown',
  'text',
  'content',
  'html',
  'body',
  'message',
  'data',
  'result',
  'diff',
  'stdout',
];
const DATA_IMAGE = /^data:image\/(png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]+$/;
const BEGINNINGS: Record<string, string> = {
  iVBORw0KGgo: 'png',
  '/9j/': 'jpeg',
  R0lGOD: 'gif',
  UklGR: 'webp',
};
/** Largest image shown, in characters of base64. */
const LARGEST = 20_000_000;

/** The address of an image in base64, with or without what says so in front of it. */
function imageOf(text: string): string | undefined {
  if (text.length > LARGEST) return undefined;
  if (text.startsWith('data:')) return DATA_IMAGE.test(text) ? text : undefined;
  const type = Object.entries(BEGINNINGS).find(([start]) => text.startsWith(start))?.[1];
  const isBase64 = type !== undefined && text.length > 60 && /^[A-Za-z0-9+/\s]+=*\s*$/.test(text);
  return isBase64 ? `data:image/${type};base64,${text.replaceAll(/\s/g, '')}` : undefined;
}

function ofText(text: string): Presentable {
  const source = imageOf(text);
  return source === undefined ? { type: 'text', text } : { type: 'image', source };
}

/** What of a value is worth showing as a page: itself where it is a text, or the most telling text in it. */
export function presentable(value: Json): Presentable | undefined {
  if (typeof value === 'string') return ofText(value);
  if (!isObject(value)) return undefined;
  for (const name of TELLING) {
    const text = Object.hasOwn(value, name) ? value[name] : undefined;
    if (typeof text === 'string' && (text.includes('\n') || text.length > 40)) return ofText(text);
  }
  return undefined;
}

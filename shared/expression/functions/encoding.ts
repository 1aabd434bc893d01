import type { Arguments } from '../arguments.ts';
import { define } from './library.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map([...ALPHABET].map((char, value) => [char, value]));

/** Functions that write text in another alphabet. */
export const encoding = define([
  {
    name: 'base64',
    doc: 'The UTF-8 bytes of a text in base64.',
    args: 'text',
    examples: [
      ["base64('héllo')", 'aMOpbGxv'],
      ["base64('a')", 'YQ=='],
    ],
    call: encode,
  },
  {
    name: 'fromBase64',
    doc: 'The text whose UTF-8 bytes are given in base64, also in its form for addresses.',
    args: 'text',
    examples: [
      ["fromBase64('aMOpbGxv')", 'héllo'],
      ["fromBase64('YQ')", 'a'],
    ],
    call: decode,
  },
  {
    name: 'urlEncode',
    doc: 'A text as one part of an address.',
    args: 'text',
    examples: [["urlEncode('a b&c/é')", 'a%20b%26c%2F%C3%A9']],
    call: urlEncode,
  },
]);

/** Bytes of text that one step of fuel pays for: these loops run in JavaScript. */
const BYTES_PER_FUEL = 8;

function encode(args: Arguments): string {
  const text = args.text(0);
  args.run.claimText(Math.ceil(text.length / 3) * 4);
  args.run.charge(Math.ceil(text.length / BYTES_PER_FUEL));
  const bytes = new TextEncoder().encode(text);
  args.run.claimText(Math.ceil(bytes.length / 3) * 4);
  const parts: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const chars = [18, 12, 6, 0].map((shift) => ALPHABET.charAt((three >> shift) & 63));
    const missing = Math.max(0, at + 3 - bytes.length);
    parts.push(chars.slice(0, 4 - missing).join('') + '='.repeat(missing));
  }
  return parts.join('');
}

function decode(args: Arguments): string {
  const text = args.text(0);
  args.run.charge(Math.ceil(text.length / BYTES_PER_FUEL));
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let length = 0;
  let bits = 0;
  let held = 0;
  for (const char of text.replace(/\s/g, '').replace(/={1,2}$/, '')) {
    const value = VALUES.get(char === '-' ? '+' : char === '_' ? '/' : char);
    if (value === undefined) return args.run.failType('the text is not base64');
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      bytes[length++] = (bits >> held) & 255;
    }
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, length));
  } catch {
    return args.run.failType('the base64 does not hold UTF-8 text');
  }
}

function urlEncode(args: Arguments): string {
  const text = args.text(0);
  args.run.claimText(text.length);
  args.run.charge(Math.ceil(text.length / BYTES_PER_FUEL));
  try {
    const encoded = encodeURIComponent(text);
    args.run.claimText(encoded.length);
    return encoded;
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    return args.run.failType('the text holds half a character (a lone surrogate)');
  }
}

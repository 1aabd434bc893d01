import { isObject, type Json } from '#shared/json.ts';

/** Shorter values are not masked: they would be found in everything. */
const SHORTEST = 6;

/** Shortest line of a secret of several lines that is masked by itself. */
const SHORTEST_LINE = 12;

/** Characters of a piece of a secret that are masked in errors. */
const FRAGMENT = 8;

const MASK = '***';

/**
 * What base64 makes of a value wherever it stands in a longer text: it may begin at any of three places in a group
 * of bytes, and the characters at its ends also depend on its neighbours.
 */
function base64Forms(value: string): string[] {
  const bytes = Buffer.from(value);
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    return text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
}

const quoted = (text: string): string => JSON.stringify(text).slice(1, -1);

/** A secret as it may turn up: as it is, quoted, in a URL, encoded. */
function formsOf(secret: string): string[] {
  const lines = secret.split(/\r?\n/).filter((line) => line.length >= SHORTEST_LINE);
  const base64 = base64Forms(secret);
  return [
    secret,
    ...lines,
    quoted(secret),
    quoted(quoted(secret)),
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    Buffer.from(secret).toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** A text that was cut may begin with the end of a secret, or end with its beginning. */
function withoutCutSecrets(text: string, secrets: readonly string[]): string {
  let result = text;
  for (const secret of secrets)
    for (let length = Math.min(secret.length - 1, result.length); length >= SHORTEST; length--) {
      if (result.startsWith(secret.slice(-length))) result = MASK + result.slice(length);
      if (result.endsWith(secret.slice(0, length))) result = result.slice(0, -length) + MASK;
    }
  return result;
}

/** A text of an error, without any piece of a secret: errors quote what they were given, from somewhere to somewhere. */
function withoutFragments(text: string, secret: string): string {
  let result = '';
  for (let at = 0; at < text.length; ) {
    let end = at + FRAGMENT;
    if (end > text.length || !secret.includes(text.slice(at, end))) {
      result += text[at];
      at++;
      continue;
    }
    while (end < text.length && secret.includes(text.slice(at, end + 1))) end++;
    result += MASK;
    at = end;
  }
  return result;
}

/** The value with every text in it, and the names of its fields, changed. */
function walk(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => walk(item, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), walk(item, change)]));
}

/** Takes secrets out of everything that leaves an attempt. Values of fewer than six characters are left. */
export class Mask {
  #secrets: string[] = [];
  #forms: string[] = [];

  constructor(secrets: readonly string[] = []) {
    this.add(secrets);
  }

  /** From now on these are taken out too. */
  add(secrets: readonly string[]): void {
    const added = secrets.filter((secret) => secret.length >= SHORTEST && !this.#secrets.includes(secret));
    if (added.length === 0) return;
    this.#secrets = [...this.#secrets, ...added];
    const forms = new Set(this.#secrets.flatMap(formsOf).filter((form) => form.length >= SHORTEST));
    // The longest first, so that no secret is left in part because another is a part of it.
    this.#forms = [...forms].sort((a, b) => b.length - a.length);
  }

  /** The text without any secret. */
  text(text: string): string {
    if (this.#forms.length === 0) return text;
    let result = text;
    for (const form of this.#forms) if (result.includes(form)) result = result.replaceAll(form, MASK);
    return withoutCutSecrets(result, this.#secrets);
  }

  /** An error's text without any secret, or piece of one. */
  error(text: string): string {
    return this.#secrets.reduce(withoutFragments, this.text(text));
  }

  /** The value with all its texts, and the names of its fields, without any secret. */
  json<T extends Json>(value: T, change = (text: string): string => this.text(text)): T {
    if (this.#forms.length === 0) return value;
    return walk(value, change) as T;
  }

  /** The details of an error without any secret, or piece of one. */
  details(value: Json): Json {
    return this.json(value, (text) => this.error(text));
  }
}

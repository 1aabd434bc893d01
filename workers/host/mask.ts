import { isObject, type Json } from '#shared/json.ts';

/** Shorter values are not masked: they would be found in everything. */
const SHORTEST = 6;

/** Shortest line of a secret of several lines that is masked by itself. */
const SHORTEST_LINE = 12;

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

  /** The value with all its texts, and the names of its fields, without any secret. */
  json<T extends Json>(value: T): T {
    if (this.#forms.length === 0) return value;
    return this.#walk(value) as T;
  }

  #walk(value: Json): Json {
    if (typeof value === 'string') return this.text(value);
    if (Array.isArray(value)) return value.map((item) => this.#walk(item));
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [this.text(key), this.#walk(item)]));
  }
}

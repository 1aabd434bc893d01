/** Keeps the end of a stream of bytes. */
export class Tail {
  readonly #limit: number;
  #chunks: Buffer[] = [];
  #held = 0;
  truncated = false;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#held += chunk.length;
    if (this.#held > this.#limit) this.truncated = true;
    // Not at each chunk: many small ones would be copied over and over.
    if (this.#held > 2 * this.#limit + 65_536) this.#compact();
  }

  /** The last characters, up to `limit` bytes of them; a character cut in two at the start is left out. */
  text(limit = this.#limit): string {
    const bytes = this.#compact();
    let start = Math.max(0, bytes.length - limit);
    if (start > 0 || this.truncated)
      while (start < bytes.length && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
    return bytes.toString('utf8', start);
  }

  #compact(): Buffer {
    const all = Buffer.concat(this.#chunks);
    const kept = all.length > this.#limit ? Buffer.from(all.subarray(all.length - this.#limit)) : all;
    this.#chunks = [kept];
    this.#held = kept.length;
    return kept;
  }
}

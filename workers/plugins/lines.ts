const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines. Looks at each byte once, however long a line is. */
export class Lines {
  #parts: Buffer[] = [];

  /** The lines that this chunk completes, without their ends. */
  *push(chunk: Buffer): Generator<string> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#parts.push(chunk.subarray(start, end));
      yield this.#take();
      start = end + 1;
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
  }

  clear(): void {
    this.#parts = [];
  }

  #take(): string {
    const line = Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    return line.replace(/\r$/, '');
  }
}

import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

const WORD = /\p{L}[\p{L}'’-]*/gu;

/** Tells of the highest multiple of `every` that the words of a file have reached. */
export class WordCount {
  readonly #path: string;
  readonly #every: number;
  #told = 0;
  /** When what was looked at last was written, in milliseconds since the epoch. */
  #seen = 0;

  constructor(path: string, every: number) {
    this.#path = path;
    this.#every = every;
  }

  /** Looks once; a file that is missing has no words. Throws where it cannot be read, and what `tell` throws. */
  async look(tell: (reached: number, words: number) => Promise<void>): Promise<void> {
    const { mtimeMs = 0 } = statSync(this.#path, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs === this.#seen) return;
    const text = mtimeMs === 0 ? '' : await readFile(this.#path, 'utf8');
    const words = text.match(WORD)?.length ?? 0;
    const reached = words - (words % this.#every);
    if (reached > this.#told) await tell(reached, words);
    this.#told = Math.max(this.#told, reached);
    this.#seen = mtimeMs;
  }
}

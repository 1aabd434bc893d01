import { Terminal } from '../../action.ts';

/** Bytes that an archive may always give, whatever its ratio: short texts pack very well. */
const FREE = 10_000_000;

export interface Bounds {
  maxEntries: number;
  maxBytes: number;
  maxRatio: number;
}

const tooLarge = (message: string, option: string): Terminal =>
  new Terminal('file.archive_too_large', message, {
    fix: `If the archive is to be trusted, raise ${option}. Nothing of it was left behind.`,
  });

/** Counts what comes out of an archive, and stops it where that is more than it may be. */
export class Meter {
  entries = 0;
  bytes = 0;
  readonly #bounds: Bounds;
  readonly #packed: number;

  /** `packed`: the bytes of the archive itself. */
  constructor(bounds: Bounds, packed: number) {
    this.#bounds = bounds;
    this.#packed = packed;
  }

  /** Throws `file.archive_too_large`. */
  checkEntries(count: number): void {
    const { maxEntries } = this.#bounds;
    if (count > maxEntries)
      throw tooLarge(`There are more than ${maxEntries} files and folders in the archive.`, 'maxEntries');
  }

  addEntry(): void {
    this.entries += 1;
    this.checkEntries(this.entries);
  }

  addBytes(count: number): void {
    this.bytes += count;
    this.checkBytes(this.bytes);
  }

  /** Throws `file.archive_too_large` where that many bytes are too many. */
  checkBytes(bytes: number): void {
    const { maxBytes, maxRatio } = this.#bounds;
    if (bytes > maxBytes) throw tooLarge(`The archive unpacks to more than ${maxBytes} bytes.`, 'maxBytes');
    if (bytes > FREE && bytes > this.#packed * maxRatio)
      throw tooLarge(`The archive unpacks to more than ${maxRatio} times its size.`, 'maxRatio');
  }
}

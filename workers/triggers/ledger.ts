import type { Blobs } from '#shared/node/blobs/blobs.ts';
import type { StoredLedger } from './protocol.ts';

/** Changes that travel as they are, in characters of JSON; with more, the ledger is stored as a blob. */
const INLINE_LIMIT = 128 * 1024;

/** Changes that no longer wait for their time to be stored: heartbeats may not exceed 2 MB. */
const FLOOD = 4 * INLINE_LIMIT;

/** Shortest time between two stored states, in milliseconds. */
const STORE_EVERY = 5_000;

/** Characters that an entry takes besides its path and version. */
const OVERHEAD = 8;

/** Which version of which file needs no run any more: it was there before, or its run was accepted. */
export class Ledger {
  readonly #entries: Map<string, string>;
  #base: string | undefined;
  #changes: Map<string, string | null>;
  #size: number;
  #storedAt = Number.NEGATIVE_INFINITY;

  private constructor(entries: Map<string, string>, { base, changes }: StoredLedger) {
    this.#entries = entries;
    this.#base = base;
    this.#changes = new Map(Object.entries(changes));
    this.#size = [...this.#changes].reduce((sum, [path, version]) => sum + sizeOf(path, version), 0);
  }

  static empty(): Ledger {
    return new Ledger(new Map(), { changes: {} });
  }

  /** The ledger as it was stored. Throws what the blob store throws. */
  static async open(stored: StoredLedger, blobs: Blobs): Promise<Ledger> {
    const text = stored.base === undefined ? '{}' : new TextDecoder().decode(await blobs.get(stored.base));
    const entries = new Map(Object.entries(JSON.parse(text) as Record<string, string>));
    for (const [path, version] of Object.entries(stored.changes)) {
      if (version === null) entries.delete(path);
      else entries.set(path, version);
    }
    return new Ledger(entries, stored);
  }

  get(path: string): string | undefined {
    return this.#entries.get(path);
  }

  paths(): IterableIterator<string> {
    return this.#entries.keys();
  }

  /** Notes a version; `undefined` for a file that is gone. */
  set(path: string, version: string | undefined): void {
    if (this.#entries.get(path) === version) return;
    if (version === undefined) this.#entries.delete(path);
    else this.#entries.set(path, version);
    const before = this.#changes.get(path);
    if (before !== undefined) this.#size -= sizeOf(path, before);
    this.#changes.set(path, version ?? null);
    this.#size += sizeOf(path, version ?? null);
  }

  /** As it travels in heartbeats: the changes since the last stored state. */
  snapshot(): StoredLedger {
    return {
      ...(this.#base !== undefined && { base: this.#base }),
      changes: Object.fromEntries(this.#changes),
    };
  }

  /** Stores the ledger if too much has changed since it last was; at most every few seconds, short of a flood. */
  async compact(blobs: Blobs, now: number): Promise<void> {
    if (this.#size <= INLINE_LIMIT) return;
    if (now - this.#storedAt < STORE_EVERY && this.#size <= FLOOD) return;
    const stored = Object.fromEntries(this.#entries);
    this.#storedAt = now;
    this.#base = await blobs.put(new TextEncoder().encode(JSON.stringify(stored)));
    this.#forget(stored);
  }

  /** Drops the changes that a stored state holds; what changed while it was being written stays. */
  #forget(stored: Record<string, string>): void {
    const isStored = ([path, version]: [string, string | null]): boolean =>
      (Object.hasOwn(stored, path) ? stored[path] : null) === version;
    this.#changes = new Map([...this.#changes].filter((entry) => !isStored(entry)));
    this.#size = [...this.#changes].reduce((sum, [path, version]) => sum + sizeOf(path, version), 0);
  }
}

const sizeOf = (path: string, version: string | null): number =>
  path.length + (version?.length ?? 0) + OVERHEAD;

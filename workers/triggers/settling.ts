import type { FileChangeConfig } from '#shared/triggers/file-change.ts';

/** A file whose version is not the one in the ledger. */
export interface Change {
  path: string;
  event: FileChangeConfig['events'][number];
  /** The version now; of a deleted file, the one it had. */
  version: string;
}

interface Pending {
  version: string | undefined;
  since: number;
}

/**
 * Holds changes back until they have lasted: a file that is still being written has a new version at every look.
 * Times are milliseconds on any clock that does not go back.
 */
export class Settling {
  readonly #pending = new Map<string, Pending>();
  readonly #settle: number;

  constructor(settle: number) {
    this.#settle = settle;
  }

  /** Takes note of a look at a file: what it is like now, and what the ledger knows of it. */
  observe(path: string, version: string | undefined, known: string | undefined, now: number): void {
    if (version === known) this.#pending.delete(path);
    else if (!this.#pending.has(path) || this.#pending.get(path)?.version !== version)
      this.#pending.set(path, { version, since: now });
  }

  /** Files that have been as they are for long enough. */
  due(now: number): string[] {
    return [...this.#pending.keys()].filter((path) => this.isDue(path, now));
  }

  /** Milliseconds until the next change is due; `undefined` where none is pending. */
  wait(now: number): number | undefined {
    if (this.#pending.size === 0) return undefined;
    let first = Number.POSITIVE_INFINITY;
    for (const { since } of this.#pending.values()) first = Math.min(first, since);
    return Math.max(0, first + this.#settle - now);
  }

  /** Whether this change has lasted long enough. */
  isDue(path: string, now: number): boolean {
    const pending = this.#pending.get(path);
    return pending !== undefined && now - pending.since >= this.#settle;
  }

  paths(): IterableIterator<string> {
    return this.#pending.keys();
  }

  forget(path: string): void {
    this.#pending.delete(path);
  }
}

/** The change between two versions of a file; `undefined` where there is none. */
export function changeOf(
  path: string,
  known: string | undefined,
  version: string | undefined,
): Change | undefined {
  if (known === version) return undefined;
  if (version === undefined)
    return known === undefined ? undefined : { path, event: 'unlink', version: known };
  return { path, event: known === undefined ? 'add' : 'change', version };
}

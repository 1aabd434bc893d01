import type { Logger } from 'pino';
import type { FileChangeConfig } from '#shared/triggers/file-change.ts';
import type { Selection } from './glob.ts';
import { type OpenWatcher, openHints } from './hints.ts';
import { inParallel } from './in-parallel.ts';
import type { Ledger } from './ledger.ts';
import { look, scan, UNREADABLE } from './scan.ts';
import { type Change, changeOf, Settling } from './settling.ts';

/** Milliseconds between looks at everything, with a watcher and without one. */
const RESCAN_EVERY = 10_000;
const RESCAN_BLIND = 2_000;

/** Hints that come within so many milliseconds are gone through together. */
const GATHER = 20;

/** Runs that are started side by side. */
const STARTS_AT_ONCE = 8;

/** Changes that are handled before the ledger is given a chance to be stored. */
const SLICE = 400;

export interface FileWatchParts {
  root: string;
  config: FileChangeConfig;
  selection: Selection;
  ledger: Ledger;
  log: Logger;
  signal: AbortSignal;
  /** Starts the run of a change; resolves once it cannot be lost any more. */
  start(change: Change): Promise<void>;
  /** Called between slices of work, for the ledger's sake. */
  rest(): Promise<void>;
  openWatcher?: OpenWatcher;
}

/** Finds out what has changed against the ledger, and starts a run for each change that has lasted. */
export class FileWatch {
  readonly #parts: FileWatchParts;
  readonly #settling: Settling;
  readonly #hints = new Set<string>();
  #nextScan = 0;
  #isBlind = false;
  #wake: () => void = () => undefined;

  constructor(parts: FileWatchParts) {
    this.#parts = parts;
    this.#settling = new Settling(parts.config.settle);
  }

  /** Works until the signal aborts. Throws what `start` throws, and `workspace.missing`. */
  async run(): Promise<void> {
    const { root, selection, log, signal, openWatcher } = this.#parts;
    const close = openHints({
      root,
      selection,
      log,
      hint: (path) => this.#hint(path),
      ready: () => this.#rescanSoon(),
      blind: () => {
        this.#isBlind = true;
        this.#rescanSoon();
      },
      ...(openWatcher && { openWatcher }),
    });
    const wake = (): void => this.#wake();
    signal.addEventListener('abort', wake, { once: true });
    try {
      while (!signal.aborted) {
        await this.#round();
        await this.#pause();
      }
    } finally {
      signal.removeEventListener('abort', wake);
      await close();
    }
  }

  #hint(path: string): void {
    this.#hints.add(path);
    this.#wake();
  }

  #rescanSoon(): void {
    this.#nextScan = 0;
    this.#wake();
  }

  async #round(): Promise<void> {
    const hints = [...this.#hints];
    this.#hints.clear();
    if (performance.now() >= this.#nextScan) await this.#rescan();
    else await inParallel(hints, STARTS_AT_ONCE, async (path) => void (await this.#observe(path)));
    const due = this.#settling.due(performance.now());
    for (let from = 0; from < due.length; from += SLICE) {
      await inParallel(due.slice(from, from + SLICE), STARTS_AT_ONCE, (path) => this.#handle(path));
      await this.#parts.rest();
    }
  }

  async #observe(path: string): Promise<string | undefined> {
    const { root, ledger } = this.#parts;
    const version = await look(root, path);
    const known = ledger.get(path);
    this.#settling.observe(path, version === UNREADABLE ? known : version, known, performance.now());
    return version;
  }

  async #rescan(): Promise<void> {
    const { root, selection, ledger } = this.#parts;
    this.#nextScan = performance.now() + (this.#isBlind ? RESCAN_BLIND : RESCAN_EVERY);
    const { versions, unreadable } = await scan(root, selection);
    const now = performance.now();
    const isUnknown = (path: string): boolean =>
      unreadable.some((part) => path === part || path.startsWith(`${part}/`));
    for (const path of new Set([...versions.keys(), ...ledger.paths(), ...this.#settling.paths()])) {
      const known = ledger.get(path);
      this.#settling.observe(path, versions.get(path) ?? (isUnknown(path) ? known : undefined), known, now);
    }
    await this.#parts.rest();
  }

  /** Looks once more, so that what is handled is what is there, and lets the change have its run. */
  async #handle(path: string): Promise<void> {
    const { config, ledger, signal, start } = this.#parts;
    if (signal.aborted) return;
    const version = await this.#observe(path);
    if (version === UNREADABLE || !this.#settling.isDue(path, performance.now())) return;
    const change = changeOf(path, ledger.get(path), version);
    if (change && config.events.includes(change.event)) await start(change);
    ledger.set(path, version);
    this.#settling.forget(path);
  }

  /** Waits for a hint, the next change that is due, the next look at everything, or the end. */
  async #pause(): Promise<void> {
    const { signal } = this.#parts;
    const now = performance.now();
    const milliseconds = Math.min(
      this.#settling.wait(now) ?? Number.POSITIVE_INFINITY,
      Math.max(0, this.#nextScan - now),
    );
    if (signal.aborted) return;
    if (this.#hints.size === 0 && milliseconds > 0) await this.#sleep(milliseconds, true);
    if (!signal.aborted) await this.#sleep(GATHER, false);
  }

  async #sleep(milliseconds: number, canBeWoken: boolean): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      if (!canBeWoken) return;
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = () => undefined;
  }
}

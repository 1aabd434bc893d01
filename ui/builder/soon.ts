/**
 * Does something once nobody has asked for it again for a while, and at the latest so many milliseconds after it was
 * first asked for: who edits without a pause is not to wait for one.
 */
export class Soon {
  readonly #work: () => void;
  readonly #latest: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** When it was first asked for; undefined where nothing is asked for. */
  #first: number | undefined;

  constructor(work: () => void, latest: number) {
    this.#work = work;
    this.#latest = latest;
  }

  /** Asks for it, after so many milliseconds without another call. */
  ask(quiet: number): void {
    const now = Date.now();
    this.#first ??= now;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#do(),
      Math.min(quiet, Math.max(0, this.#first + this.#latest - now)),
    );
  }

  /** Forgets that it was asked for. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#first = undefined;
  }

  #do(): void {
    this.stop();
    this.#work();
  }
}

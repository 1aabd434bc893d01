import type { Texts } from '#ui/document/texts.ts';
import { tellError } from '#ui/kit/toast.ts';
import { Soon } from './soon.ts';
import type { EditingStore } from './store.ts';

/** Quiet time after typing before the text is read, in milliseconds. */
const QUIET = 250;

/** Reads what is typed as text into the draft, when its writer pauses or when it is to count at once. */
export class Reader {
  readonly #store: EditingStore;
  readonly #texts: Texts;
  readonly #reading = new Soon(() => void this.#read(), Number.POSITIVE_INFINITY);
  readonly #leave: () => void;

  constructor(store: EditingStore, texts: Texts) {
    this.#store = store;
    this.#texts = texts;
    this.#leave = store.subscribe(({ typed }, before) => {
      if (typed !== undefined && typed !== before.typed) this.#reading.ask(QUIET);
    });
  }

  /** Resolves once the draft says all that was typed; rejects where the text's reader broke down. */
  async settle(): Promise<void> {
    this.#reading.stop();
    for (;;) {
      const { typed } = this.#store.getState();
      if (typed === undefined) return;
      const definition = await this.#texts.read(typed);
      if (this.#store.getState().typed === typed) this.#store.getState().write(typed, definition);
    }
  }

  #read(): Promise<void> {
    return this.settle().catch((thrown) => tellError('The text could not be read', thrown));
  }

  close(): void {
    this.#leave();
    this.#reading.stop();
  }
}

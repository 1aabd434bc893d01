import type { Command } from './protocol.ts';
import type { State } from './state.ts';

/** The timer that ends a run that takes too long. */
export const RUN_TIMEOUT = 'timeout of the execution';

/** The timer that lets the driver breathe between two stretches of computing. */
export const BREATH = 'a breath';

/** The timer that ends a step that takes too long. */
export const stepTimeout = (path: string): string => `${path} timeout`;

/** The run's timers. Ids are what people read in Temporal Web. Timers keep their remaining time in a pause. */
export class Timers {
  readonly #state: State;
  readonly #send: (command: Command) => void;

  constructor(state: State, send: (command: Command) => void) {
    this.#state = state;
    this.#send = send;
  }

  start(id: string, milliseconds: number): void {
    this.#state.timers[id] = { dueAt: this.#state.now + milliseconds };
    if (this.#state.paused) this.#state.timers[id].remaining = milliseconds;
    else this.#send({ type: 'start_timer', id, milliseconds });
  }

  cancel(id: string): void {
    const timer = this.#state.timers[id];
    if (!timer) return;
    delete this.#state.timers[id];
    if (timer.remaining === undefined) this.#send({ type: 'cancel_timer', id });
  }

  /** Takes a fired timer out; false where it was called off or frozen meanwhile. */
  fired(id: string): boolean {
    const timer = this.#state.timers[id];
    if (!timer || timer.remaining !== undefined) return false;
    delete this.#state.timers[id];
    return true;
  }

  freeze(): void {
    for (const [id, timer] of Object.entries(this.#state.timers)) {
      timer.remaining = Math.max(0, timer.dueAt - this.#state.now);
      this.#send({ type: 'cancel_timer', id });
    }
  }

  /** Sets every timer going again: after a pause with the time that was left, after a restore until it is due. */
  thaw(): void {
    for (const [id, timer] of Object.entries(this.#state.timers)) {
      const milliseconds = timer.remaining ?? Math.max(0, timer.dueAt - this.#state.now);
      this.#state.timers[id] = { dueAt: this.#state.now + milliseconds };
      this.#send({ type: 'start_timer', id, milliseconds });
    }
  }
}

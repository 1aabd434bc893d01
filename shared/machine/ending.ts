import type { Json } from '../json.ts';
import type { Machine } from './machine.ts';
import { FINALLY, ROOT, undoPath } from './paths.ts';
import type { Outcome, StepError } from './protocol.ts';
import { requestAction } from './requests.ts';
import type { Frame, Instance, StepEnd } from './state.ts';
import { asStepError } from './step-error.ts';
import { RUN_TIMEOUT } from './timers.ts';

/** How a run ends: the undos of what it completed, in reverse; then the finally list; then, only then, it closes. */
export class Ending {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** Cancels the run; a second time, its finally list too. Undos are never cut short. */
  cancel(): void {
    const { state } = this.#machine;
    this.#machine.unpause();
    if (state.phase === 'steps') this.#stop('cancelled', null);
    else if (state.phase === 'finally') this.#machine.stopFrame(FINALLY, { outcome: 'cancelled' });
  }

  /** Ends the run because it took too long. */
  timeout(): void {
    const limit = this.#machine.program.workflow.settings.timeout;
    this.#stop('timeout', {
      code: 'execution.timeout',
      message: `The execution took longer than the ${limit} ms its workflow allows.`,
      fix: 'Raise settings.timeout, or look at which step took the time.',
    });
  }

  #stop(outcome: Outcome, error: StepError | null): void {
    const { state } = this.#machine;
    state.ending ??= { outcome, output: null, error };
    this.#machine.stopFrame(ROOT, { outcome: 'cancelled' });
  }

  /** The root or the finally frame has closed. */
  frameClosed(path: string, stopping: Frame['stopping'], output: Json): void {
    const { state } = this.#machine;
    if (path === FINALLY) {
      const failed = stopping?.outcome === 'failure' && state.ending?.outcome === 'success';
      if (failed) state.ending = { outcome: 'failure', output: null, error: stopping.error ?? null };
      this.#finish();
      return;
    }
    this.#machine.timers.cancel(RUN_TIMEOUT);
    state.ending ??= stopping
      ? { outcome: stopping.outcome, output: null, error: stopping.error ?? null }
      : this.#success(output);
    state.phase = 'undo';
    if (state.ending.outcome === 'success') state.undo = [];
  }

  #success(lastOutput: Json): { outcome: Outcome; output: Json; error: StepError | null } {
    const template = this.#machine.program.workflow.output;
    if (template === undefined) return { outcome: 'success', output: lastOutput, error: null };
    try {
      return { outcome: 'success', output: this.#machine.render(template, ROOT), error: null };
    } catch (thrown) {
      return { outcome: 'failure', output: null, error: asStepError(thrown) };
    }
  }

  /** Takes the next step of the ending; false where there is nothing to do but wait. */
  advance(): boolean {
    const { state, program } = this.#machine;
    if (state.phase !== 'undo' || state.inFlight > 0) return false;
    const path = state.undo.pop();
    if (path !== undefined) {
      this.#undo(path);
    } else if (program.workflow.finally.length > 0) {
      state.phase = 'finally';
      this.#machine.openFrame(FINALLY);
    } else {
      this.#finish();
    }
    return true;
  }

  #undo(path: string): void {
    const step = this.#machine.program.step(path);
    const undo = step.errorHandling.undo;
    if (!undo) return;
    const at = undoPath(path);
    const { locals } = this.#machine.instance(path);
    const instance = this.#machine.instance(at);
    Object.assign(instance, { status: 'running', startTime: this.#machine.state.now });
    try {
      requestAction(this.#machine, {
        path: at,
        name: `Undo: ${step.name}`,
        action: undo.action,
        step,
        ...(locals && { locals }),
      });
    } catch (thrown) {
      this.undone(instance, { status: 'failure', error: asStepError(thrown, at) });
    }
  }

  /** An undo has ended. A failed one is kept on record; the others still run. */
  undone(instance: Instance, end: StepEnd): void {
    instance.status = end.status;
    instance.endTime = this.#machine.state.now;
    if (end.status === 'success') instance.output = end.output;
    else if ('error' in end) instance.error = end.error;
  }

  #finish(): void {
    const { state } = this.#machine;
    const { outcome, output, error } = state.ending ?? {
      outcome: 'failure' as const,
      output: null,
      error: null,
    };
    state.phase = 'closed';
    state.endTime = state.now;
    this.#machine.send({ type: 'finish', outcome, output, error });
  }
}

import {
  CancellationScope,
  isCancellation,
  scheduleActivity,
  setCurrentDetails,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { BREATHE_ACTIVITY } from '#shared/execution/protocol.ts';
import { secretsOf } from '#shared/execution/secrets.ts';
import type { Json } from '#shared/json.ts';
import { applyBatch, isDrained } from '#shared/machine/batch.ts';
import { failureEvent } from '#shared/machine/failure.ts';
import type { Machine } from '#shared/machine/machine.ts';
import type { Command, Event, RunCommand } from '#shared/machine/protocol.ts';
import { BREATH } from '#shared/machine/timers.ts';
import { endOf, runAction } from './activity.ts';
import { describe } from './details.ts';
import { storage } from './storage.ts';

export type Finish = Extract<Command, { type: 'finish' }>;
type TimerCommand = Extract<Command, { type: 'start_timer' }>;

const BEGUN = Promise.resolve();

/** Where one thing at a time runs that can be cancelled by itself. */
class Slot extends CancellationScope {
  // The original awaits, and each promise costs the isolate a stack trace: more than the machine's whole step.
  protected override runInContext<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }
}

/** Carries a machine's commands out and brings it what happened. */
export class Driver {
  readonly #machine: Machine;
  readonly #historyLimit: number | undefined;
  readonly #secrets: string[];
  /** Things are begun in it, whoever asks; without it they would end with the execution's own cancellation. */
  readonly #parent = CancellationScope.current();
  #inbox: Event[] = [];
  readonly #actions = new Map<string, Slot>();
  readonly #timers = new Map<string, Slot>();
  /** Those in which nothing runs any more. */
  readonly #idle: Slot[] = [];
  /** How the execution ended; until then, `undefined`. */
  finish: Finish | undefined;

  /** Made in the scope that all it begins is to run in. `historyLimit` is as in {@link applyBatch}. */
  constructor(machine: Machine, historyLimit: number | undefined) {
    this.#machine = machine;
    this.#historyLimit = historyLimit;
    this.#secrets = secretsOf(machine.program.workflow);
  }

  /** Keeps an event for the next turn. */
  take(event: Event): void {
    this.#inbox.push(event);
  }

  /** Whether something has happened since the last turn. */
  get hasNews(): boolean {
    return this.#inbox.length > 0;
  }

  /** Whether this run has nothing more to do. */
  get isDone(): boolean {
    return this.finish !== undefined || isDrained(this.#machine);
  }

  /** Applies what has happened since the last turn, and carries out what follows. */
  turn(): void {
    const events = this.#inbox;
    this.#inbox = [];
    const { historyLength } = workflowInfo();
    const limit = this.#historyLimit;
    this.carryOut(
      applyBatch(this.#machine, { at: Date.now(), events, historyLength, ...(limit && { limit }) }),
    );
  }

  carryOut(commands: Command[]): void {
    for (const command of commands) {
      if (command.type === 'run_action') this.#runAction(command);
      else if (command.type === 'start_timer') this.#startTimer(command);
      else if (command.type === 'cancel_action') this.#actions.get(command.path)?.cancel();
      else if (command.type === 'cancel_timer') this.#timers.get(command.id)?.cancel();
      else this.finish = command;
    }
    setCurrentDetails(describe(this.#machine));
  }

  #runAction(command: RunCommand): void {
    const { path } = command;
    this.#start(
      this.#actions,
      path,
      () => runAction(command, this.#secrets),
      (output) => ({ type: 'completed', path, output: (output ?? null) as Json, at: Date.now() }),
      (error) => failureEvent(path, Date.now(), endOf(error)),
    );
  }

  #startTimer({ id, milliseconds }: TimerCommand): void {
    this.#start(
      this.#timers,
      id,
      () => this.#wait(id, milliseconds),
      () => ({ type: 'timer', id, at: Date.now() }),
    );
  }

  /** A timer, or for a breath an activity that does nothing: a timer would take a second. */
  #wait(id: string, milliseconds: number): Promise<unknown> {
    if (id === BREATH)
      return scheduleActivity(BREATHE_ACTIVITY, [], { ...storage, activityId: BREATH, summary: BREATH });
    return sleep(Math.max(1, milliseconds), { summary: id });
  }

  /**
   * Begins something that can be cancelled by itself; what becomes of it is told as an event. A slot that was not
   * cancelled serves again. An error that is none of the user's fails the workflow task, not the run.
   */
  #start(
    slots: Map<string, Slot>,
    key: string,
    begin: () => Promise<unknown>,
    completed: (result: unknown) => Event,
    failed?: (error: unknown) => Event,
  ): void {
    const slot = this.#idle.pop() ?? new Slot({ cancellable: true, parent: this.#parent });
    slots.set(key, slot);
    const ended = (): void => {
      if (slots.get(key) === slot) slots.delete(key);
      if (!slot.consideredCancelled) this.#idle.push(slot);
    };
    const began = (): Promise<void> => {
      begin().then(
        (result) => {
          ended();
          this.take(completed(result));
        },
        (error) => {
          ended();
          if (failed) this.take(failed(error));
          else if (!isCancellation(error)) throw error;
        },
      );
      return BEGUN;
    };
    void slot.run(began);
  }
}

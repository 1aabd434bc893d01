import type { Step, Workflow } from '../definition/workflow.ts';
import { condition, evaluate, render } from '../expression/index.ts';
import type { Json, JsonObject } from '../json.ts';
import { stepType } from '../steps/index.ts';
import { withoutUnborn } from './batch.ts';
import { Ending } from './ending.ts';
import { receive } from './mailbox.ts';
import { containerOf, FINALLY, frameOf, framePath, isUndo, ROOT, stepPath } from './paths.ts';
import { Program } from './program.ts';
import type { Command, Event, Facts, RunInput, StepError } from './protocol.ts';
import { isIdempotent } from './requests.ts';
import { canDecide, rescue } from './rescue.ts';
import { scopeIn } from './scope.ts';
import { settle } from './settle.ts';
import { type Frame, type Instance, initialState, type Message, type State, type StepEnd } from './state.ts';
import { asStepError } from './step-error.ts';
import { StepRun } from './step-run.ts';
import { BREATH, RUN_TIMEOUT, stepTimeout, Timers } from './timers.ts';

/** Steps one run may start in all; a guard against definitions that never end. */
const MAX_STEPS = 1_000_000;

/** Evaluation fuel of one expression, and of one stretch of computing between two breaths. */
const FUEL_PER_EXPRESSION = 100_000;
const FUEL_PER_STRETCH = 1_000_000;
const STEPS_PER_STRETCH = 1_000;

const hasEnded = (instance: Instance | undefined): boolean =>
  instance !== undefined && !['pending', 'running', 'waiting', 'parked'].includes(instance.status);

/**
 * One run of a workflow as a pure, synchronous machine: events go in, commands come out, and `state` is all
 * there is to remember. No clock, no randomness, no I/O: the same events give the same state everywhere.
 */
export class Machine {
  readonly state: State;
  readonly program: Program;
  readonly facts: Facts;
  readonly timers: Timers;
  readonly #ending: Ending;
  #commands: Command[] = [];
  #fuel = FUEL_PER_STRETCH;
  #stepsLeft = STEPS_PER_STRETCH;

  private constructor(workflow: Workflow, facts: Facts, state: State) {
    this.state = state;
    this.facts = facts;
    this.program = new Program(workflow);
    this.timers = new Timers(state, (command) => this.send(command));
    this.#ending = new Ending(this);
  }

  /** A run at its very start, with the commands to begin with. */
  static start(workflow: Workflow, facts: Facts, input: RunInput): { machine: Machine; commands: Command[] } {
    const machine = new Machine(workflow, facts, initialState(input));
    if (workflow.settings.timeout !== undefined) machine.timers.start(RUN_TIMEOUT, workflow.settings.timeout);
    machine.openFrame(ROOT);
    machine.#pump();
    return { machine, commands: withoutUnborn(machine, machine.#take(), input.at) };
  }

  /** A run as it stood when `state` was taken. The machine owns the state from here on. */
  static resume(workflow: Workflow, facts: Facts, state: State): Machine {
    return new Machine(workflow, facts, state);
  }

  /** Handles one event. Events that no longer matter (a late answer, a timer called off) change nothing. */
  apply(event: Event): Command[] {
    if (this.state.phase === 'closed') return [];
    this.state.now = Math.max(this.state.now, event.at);
    this.#handle(event);
    this.#pump();
    return this.#take();
  }

  send(command: Command): void {
    this.#commands.push(command);
  }

  instance(path: string): Instance {
    this.state.steps[path] ??= { status: 'pending' };
    return this.state.steps[path];
  }

  frame(path: string): Frame {
    const frame = this.state.frames[path];
    if (!frame) throw new Error(`No frame is open at "${path}".`);
    return frame;
  }

  evaluate(text: string, frame: string, extra?: JsonObject): Json | undefined {
    const scope = scopeIn(this.program, this.state, frame, extra);
    return this.#metered((limits) => evaluate(condition(text), scope, limits));
  }

  render(value: Json, frame: string, extra?: JsonObject): Json {
    const scope = scopeIn(this.program, this.state, frame, extra);
    return this.#metered((limits) => render(value, scope, limits));
  }

  openFrame(path: string, locals?: JsonObject): void {
    const { steps, incoming } = this.program.list(path);
    this.state.frames[path] = { open: steps.length, active: 0, ...(locals && { locals }) };
    for (const step of steps) if (!incoming.get(step.id)) this.state.ready.push(stepPath(path, step.id));
    if (steps.length === 0) this.#closeFrame(path);
  }

  /** Ends a step. While frames are open inside it, they are stopped first and the end waits for them. */
  end(path: string, end: StepEnd): void {
    const instance = this.instance(path);
    if (hasEnded(instance) || instance.then) return;
    this.timers.cancel(path);
    if (instance.frames?.length) {
      // biome-ignore lint/suspicious/noThenProperty: it is data; nothing ever awaits an instance.
      instance.then = end;
      for (const key of [...instance.frames]) this.stopFrame(framePath(path, key), { outcome: 'cancelled' });
      return;
    }
    this.timers.cancel(stepTimeout(path));
    settle(this, path, end);
  }

  /** Lets nothing more start in a frame and cancels what runs in it; it closes once all of that has ended. */
  stopFrame(path: string, stopping: NonNullable<Frame['stopping']>): void {
    const frame = this.state.frames[path];
    if (!frame || frame.stopping) return;
    frame.stopping = stopping;
    this.state.ready = this.state.ready.filter((ready) => frameOf(ready) !== path);
    for (const step of this.program.list(path).steps) this.#cancelStep(stepPath(path, step.id));
    if (this.state.frames[path] && frame.active === 0) this.#closeFrame(path);
  }

  /** Fails the frame a step stands in, and so the loop, branch or run around it. */
  failFrame(path: string, error: StepError): void {
    this.stopFrame(path, { outcome: 'failure', error });
  }

  #handle(event: Event): void {
    switch (event.type) {
      case 'completed':
        this.#answered(event.path, { status: 'success', output: event.output });
        break;
      case 'failed': {
        const twice = event.cutOff && !isIdempotent(this, event.path);
        this.#answered(event.path, {
          status: twice ? 'unknown' : 'failure',
          error: { ...event.error, step: event.path },
        });
        break;
      }
      case 'cancelled':
        this.#answered(event.path, this.#calledOff(event.path));
        break;
      case 'timer':
        if (this.timers.fired(event.id)) this.#timerFired(event.id);
        break;
      case 'pause':
        this.pause();
        break;
      case 'resume':
        this.unpause();
        break;
      case 'cancel':
        this.#ending.cancel();
        break;
      case 'decide_step':
        if (canDecide(this, event.path))
          this.attempt(event.path, () => {
            const run = new StepRun(this, event.path);
            stepType(run.step.type).decided?.(run, event.output);
          });
        break;
      case 'message':
        this.#messageArrived(event);
        break;
      case 'drain':
        this.state.draining = true;
        break;
      case 'restored':
        this.state.draining = false;
        if (!this.state.paused) this.timers.thaw();
        break;
      default:
        rescue(this, event);
    }
  }

  pause(): void {
    if (this.state.paused) return;
    this.timers.freeze();
    this.state.paused = true;
  }

  unpause(): void {
    if (!this.state.paused) return;
    this.state.paused = false;
    this.timers.thaw();
  }

  #messageArrived(message: Message): void {
    const path = receive(this, message);
    if (path === undefined) return;
    const { name, data } = message;
    this.attempt(path, () =>
      stepType(this.program.step(path).type).messageArrived?.(new StepRun(this, path), name, data),
    );
  }

  #answered(path: string, end: StepEnd): void {
    const instance = this.state.steps[path];
    if (!instance?.acting) return;
    delete instance.acting;
    this.state.inFlight--;
    if (isUndo(path)) this.#ending.undone(instance, end);
    else this.end(path, end);
  }

  /** An action that nobody here called off has failed: its edges and strategy must still be heard. */
  #calledOff(path: string): StepEnd {
    if (this.state.steps[path]?.cancelling) return { status: 'cancelled' };
    const message = `The action of step "${path}" was cancelled from outside the execution.`;
    return {
      status: 'failure',
      error: { code: 'action.cancelled', message, step: path, fix: 'Retry from this step.' },
    };
  }

  #timerFired(id: string): void {
    if (id === BREATH) return;
    if (id === RUN_TIMEOUT) this.#ending.timeout();
    else if (id.endsWith(' timeout')) this.#stepTimedOut(id.slice(0, -' timeout'.length));
    else this.attempt(id, () => stepType(this.program.step(id).type).timerFired?.(new StepRun(this, id)));
  }

  #stepTimedOut(path: string): void {
    const message = `Step "${path}" took longer than its timeout of ${this.program.step(path).timeout} ms.`;
    this.end(path, {
      status: 'failure',
      error: { code: 'step.timeout', message, step: path, fix: 'Raise its timeout, or make it do less.' },
    });
  }

  #cancelStep(path: string): void {
    const instance = this.state.steps[path];
    if (!instance || hasEnded(instance) || instance.cancelling) return;
    if (instance.status === 'pending') return;
    if (!instance.acting) {
      this.end(path, { status: 'cancelled' });
      return;
    }
    instance.cancelling = true;
    this.send({ type: 'cancel_action', path });
  }

  /** Starts what is ready, until nothing is, the run is paused, or it is time to let the driver breathe. */
  #pump(): void {
    const { state } = this;
    while (!state.paused && !state.draining && state.phase !== 'closed') {
      const path = state.ready.shift();
      if (path === undefined) {
        if (!this.#ending.advance()) return;
        continue;
      }
      this.#start(path);
      if (this.#stepsLeft > 0 && this.#fuel > 0) continue;
      if (!state.timers[BREATH]) this.timers.start(BREATH, 1);
      return;
    }
  }

  #start(path: string): void {
    const instance = this.instance(path);
    const step = this.program.step(path);
    this.#stepsLeft--;
    this.state.started++;
    this.frame(frameOf(path)).active++;
    instance.status = 'running';
    instance.startTime = this.state.now;
    const given = this.state.given?.[path];
    if (given) this.#takeOver(path, given);
    else if (step.disabled) settle(this, path, { status: 'skipped' });
    else if (this.state.started > MAX_STEPS)
      this.failFrame(this.state.frames[ROOT] ? ROOT : FINALLY, tooManySteps(path));
    else this.#begin(path, step);
  }

  #begin(path: string, step: Step): void {
    if (step.type !== 'action' && step.timeout !== undefined)
      this.timers.start(stepTimeout(path), step.timeout);
    this.attempt(path, () => stepType(step.type).start(new StepRun(this, path)));
  }

  /** Runs a transition; an error of the definition's or the data's fails the step. */
  attempt(path: string, transition: () => void): void {
    try {
      transition();
    } catch (thrown) {
      this.end(path, { status: 'failure', error: asStepError(thrown, path) });
    }
  }

  #takeOver(path: string, given: NonNullable<State['given']>[string]): void {
    const instance = this.instance(path);
    const { startTime, endTime, fallenBack, status, output, error } = given;
    const lost = { code: 'step.failed', message: `Step "${path}" failed.` };
    instance.given = true;
    settle(this, path, status === 'success' ? { status, output } : { status, error: error ?? lost }, true);
    if (fallenBack) Object.assign(instance, { fallenBack, ...(error && { error }) });
    Object.assign(instance, { startTime, endTime });
  }

  /** Closes a frame in which everything has ended, or everything that may still end while it is being stopped. */
  closeIfDone(path: string): void {
    const frame = this.state.frames[path];
    if (!frame) return;
    if (frame.open === 0 || (frame.stopping && frame.active === 0)) this.#closeFrame(path);
  }

  #closeFrame(path: string): void {
    const { stopping } = this.frame(path);
    const last = this.program.list(path).steps.at(-1);
    const output = (last && this.state.steps[stepPath(path, last.id)]?.output) ?? null;
    delete this.state.frames[path];
    const container = containerOf(path);
    if (!container) {
      this.#ending.frameClosed(path, stopping, output);
      return;
    }
    this.program.forget(path);
    const instance = this.instance(container.step);
    instance.frames = instance.frames?.filter((key) => key !== container.key) ?? [];
    const { then } = instance;
    if (then) {
      if (instance.frames.length === 0) {
        delete instance.then;
        this.end(container.step, then);
      }
      return;
    }
    const result = { outcome: stopping?.outcome ?? ('success' as const), output, error: stopping?.error };
    this.attempt(container.step, () => {
      const run = new StepRun(this, container.step);
      stepType(run.step.type).frameClosed?.(run, container.key, result);
    });
  }

  #metered<T>(compute: (limits: { fuel: { left: number }; deferredNames: string[] }) => T): T {
    const fuel = { left: FUEL_PER_EXPRESSION };
    try {
      return compute({ fuel, deferredNames: ['secrets'] });
    } finally {
      this.#fuel -= FUEL_PER_EXPRESSION - fuel.left;
    }
  }

  #take(): Command[] {
    const commands = this.#commands;
    this.#commands = [];
    this.#fuel = FUEL_PER_STRETCH;
    this.#stepsLeft = STEPS_PER_STRETCH;
    return commands;
  }
}

const tooManySteps = (path: string): StepError => ({
  code: 'limit.steps',
  message: `The execution has started ${MAX_STEPS} steps, the most one may; it stopped at "${path}".`,
  fix: 'Split the work into several workflows, or bound its loops.',
  step: path,
});

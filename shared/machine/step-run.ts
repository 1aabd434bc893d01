import type { Step } from '../definition/workflow.ts';
import type { Json, JsonObject } from '../json.ts';
import { actionOfStep, stepType } from '../steps/index.ts';
import type { Machine } from './machine.ts';
import { takeOut } from './mailbox.ts';
import { frameOf, framePath, stepPath } from './paths.ts';
import type { StepError } from './protocol.ts';
import { requestAction } from './requests.ts';
import type { Instance } from './state.ts';

/** What a step type may do with one of its steps: compute, act, wait, open frames, and end it. */
export class StepRun {
  readonly path: string;
  readonly step: Step;
  readonly #machine: Machine;

  constructor(machine: Machine, path: string) {
    this.#machine = machine;
    this.path = path;
    this.step = machine.program.step(path);
  }

  get #instance(): Instance {
    return this.#machine.instance(this.path);
  }

  /** Time of the event being handled, in milliseconds since the epoch. */
  get now(): number {
    return this.#machine.state.now;
  }

  /** What the step remembers between events. */
  get memo(): JsonObject {
    this.#instance.memo ??= {};
    return this.#instance.memo;
  }

  set memo(memo: JsonObject) {
    this.#instance.memo = memo;
  }

  /** How many of its frames are open. */
  get openFrames(): number {
    return this.#instance.frames?.length ?? 0;
  }

  /** Evaluates an expression where the step stands, or within another frame. */
  evaluate(expression: string, place: { locals?: JsonObject; within?: string } = {}): Json | undefined {
    return this.#machine.evaluate(expression, place.within ?? frameOf(this.path), place.locals);
  }

  /** Fills in the templates of a value where the step stands. */
  render(value: Json): Json {
    return this.#machine.render(value, frameOf(this.path));
  }

  /** Asks for the step's action; its end is the step's end. */
  runAction(): void {
    const { path, step } = this;
    const action = actionOfStep(step);
    if (action) requestAction(this.#machine, { path, name: step.name, action, step });
  }

  /** Waits; `timerFired` of the type is called at the end. */
  wait(milliseconds: number): void {
    this.#instance.status = 'waiting';
    this.#machine.timers.start(this.path, milliseconds);
  }

  /** Asks a person; `decided` of the type is called with the answer. */
  waitForPerson(asked: JsonObject): void {
    Object.assign(this.#instance, { status: 'waiting', asked });
  }

  /** What a person was asked. */
  get asked(): JsonObject {
    return this.#instance.asked ?? {};
  }

  /** Waits for a message; `messageArrived` of the type is called with it, at once where it came before. */
  waitForMessage(name: string): void {
    Object.assign(this.#instance, { status: 'waiting', awaits: name });
    const message = takeOut(this.#machine, name);
    if (message) stepType(this.step.type).messageArrived?.(this, name, message.data);
  }

  /** A step inside one of its frames, open or closed. */
  inside(key: string, id: string): Instance | undefined {
    return this.#machine.state.steps[stepPath(framePath(this.path, key), id)];
  }

  /** Opens a frame that walks the nested list of this key. */
  openFrame(key: string, locals?: JsonObject): void {
    this.#instance.frames = [...(this.#instance.frames ?? []), key];
    this.#machine.openFrame(framePath(this.path, key), locals);
  }

  /** Ends the step as succeeded, once the frames still open have been stopped. */
  succeed(output: Json): void {
    this.#machine.end(this.path, { status: 'success', output });
  }

  /** Ends the step as failed, once the frames still open have been stopped. */
  fail(error: StepError): void {
    this.#machine.end(this.path, { status: 'failure', error });
  }
}

import type { Workflow } from '../definition/workflow.ts';
import type { Json } from '../json.ts';
import { applyBatch } from '../machine/batch.ts';
import { failureEvent } from '../machine/failure.ts';
import { Machine } from '../machine/machine.ts';
import type { Command, Event, Facts, Outcome, RunCommand, RunInput, StepError } from '../machine/protocol.ts';
import type { Instance, State } from '../machine/state.ts';
import { Queue } from './queue.ts';

/** How one attempt of an action ends in a simulation, after so many milliseconds of virtual time. */
export type SimulatedEnd = { after?: number } & (
  | { output: Json }
  | { error: StepError; retryable?: boolean; retryAfter?: number }
  | { cutOff: true }
);

export interface Simulation {
  workflow: Workflow;
  facts?: Facts;
  input: RunInput;
  /** The world: what each attempt of each action does. */
  act(command: RunCommand, attempt: number): SimulatedEnd;
  /** What people do, and when, in milliseconds after the start. */
  people?: { after: number; event: PersonEvent }[];
  /** What is answered to a step as soon as it waits for a person or an event; nothing without it. */
  answer?(path: string, waiting: Instance): PersonEvent | undefined;
  /** Called with the state after every event; a state returned takes its place. */
  between?(state: State): State | undefined;
  /** Virtual milliseconds after which the simulation gives up; ten years by default. */
  horizon?: number;
}

export type PersonEvent =
  | { type: 'pause' | 'resume' | 'cancel' }
  | { type: 'message'; name: string; data: Json }
  | { type: 'retry_step' | 'skip_step'; path: string }
  | { type: 'complete_step' | 'decide_step'; path: string; output: Json };

export interface SimulationResult {
  outcome: Outcome;
  output: Json;
  error: StepError | null;
  state: State;
  /** Every action attempt, in order. */
  ran: { path: string; action: string; attempt: number; parameters: Json }[];
}

/** Attempts of one step, cut-off ones included, before a simulation takes it for lost. */
const MOST_ATTEMPTS = 50;

const TEN_YEARS = 3_650 * 86_400_000;

/** Carries a machine's commands out against a simulated world on a virtual clock, with Temporal's retries. */
class World {
  readonly #simulation: Simulation;
  readonly #queue = new Queue<Event>();
  readonly #answered = new Set<string>();
  readonly ran: SimulationResult['ran'] = [];
  finish: Extract<Command, { type: 'finish' }> | undefined;
  now: number;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.now = simulation.input.at;
    for (const { after, event } of simulation.people ?? []) this.#at(this.now + after, event as Event, '');
  }

  /** The next event; `undefined` where nothing will ever happen again. */
  next(): Event | undefined {
    const next = this.#queue.take();
    if (!next || next.at > this.#simulation.input.at + (this.#simulation.horizon ?? TEN_YEARS))
      return undefined;
    this.now = next.at;
    return next.item;
  }

  carryOut(commands: Command[]): void {
    for (const command of commands) {
      if (command.type === 'run_action') this.#attempt(command, 1, 0, this.now);
      else if (command.type === 'start_timer') this.#timer(command.id, command.milliseconds);
      else if (command.type === 'cancel_timer') this.#queue.drop(`timer ${command.id}`);
      else if (command.type === 'cancel_action') this.#cancel(command.path);
      else this.finish = command;
    }
  }

  /** Answers what has begun to wait, each once. */
  answer({ steps }: State): void {
    for (const [path, instance] of Object.entries(steps)) {
      const { status, asked, awaits } = instance;
      const isWaiting = status === 'waiting' && (asked !== undefined || awaits !== undefined);
      if (!isWaiting || this.#answered.has(path)) continue;
      this.#answered.add(path);
      const event = this.#simulation.answer?.(path, instance);
      if (event) this.#at(this.now + 1, event as Event, '');
    }
  }

  #timer(id: string, milliseconds: number): void {
    const at = this.now + Math.max(1, milliseconds);
    this.#at(at, { type: 'timer', id, at }, `timer ${id}`);
  }

  #cancel(path: string): void {
    this.#queue.drop(`action ${path}`);
    this.#at(this.now, { type: 'cancelled', path, at: this.now }, `action ${path}`);
  }

  #attempt(command: RunCommand, attempt: number, tries: number, from: number): void {
    const { path, action, parameters, retry } = command;
    this.ran.push({ path, action, attempt, parameters });
    const end = this.#simulation.act(command, attempt);
    const at = from + Math.min(end.after ?? 1, command.timeout);
    const key = `action ${path}`;
    const done = (event: Event): void => this.#at(at, event, key);
    if ('output' in end) {
      done({ type: 'completed', path, output: end.output, at });
      return;
    }
    const wait = Math.min(
      retry.initialInterval * retry.backoffCoefficient ** (attempt - 1),
      retry.maximumInterval,
    );
    if ('cutOff' in end) {
      const isRetried = this.#simulation.facts?.[action]?.idempotent && attempt < MOST_ATTEMPTS;
      if (isRetried) this.#attempt(command, attempt + 1, tries, at + wait);
      else done(failureEvent(path, at, { kind: 'timeout', timeout: 'HEARTBEAT' }));
      return;
    }
    const isLast = tries + 1 >= retry.maximumAttempts || retry.nonRetryableErrors.includes(end.error.code);
    if (end.retryable && !isLast)
      this.#attempt(command, attempt + 1, tries + 1, at + (end.retryAfter ?? wait));
    else done({ type: 'failed', path, error: end.error, at });
  }

  #at(at: number, event: Event, key: string): void {
    this.#queue.add(at, { ...event, at }, key);
  }
}

/**
 * Runs a workflow in a simulated world, in virtual time. The machine is the one real runs use, so what it does
 * here it does there. A run that would wait for ever (for a person who never comes) ends with outcome `timeout`.
 */
export function simulate(simulation: Simulation): SimulationResult {
  const { workflow, facts = {}, input } = simulation;
  const world = new World(simulation);
  let { machine, commands } = Machine.start(workflow, facts, input);
  for (;;) {
    world.carryOut(commands);
    const replaced = simulation.between?.(machine.state);
    if (replaced) machine = Machine.resume(workflow, facts, replaced);
    if (world.finish) break;
    if (simulation.answer) world.answer(machine.state);
    const event = world.next();
    if (!event) break;
    commands = applyBatch(machine, { at: event.at, events: [event], historyLength: 0 });
  }
  const { outcome, output, error } = world.finish ?? {
    outcome: 'timeout' as const,
    output: null,
    error: null,
  };
  return { outcome, output, error, state: machine.state, ran: world.ran };
}

import type { Json, JsonObject } from '../json.ts';
import { applyBatch } from '../machine/batch.ts';
import { type ActivityEnd, failureEvent } from '../machine/failure.ts';
import { Machine } from '../machine/machine.ts';
import type { Event } from '../machine/protocol.ts';
import { BREATH } from '../machine/timers.ts';
import { type Run, updateEvent } from './protocol.ts';
import type { Recorded } from './recorded.ts';
import { triggerEvent } from './trigger.ts';

/** What the history knows of one action besides its outcome. Times are milliseconds since the epoch. */
export interface ActionRecord {
  action: string;
  input: JsonObject;
  scheduledAt: number;
  startedAt?: number;
  endedAt?: number;
  /** Attempts made; known once the action has ended. */
  attempt?: number;
}

type Scheduled = Extract<Recorded, { type: 'activity_scheduled' }>;

/** Activities that move or load what is too large for a history; the machine knows nothing of them. */
const isStorage = ({ action, path }: Scheduled): boolean => action.startsWith('runner.') && path !== BREATH;

/**
 * Rebuilds a run from its history by feeding the machine what the live run was fed, in the same batches: at
 * each completed workflow task, first the updates it accepted, then what was recorded before it. Works on any
 * prefix of a history, which is time travel.
 */
export class Projection {
  /** `undefined` until the run's first workflow task has completed. */
  machine: Machine | undefined;
  readonly actions = new Map<string, ActionRecord>();
  readonly #run: Run;
  readonly #executionId: string;
  readonly #scheduled = new Map<number, Scheduled>();
  readonly #timers = new Map<number, string>();
  readonly #taskStarts = new Map<number, number>();
  #startedAt = 0;
  #scheduledTime: number | undefined;
  #loadsLeft = 0;
  #pending: Event[] = [];

  constructor(executionId: string, run: Run) {
    this.#executionId = executionId;
    this.#run = run;
  }

  /** Goes through a history, or the part of one that has come since, up to its last completed workflow task. */
  apply(events: readonly Recorded[]): void {
    for (const [position, event] of events.entries()) {
      if (event.type !== 'task_completed') this.#record(event);
      else this.#task(event.started, updatesAfter(events, position));
    }
  }

  #record(event: Recorded): void {
    switch (event.type) {
      case 'started':
        this.#startedAt = event.at;
        this.#scheduledTime = event.scheduledTime;
        this.#loadsLeft = 'stored' in event.input ? event.input.stored.length : 0;
        break;
      case 'task_started':
        this.#taskStarts.set(event.id, event.at);
        break;
      case 'timer_started':
        this.#timers.set(event.id, event.timer);
        break;
      case 'timer_fired':
        this.#pending.push({ type: 'timer', id: this.#timers.get(event.started) ?? '', at: event.at });
        break;
      case 'cancel_requested':
        this.#pending.push({ type: 'cancel', at: event.at });
        break;
      case 'activity_scheduled':
        this.#schedule(event);
        break;
      case 'activity_started':
        this.#start(event);
        break;
      case 'activity_completed':
        this.#end(event.scheduled, event.at, { output: event.output });
        break;
      case 'activity_ended':
        this.#end(event.scheduled, event.at, event.end);
        break;
    }
  }

  #schedule(event: Scheduled): void {
    this.#scheduled.set(event.id, event);
    if (isStorage(event) || event.path === BREATH) return;
    this.actions.set(event.path, { action: event.action, input: event.parameters, scheduledAt: event.at });
  }

  #start(event: Extract<Recorded, { type: 'activity_started' }>): void {
    const record = this.actions.get(this.#scheduled.get(event.scheduled)?.path ?? '');
    if (record) Object.assign(record, { startedAt: event.at, attempt: event.attempt });
  }

  #end(id: number, at: number, end: { output: Json } | ActivityEnd): void {
    const scheduled = this.#scheduled.get(id);
    if (!scheduled) return;
    const { path } = scheduled;
    const record = this.actions.get(path);
    if (record) record.endedAt = at;
    if (isStorage(scheduled)) this.#loadsLeft--;
    else if (path === BREATH) this.#pending.push({ type: 'timer', id: BREATH, at });
    else
      this.#pending.push(
        'output' in end ? { type: 'completed', path, output: end.output, at } : failureEvent(path, at, end),
      );
  }

  #task(started: number, updates: Event[]): void {
    const at = this.#taskStarts.get(started) ?? 0;
    const events = [...updates, ...this.#pending].map((event) => ({ ...event, at }));
    if (!this.machine && this.#loadsLeft > 0) {
      this.#pending = [...updates, ...this.#pending];
      return;
    }
    this.#pending = [];
    if (!this.machine) this.machine = this.#begin(at, events);
    if (events.length === 0) return;
    const limit = this.#run.historyLimit;
    applyBatch(this.machine, { at, events, historyLength: started, ...(limit && { limit }) });
  }

  /** The machine as the run's first effective task had it; a continued run is told that it goes on. */
  #begin(at: number, events: Event[]): Machine {
    const { workflow, facts, state, trigger, variables, workflowVersion, given } = this.#run;
    if (state) {
      events.push({ type: 'restored', at });
      return Machine.resume(workflow, facts, state);
    }
    const event = triggerEvent(trigger, this.#startedAt, this.#scheduledTime);
    const input = {
      executionId: this.#executionId,
      at,
      trigger: event,
      variables,
      workflowVersion,
      ...(given && { given }),
    };
    return Machine.start(workflow, facts, input).machine;
  }
}

/** The updates that a completed workflow task accepted: they are recorded after it, before the next. */
function updatesAfter(events: readonly Recorded[], position: number): Event[] {
  const updates: Event[] = [];
  for (const event of events.slice(position + 1)) {
    if (event.type === 'task_started' || event.type === 'task_completed') break;
    if (event.type !== 'update') continue;
    updates.push(updateEvent(event.name, event.request, event.at));
  }
  return updates;
}

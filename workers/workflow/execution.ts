import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  isCancellation,
  scheduleActivity,
  setCurrentDetails,
  sleep,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { BREATHE_ACTIVITY, type ExecutionInput, pack, type Run, unpack } from '#shared/execution/protocol.ts';
import { triggerEvent } from '#shared/execution/trigger.ts';
import type { Json } from '#shared/json.ts';
import { applyBatch, isDrained } from '#shared/machine/batch.ts';
import { Machine } from '#shared/machine/machine.ts';
import type { Command, Event } from '#shared/machine/protocol.ts';
import type { State } from '#shared/machine/state.ts';
import { BREATH } from '#shared/machine/timers.ts';
import { runAction } from './activity.ts';
import { describe } from './details.ts';
import { Messages } from './messages.ts';
import { load, storage, store } from './storage.ts';

type Finish = Extract<Command, { type: 'finish' }>;

const BEGUN = Promise.resolve();

/** One run's driver: carries the machine's commands out and brings it what happened. */
class Driver {
  readonly #inbox: Event[] = [];
  readonly #actions = new Map<string, CancellationScope>();
  readonly #timers = new Map<string, CancellationScope>();
  /** Scopes in which nothing runs any more. */
  readonly #idle: CancellationScope[] = [];
  finish: Finish | undefined;

  take(event: Event): void {
    this.#inbox.push(event);
  }

  /** Resolves once something has happened. */
  happening(): Promise<void> {
    return condition(() => this.#inbox.length > 0);
  }

  /** All that has happened since the last time. */
  events(): Event[] {
    return this.#inbox.splice(0);
  }

  carryOut(commands: Command[]): void {
    for (const command of commands) {
      if (command.type === 'run_action') this.#start(this.#actions, command.path, () => runAction(command));
      else if (command.type === 'start_timer')
        this.#start(this.#timers, command.id, () => this.#wait(command.id, command.milliseconds));
      else if (command.type === 'cancel_action') this.#actions.get(command.path)?.cancel();
      else if (command.type === 'cancel_timer') this.#timers.get(command.id)?.cancel();
      else this.finish = command;
    }
  }

  /** A timer, or for a breath an activity that does nothing: a timer would take a second. */
  #wait(id: string, milliseconds: number): Promise<Event> {
    const options = { ...storage, activityId: BREATH, summary: BREATH };
    const wait =
      id === BREATH
        ? scheduleActivity(BREATHE_ACTIVITY, [], options)
        : sleep(Math.max(1, milliseconds), { summary: id });
    return wait.then(() => ({ type: 'timer', id, at: Date.now() }));
  }

  /**
   * Begins something that can be cancelled by itself. A scope that was not cancelled serves again: making one
   * costs the isolate more than the machine's whole step. An error that is none of the user's fails the workflow
   * task, not the run.
   */
  #start(scopes: Map<string, CancellationScope>, key: string, work: () => Promise<Event>): void {
    const scope = this.#idle.pop() ?? new CancellationScope();
    scopes.set(key, scope);
    const ended = (): void => {
      if (scopes.get(key) === scope) scopes.delete(key);
      if (!scope.consideredCancelled) this.#idle.push(scope);
    };
    void scope.run(() => {
      work().then(
        (event) => {
          ended();
          this.take(event);
        },
        (error) => {
          ended();
          if (!isCancellation(error)) throw error;
        },
      );
      return BEGUN;
    });
  }
}

function begin(run: Run): { machine: Machine; commands: Command[] } {
  const { startTime, searchAttributes, workflowId } = workflowInfo();
  const scheduled = searchAttributes.TemporalScheduledStartTime?.[0];
  const scheduledTime = scheduled instanceof Date ? scheduled.getTime() : undefined;
  return Machine.start(run.workflow, run.facts, {
    executionId: workflowId,
    at: Date.now(),
    trigger: triggerEvent(run.trigger, startTime.getTime(), scheduledTime),
    variables: run.variables,
    workflowVersion: run.workflowVersion,
    ...(run.given && { given: run.given }),
  });
}

async function goOn(run: Run, state: State): Promise<never> {
  const { given, ...rest } = run;
  return continueAsNew<typeof execution>(await pack({ ...rest, state }, store));
}

/** Largest output, in characters of JSON, that Temporal is given to show; the whole is in the execution view. */
const SHOWN_OUTPUT = 256 * 1024;
const LARGE_OUTPUT = 'The output is too large to be shown here; see it in the execution view.';

function close({ outcome, output, error }: Finish): Json {
  if (outcome === 'success') return JSON.stringify(output).length <= SHOWN_OUTPUT ? output : LARGE_OUTPUT;
  if (outcome === 'cancelled') throw new CancelledFailure('The execution was cancelled.');
  if (outcome === 'timeout') upsertSearchAttributes({ AcasStatus: ['timeout'] });
  throw ApplicationFailure.create({
    message: error?.message ?? 'The execution failed.',
    type: error?.code ?? 'execution.failed',
    nonRetryable: true,
    details: [error],
  });
}

async function drive(input: ExecutionInput, driver: Driver, messages: Messages): Promise<Json> {
  const run = await unpack(input, load);
  const fresh = run.state ? undefined : begin(run);
  const machine = fresh?.machine ?? Machine.resume(run.workflow, run.facts, run.state as State);
  messages.machine = machine;
  if (!fresh) driver.take({ type: 'restored', at: Date.now() });
  driver.carryOut(fresh?.commands ?? []);
  while (!driver.finish) {
    messages.report();
    setCurrentDetails(describe(machine));
    await driver.happening();
    const events = driver.events();
    const { historyLength } = workflowInfo();
    const limit = run.historyLimit;
    driver.carryOut(applyBatch(machine, { at: Date.now(), events, historyLength, ...(limit && { limit }) }));
    if (isDrained(machine)) return goOn(run, machine.state);
  }
  setCurrentDetails(describe(machine));
  return close(driver.finish);
}

/** The Temporal workflow that walks a definition: a thin driver of the machine. */
export async function execution(input: ExecutionInput): Promise<Json> {
  const driver = new Driver();
  const messages = new Messages((event) => driver.take(event));
  CancellationScope.current().cancelRequested.catch(() => driver.take({ type: 'cancel', at: Date.now() }));
  return CancellationScope.nonCancellable(() => drive(input, driver, messages));
}

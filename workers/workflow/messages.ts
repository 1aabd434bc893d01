import {
  ApplicationFailure,
  defineQuery,
  defineUpdate,
  patched,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { UPDATES, type UpdateName, type UpdateRequest, updateEvent } from '#shared/execution/protocol.ts';
import type { Machine } from '#shared/machine/machine.ts';
import { hasRoomFor, MOST_UNREAD, takesMessages } from '#shared/machine/mailbox.ts';
import type { Event } from '#shared/machine/protocol.ts';
import { canDecide, canRescue, waitsForPerson } from '#shared/machine/rescue.ts';
import type { State } from '#shared/machine/state.ts';
import { type ExecutionStatus, executionStatus } from '#shared/machine/status.ts';
import type { Driver } from './driver.ts';

const refuse = (code: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: code, message, nonRetryable: true });

/** Whether lists tell a status from `running`. Executions of the first release did not say that they wait. */
const isTold = (status: ExecutionStatus): boolean =>
  status === 'paused' || status === 'pausing' || (status === 'waiting' && patched('told-waiting'));

/** What lists find an execution by: its status, and whom it waits for, whatever else of it runs meanwhile. */
function shownOf(machine: Machine) {
  const status = executionStatus(machine.state);
  return {
    AcasStatus: isTold(status) ? status : 'running',
    AcasWaitsFor: waitsForPerson(machine) && patched('told-waits-for') ? 'person' : undefined,
  };
}

type Shown = ReturnType<typeof shownOf>;

function shownBefore(): Shown {
  const { AcasStatus, AcasWaitsFor } = workflowInfo().searchAttributes;
  return {
    AcasStatus: (AcasStatus?.[0] ?? 'running') as ExecutionStatus,
    AcasWaitsFor: AcasWaitsFor?.[0] as Shown['AcasWaitsFor'],
  };
}

function refuseMessage(machine: Machine, name: string): void {
  if (!takesMessages(machine))
    throw refuse('message.not_awaited', 'No step of this execution waits for an event.');
  if (!hasRoomFor(name, machine))
    throw refuse('message.too_many', `${MOST_UNREAD} events lie unread in the execution already.`);
}

/** What people may ask of a running execution: refused at once where it makes no sense, else handed to the machine. */
export class Messages {
  #machine: Machine | undefined;
  /** Delivered before there was a driver to take them. */
  #early: Event[] = [];
  #driver: Pick<Driver, 'take'> = { take: (event) => void this.#early.push(event) };
  #shown = shownBefore();

  constructor() {
    setHandler(defineQuery<State | null>('state'), () => this.#machine?.state ?? null);
    for (const name of UPDATES) {
      setHandler(
        defineUpdate<void, [UpdateRequest]>(name),
        (request) => this.deliver(updateEvent(name, request, Date.now())),
        { validator: (request) => this.#validate(name, request) },
      );
    }
  }

  /** From now on messages are judged by this machine's state and taken by its driver. */
  connect(machine: Machine, driver: Pick<Driver, 'take'>): void {
    this.#machine = machine;
    this.#driver = driver;
    for (const event of this.#early.splice(0)) driver.take(event);
  }

  /** Hands an event to the driver, with all the others that its workflow task brings. */
  deliver(event: Event): void {
    // Not at once: the driver would take its turn between this message and the task's other events.
    void Promise.resolve().then(() => this.#driver.take(event));
  }

  /** Shows in the search attributes, by which lists go, that the execution is paused or waits; the rest costs no event. */
  report(): void {
    if (!this.#machine) return;
    const before = this.#shown;
    const shown = shownOf(this.#machine);
    const changed = (Object.keys(shown) as (keyof Shown)[]).filter((name) => shown[name] !== before[name]);
    if (changed.length === 0) return;
    this.#shown = shown;
    // None stands for an attribute that is taken away.
    upsertSearchAttributes(
      Object.fromEntries(changed.map((name) => [name, shown[name] === undefined ? [] : [shown[name]]])),
    );
  }

  #validate(name: UpdateName, { path = '', name: message = '' }: UpdateRequest): void {
    const machine = this.#machine;
    if (!machine)
      throw refuse('execution.starting', 'The execution is only just starting; ask again in a moment.');
    if (machine.state.phase === 'closed') throw refuse('execution.closed', 'The execution has ended.');
    if (name === 'pause' && machine.state.paused)
      throw refuse('execution.paused', 'The execution is paused already.');
    if (name === 'resume' && !machine.state.paused)
      throw refuse('execution.not_paused', 'The execution is not paused.');
    if (name === 'decide_step') {
      if (!canDecide(machine, path))
        throw refuse('step.not_waiting', `No step at "${path}" waits for a decision.`);
    } else if (name === 'message') refuseMessage(machine, message);
    else if (name !== 'pause' && name !== 'resume' && !canRescue(machine, path))
      throw refuse('step.not_parked', `No step is parked at "${path}".`);
  }
}

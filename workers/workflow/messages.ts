import {
  ApplicationFailure,
  defineQuery,
  defineUpdate,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { UPDATES, type UpdateName, type UpdateRequest } from '#shared/execution/protocol.ts';
import type { Machine } from '#shared/machine/machine.ts';
import type { Event } from '#shared/machine/protocol.ts';
import { canRescue } from '#shared/machine/rescue.ts';
import type { State } from '#shared/machine/state.ts';
import { type ExecutionStatus, executionStatus } from '#shared/machine/status.ts';

const refuse = (code: string, message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: code, message, nonRetryable: true });

/** What people may ask of a running execution: refused at once where it makes no sense, else handed to the machine. */
export class Messages {
  machine: Machine | undefined;
  #reported: ExecutionStatus = 'running';

  constructor(deliver: (event: Event) => void) {
    setHandler(defineQuery<State | null>('state'), () => this.machine?.state ?? null);
    for (const name of UPDATES) {
      setHandler(
        defineUpdate<void, [UpdateRequest]>(name),
        ({ path = '', output = null }) => deliver({ type: name, path, output, at: Date.now() } as Event),
        { validator: ({ path = '' }) => this.#validate(name, path) },
      );
    }
  }

  /** Shows a pause in the search attributes; other changes cost no event of history. */
  report(): void {
    if (!this.machine) return;
    const status = executionStatus(this.machine.state);
    const isPause = status === 'paused' || status === 'pausing';
    const shown = isPause ? status : 'running';
    if (shown === this.#reported) return;
    this.#reported = shown;
    upsertSearchAttributes({ AcasStatus: [shown] });
  }

  #validate(name: UpdateName, path: string): void {
    const { machine } = this;
    if (!machine)
      throw refuse('execution.starting', 'The execution is only just starting; ask again in a moment.');
    if (machine.state.phase === 'closed') throw refuse('execution.closed', 'The execution has ended.');
    if (name === 'pause' && machine.state.paused)
      throw refuse('execution.paused', 'The execution is paused already.');
    if (name === 'resume' && !machine.state.paused)
      throw refuse('execution.not_paused', 'The execution is not paused.');
    if (name !== 'pause' && name !== 'resume' && !canRescue(machine, path))
      throw refuse('step.not_parked', `No step is parked at "${path}".`);
  }
}

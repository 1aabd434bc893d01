import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  continueAsNew,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { type ExecutionInput, pack, type Run, unpack } from '#shared/execution/protocol.ts';
import { triggerEvent } from '#shared/execution/trigger.ts';
import type { Json } from '#shared/json.ts';
import { Machine } from '#shared/machine/machine.ts';
import type { Command } from '#shared/machine/protocol.ts';
import type { State } from '#shared/machine/state.ts';
import { Driver, type Finish } from './driver.ts';
import { Messages } from './messages.ts';
import { load, store } from './storage.ts';

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

async function drive(input: ExecutionInput, messages: Messages): Promise<Json> {
  const run = await unpack(input, load);
  const fresh = run.state ? undefined : begin(run);
  const machine = fresh?.machine ?? Machine.resume(run.workflow, run.facts, run.state as State);
  const driver = new Driver(machine, run.historyLimit);
  messages.connect(machine, driver);
  if (!fresh) driver.take({ type: 'restored', at: Date.now() });
  driver.carryOut(fresh?.commands ?? []);
  messages.report();
  // The SDK asks the condition after it has delivered all that a workflow task brought, which is what a batch is.
  // To be woken for each turn would cost the isolate more than the turn.
  await condition(() => {
    if (driver.hasNews) {
      driver.turn();
      messages.report();
    }
    return driver.isDone;
  });
  return driver.finish ? close(driver.finish) : goOn(run, machine.state);
}

/** The Temporal workflow that walks a definition: a thin driver of the machine. */
export async function execution(input: ExecutionInput): Promise<Json> {
  const messages = new Messages();
  CancellationScope.current().cancelRequested.catch(() =>
    messages.deliver({ type: 'cancel', at: Date.now() }),
  );
  return CancellationScope.nonCancellable(() => drive(input, messages));
}

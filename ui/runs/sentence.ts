import type { ExecutionView, StepView } from '#shared/contract/execution.ts';
import { isObject, type JsonObject } from '#shared/json.ts';

const named = (steps: readonly StepView[]): string => {
  const names = steps.map(({ name }) => `"${name}"`);
  return names.length > 2
    ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
    : names.join(' and ');
};

const OPEN = ['running', 'retrying', 'waiting', 'parked'];

/** Name of the event that a step waits for; empty where it waits for none. */
export const awaitedEvent = ({ type, input }: StepView): string =>
  type === 'wait_for_event' && isObject(input) ? String(input.event) : '';

/** Whether a waiting step waits for a person, rather than for an event or for its time to pass. */
export const asksPerson = ({ type }: StepView): boolean => type !== 'delay' && type !== 'wait_for_event';

/** How an execution stands, as a sentence. */
export function sentenceOf({ status, steps, error, engineProblem, note }: ExecutionView): string {
  if (engineProblem !== undefined) return `The engine is stuck on it: ${engineProblem}`;
  const inFlight = steps.filter((step) => OPEN.includes(step.status));
  const only = (wanted: string): StepView[] => inFlight.filter((step) => step.status === wanted);
  if (status === 'pausing') return `Pausing: ${inFlight.length} in flight, ${named(inFlight)}`;
  if (status === 'paused') return 'Paused: no further step starts until it is resumed';
  if (only('parked').length > 0) return `Parked for a person at ${named(only('parked'))}`;
  const asking = only('waiting').filter(asksPerson);
  if (asking.length > 0) return `Waiting for a person at ${named(asking)}`;
  if (only('retrying').length > 0) return `Trying ${named(only('retrying'))} again`;
  if (only('waiting').length > 0 && only('waiting').length === inFlight.length) {
    const events = inFlight.map(awaitedEvent).filter((event) => event !== '');
    if (events.length === 0) return `Waiting until the time is up at ${named(inFlight)}`;
    return `Waiting for ${events.length === 1 ? `the event "${events[0]}"` : `${events.length} events`}`;
  }
  if (status === 'running') return inFlight.length > 0 ? `Running ${named(inFlight)}` : 'Running';
  if (error) return error.message;
  return (
    note ??
    { success: 'Every step that had to run has run', queued: 'Waiting for a worker', cancelled: 'Cancelled' }[
      status as 'success'
    ] ??
    ''
  );
}

/** Where Temporal's own pages show the execution; undefined where that is not known. */
export function temporalLink(health: JsonObject, { temporal }: ExecutionView): string | undefined {
  const { web, namespace } = health;
  if (typeof web !== 'string' || !/^https?:\/\//.test(web) || !temporal) return undefined;
  const parts = [
    'namespaces',
    String(namespace ?? 'default'),
    'workflows',
    temporal.workflowId,
    temporal.runId,
  ];
  return `${web}/${parts.map(encodeURIComponent).join('/')}/history`;
}

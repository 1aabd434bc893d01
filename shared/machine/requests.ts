import type { RetryPolicy, Step } from '../definition/workflow.ts';
import { isObject, type JsonObject } from '../json.ts';
import { actionOfStep } from '../steps/index.ts';
import { contextIn, wantsContext } from './context.ts';
import type { Machine } from './machine.ts';
import { frameOf, isUndo, undoneBy } from './paths.ts';
import type { ActionFacts } from './protocol.ts';

type Action = NonNullable<Step['action']>;

/** What an action gets that neither the step, the workflow's settings nor the catalogue say otherwise. */
const DEFAULT_ACTION: ActionFacts = { timeout: 60_000, retry: {}, idempotent: false };

const DEFAULT_RETRY: RetryPolicy = {
  maximumAttempts: 3,
  initialInterval: 1_000,
  backoffCoefficient: 2,
  maximumInterval: 60_000,
  nonRetryableErrors: [],
};

/** What is asked of the driver on behalf of a step: its own action, or its undo with the locals it ran with. */
export interface ActionRequest {
  path: string;
  name: string;
  action: Action;
  step: Step;
  locals?: JsonObject;
}

/** Asks the driver for an action. Throws where its parameters cannot be filled in; nothing is asked for then. */
export function requestAction(machine: Machine, { path, name, action, step, locals }: ActionRequest): void {
  const facts = machine.facts[action.type] ?? DEFAULT_ACTION;
  const { retry: settings } = machine.program.workflow.settings;
  const frame = frameOf(isUndo(path) ? undoneBy(path) : path);
  const given = action.given === undefined ? {} : machine.render(action.given, frame, locals);
  const parameters: JsonObject = {
    ...(isObject(given) && given),
    ...(machine.render(action.parameters, frame, locals) as JsonObject),
  };
  if (wantsContext(facts, parameters)) parameters.context = contextIn(machine, frame);
  machine.instance(path).acting = true;
  machine.state.inFlight++;
  machine.send({
    type: 'run_action',
    path,
    name,
    action: action.type,
    parameters,
    timeout: step.timeout ?? facts.timeout,
    retry: { ...DEFAULT_RETRY, ...facts.retry, ...settings, ...step.retryPolicy },
  });
}

/** Whether the action in flight at a path may be run twice without harm. */
export function isIdempotent(machine: Machine, path: string): boolean {
  const step = machine.program.find(isUndo(path) ? undoneBy(path) : path);
  const action = isUndo(path) ? step?.errorHandling.undo?.action : step && actionOfStep(step);
  return Boolean(action && machine.facts[action.type]?.idempotent);
}

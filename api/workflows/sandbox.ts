import type { z } from 'zod';
import type { CatalogAction } from '#shared/catalog/catalog.ts';
import { factsOf } from '#shared/catalog/facts.ts';
import type { StepView } from '#shared/contract/execution.ts';
import type { testRequest } from '#shared/contract/workflow.ts';
import { fillVariables } from '#shared/definition/variables.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import type { ActionRecord } from '#shared/execution/projection.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { Machine } from '#shared/machine/machine.ts';
import { idOf } from '#shared/machine/paths.ts';
import type { RunCommand } from '#shared/machine/protocol.ts';
import { executionStatus } from '#shared/machine/status.ts';
import { type SimulatedEnd, type Simulation, simulate } from '#shared/simulator/simulate.ts';
import { TURN } from '#shared/steps/ai-flow/lists.ts';
import { isDecision } from '#shared/steps/approval.ts';
import { triggerTypes } from '#shared/triggers/index.ts';
import type { Deps } from '../deps.ts';
import { stepRows } from '../executions/steps.ts';
import { Invalid } from '../http/problems.ts';
import { runnable, workflowOf } from './definitions.ts';
import { previewsOf } from './previews.ts';
import { writtenSource } from './view.ts';

type TestRequest = z.output<typeof testRequest>;

/** A value of the shape a JSON Schema describes, for actions that show no example of their output. */
function sampleOf(schema: JsonObject): Json {
  const properties = schema.properties as Record<string, JsonObject> | undefined;
  if (properties)
    return Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, sampleOf(inner)]));
  const samples: Record<string, Json> = {
    string: '',
    number: 0,
    integer: 0,
    boolean: false,
    array: [],
    object: {},
  };
  return samples[String(schema.type)] ?? null;
}

/** The output of the action's first example; what that leaves out, after the schema. */
function sampleOutput(action: CatalogAction | undefined): Json {
  const sample = action ? sampleOf(action.output as JsonObject) : null;
  const example = action?.examples.find(({ output }) => output !== undefined)?.output ?? sample;
  return isObject(sample) && isObject(example) ? { ...sample, ...example } : example;
}

/** What the model of an agent says where nothing is pinned: that it is done. */
const FINAL_TURN: Json = {
  text: '',
  toolCalls: [],
  tokens: { input: 0, output: 0 },
  cost: 0,
  model: '',
  stopReason: 'end',
  conversation: '',
};

/** What was given for the step at a path, or else for every one of its id. */
const givenAt = <T>(given: Readonly<Record<string, T>>, path: string): T | undefined =>
  given[path] ?? given[idOf(path)];

function world(
  catalog: Deps['catalog'],
  { outputs = {}, failures = {} }: TestRequest,
): (command: RunCommand) => SimulatedEnd {
  return ({ path, action }) => {
    const message = givenAt(failures, path);
    if (message !== undefined) return { error: { code: 'sandbox.failure', message, step: path } };
    const pinned = givenAt(outputs, path);
    if (pinned === undefined && action === TURN) return { output: FINAL_TURN };
    return { output: pinned ?? sampleOutput(catalog.actions.find(({ type }) => type === action)) };
  };
}

/** What is answered to a step that waits: its pinned output, else yes, or an event that tells nothing. */
function answers({ outputs = {}, failures = {} }: TestRequest): NonNullable<Simulation['answer']> {
  return (path, { awaits }) => {
    const pinned = givenAt(outputs, path);
    const reason = givenAt(failures, path);
    if (awaits !== undefined) {
      const data = (isObject(pinned) ? pinned.data : pinned) ?? {};
      return reason === undefined ? { type: 'message', name: awaits, data } : undefined;
    }
    const decision = pinned !== undefined && isDecision(pinned) ? pinned : { approved: true };
    return {
      type: 'decide_step',
      path,
      output: reason === undefined ? decision : { approved: false, reason },
    };
  };
}

/** What a plugin shows as the fields of its event, and which it is. */
function sampleEvent({ plugins }: Deps, { pluginId, trigger }: JsonObject): JsonObject {
  const plugin = plugins.known()?.find(({ id }) => id === pluginId);
  const { sample } = plugin?.triggers.find(({ type }) => type === trigger) ?? {};
  return { ...(sample as JsonObject | undefined), pluginId: pluginId ?? null, event: trigger ?? null };
}

function sampleTrigger(deps: Deps, workflow: Workflow): JsonObject {
  const [trigger] = workflow.triggers;
  const general = triggerTypes.find(({ type }) => type === trigger?.type)?.sample ?? {};
  const sample = trigger?.type === 'plugin' ? sampleEvent(deps, trigger.config) : general;
  return {
    id: trigger?.id ?? 'manual',
    type: trigger?.type ?? 'manual',
    time: new Date(0).toISOString(),
    ...sample,
  };
}

type Ran = { path: string; action: string; parameters: Json }[];

/** The rows of a dry run, each action's with what it would do. */
async function steps(deps: Deps, machine: Machine, ran: Ran): Promise<StepView[]> {
  const record = ({ action, parameters }: (typeof ran)[number]): ActionRecord => ({
    action,
    input: parameters as JsonObject,
    scheduledAt: 0,
  });
  const actions = new Map(ran.map((each) => [each.path, record(each)]));
  const asked = [...actions].map(([path, { action, input }]) => ({ path, action, parameters: input }));
  const previews = await previewsOf(
    deps,
    asked.map(({ action, parameters }) => ({ action, parameters })),
  );
  const said = new Map(asked.map(({ path }, position) => [path, previews[position] ?? undefined]));
  return stepRows({ machine, actions, pending: new Map() }).map((row) => {
    const preview = said.get(row.path);
    return preview === undefined ? row : { ...row, preview };
  });
}

/**
 * Tries a workflow in the sandbox: the machine of real runs on a virtual clock, with given or sample outputs in
 * place of actions. What waits for a person or an event is answered. Nothing is touched and no time passes.
 */
export async function testWorkflow(deps: Deps, id: string, request: TestRequest) {
  const record = await workflowOf(deps, id);
  const definition =
    request.definition ?? record.draft?.definition ?? (await writtenSource(deps, record)).definition;
  const workflow = runnable(id, await deps.reader.checkPublished(definition));
  const { values, problems } = fillVariables(workflow.variables, request.variables ?? {});
  if (problems.length > 0)
    throw new Invalid('variables.invalid', problems.map(({ message }) => message).join(' '), problems);
  const at = Date.now();
  const trigger = { ...sampleTrigger(deps, workflow), ...request.trigger };
  const input = {
    executionId: `${id}-sandbox`,
    at,
    trigger,
    variables: values,
    workflowVersion: record.publishedVersion ?? 0,
  };
  const facts = factsOf(deps.catalog);
  const { state, output, error, ran } = simulate({
    workflow,
    facts,
    input,
    act: world(deps.catalog, request),
    answer: answers(request),
  });
  const machine = Machine.resume(workflow, facts, state);
  return {
    status: executionStatus(state),
    output,
    error,
    duration: state.now - at,
    steps: await steps(deps, machine, ran),
  };
}

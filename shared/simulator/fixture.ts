import { loadData } from '../definition/load.ts';
import type { Workflow } from '../definition/workflow.ts';
import type { Json, JsonObject } from '../json.ts';
import type { StepStatus } from '../machine/state.ts';
import { SCRIPTED_FACTS, SCRIPTED_READ, SCRIPTED_WRITE, type Script, scripted } from './scripted.ts';
import { type Simulation, type SimulationResult, simulate } from './simulate.ts';

/** When simulated runs of tests begin. */
export const START = Date.parse('2027-01-31T09:00:00Z');

type Source = JsonObject;

/** An action step that does what its script says. */
export const act = (id: string, script: Script = {}, rest: Source = {}): Source => ({
  id,
  type: 'action',
  action: { type: SCRIPTED_WRITE, parameters: script as JsonObject },
  ...rest,
});

/** The same with an action that may be run twice. */
export const read = (id: string, script: Script = {}, rest: Source = {}): Source => ({
  ...act(id, script, rest),
  action: { type: SCRIPTED_READ, parameters: script as JsonObject },
});

export const set = (id: string, values: Source = {}, rest: Source = {}): Source => ({
  id,
  type: 'set',
  config: { values },
  ...rest,
});

export const ask = (id: string, expression: string, rest: Source = {}): Source => ({
  id,
  type: 'condition',
  config: { expression },
  ...rest,
});

export const loop = (id: string, config: Source, rest: Source = {}): Source => ({
  id,
  type: 'loop',
  config,
  ...rest,
});

export const fan = (
  id: string,
  branches: Record<string, Source[]>,
  config: Source = {},
  rest: Source = {},
): Source => ({
  id,
  type: 'parallel',
  config: { branches: Object.entries(branches).map(([branch, steps]) => ({ id: branch, steps })), ...config },
  ...rest,
});

/** Edges: `to('a', 'failure:b', 'expression:c:output > 1')`. */
export const to = (...edges: string[]): { connections: Source } => ({
  connections: {
    outputs: edges.map((edge): Source => {
      const [first = '', target, ...expression] = edge.split(':');
      if (target === undefined) return { targetStepId: first };
      const condition: Source = { type: first };
      if (expression.length > 0) condition.expression = expression.join(':');
      return { targetStepId: target, condition };
    }),
  },
});

/** A step with an undo that is scripted too. */
export const undoable = (script: Script = {}, rest: Source = {}): Source => ({
  errorHandling: { undo: { action: { type: SCRIPTED_WRITE, parameters: script as JsonObject } }, ...rest },
});

/** The normal form of a list of steps and whatever else stands in a definition. Throws on any problem. */
export function workflowOf(steps: Source[], rest: Source = {}): Workflow {
  const { workflow, problems } = loadData({ name: 'Test', steps, ...rest });
  if (!workflow || problems.length > 0) throw new Error(JSON.stringify(problems, null, 1));
  return workflow;
}

export interface Played extends SimulationResult {
  /** Final status of every step that was reached. */
  statuses: Record<string, StepStatus>;
  /** Paths of the actions that ran, in order of their first attempts. */
  order: string[];
  /** Milliseconds after the start at which a step started and ended. */
  span(path: string): [number, number];
  output: Json;
}

type Options = Partial<Simulation> & { rest?: Source };

/** Runs a workflow against its own script. */
export function playWorkflow(workflow: Workflow, { rest, ...simulation }: Options = {}): Played {
  const result = simulate({
    workflow,
    facts: SCRIPTED_FACTS,
    act: scripted,
    ...simulation,
    input: {
      executionId: 'run',
      at: START,
      trigger: {},
      variables: {},
      workflowVersion: 1,
      ...simulation.input,
    },
  });
  const { steps } = result.state;
  return {
    ...result,
    statuses: Object.fromEntries(Object.entries(steps).map(([path, { status }]) => [path, status])),
    order: result.ran.filter(({ attempt }) => attempt === 1).map(({ path }) => path),
    span: (path) => [
      (steps[path]?.startTime ?? Number.NaN) - START,
      (steps[path]?.endTime ?? Number.NaN) - START,
    ],
  };
}

/** Runs a list of steps against their own scripts. */
export const play = (steps: Source[], options: Options = {}): Played =>
  playWorkflow(workflowOf(steps, options.rest), options);

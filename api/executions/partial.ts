import { precedence } from '#shared/definition/graph.ts';
import { expressionTexts } from '#shared/definition/texts.ts';
import { allSteps, type ListPlace } from '#shared/definition/walk.ts';
import type { Connection, Step, Workflow } from '#shared/definition/workflow.ts';
import { AppError } from '#shared/errors.ts';
import { condition, references } from '#shared/expression/index.ts';
import { referencesOf } from '#shared/expression/references.ts';
import type { JsonObject } from '#shared/json.ts';
import { FINALLY, framePath, ROOT, stepPath } from '#shared/machine/paths.ts';
import type { GivenResult } from '#shared/machine/protocol.ts';
import { findStepType } from '#shared/steps/index.ts';
import { didYouMean } from '#shared/suggest.ts';

/** Which part of a workflow is to run, and the outputs that stand in for steps. */
export interface Part {
  until?: string | undefined;
  only?: string | undefined;
  outputs?: JsonObject | undefined;
}

/** A workflow reduced to the part that runs, with the results taken over instead of running their steps. */
export interface Reduced {
  workflow: Workflow;
  given: Record<string, GivenResult>;
}

type Place = { step: Step; list: ListPlace };

const placesOf = (workflow: Workflow): Map<string, Place> =>
  new Map([...allSteps(workflow)].map(({ step, list }) => [step.id, { step, list }]));

function placeOf(places: ReadonlyMap<string, Place>, id: string): Place {
  const place = places.get(id);
  if (place) return place;
  throw new AppError('execution.unknown_step', `The workflow has no step "${id}".`, {
    fix: didYouMean(id, places.keys()) ?? `It has ${[...places.keys()].slice(0, 20).join(', ')}.`,
  });
}

const innerStep = (message: string, fix: string): AppError =>
  new AppError('execution.inner_step', message, { fix });

/** The step around a step that stands in no other; itself where there is none. */
function outermost({ step, list }: Place): Step {
  const { within } = list;
  return within ? outermost(within) : step;
}

/** Key of the frame in which a container runs one of its lists; none for a loop, which runs it many times. */
function frameKey(container: Step, steps: readonly Step[]): string | undefined {
  let found: string | undefined;
  if (container.type === 'loop') return undefined;
  findStepType(container.type)?.nested?.map(container.config, (list, key) => {
    if (list === steps) found = key;
    return list;
  });
  return found;
}

/** The one path at which a step runs. Throws `execution.inner_step` for a step in a loop, which has many. */
function pathOf({ step, list }: Place): string {
  const { within } = list;
  if (!within) return stepPath(list.isFinally ? FINALLY : ROOT, step.id);
  const key = frameKey(within.step, list.steps);
  if (key === undefined)
    throw innerStep(
      `Step "${step.id}" runs many times inside "${within.step.id}", so one output cannot stand in for it.`,
      `Give an output for "${within.step.id}" instead.`,
    );
  return stepPath(framePath(pathOf(within), key), step.id);
}

/** A kept step's edges to kept steps. What else an `otherwise` depends on stays, and leads nowhere. */
function edgesWithin({ outputs }: Step['connections'], kept: ReadonlySet<string>): Connection[] {
  const isKept = ({ targetStepId }: Connection): boolean => kept.has(targetStepId);
  const decides = outputs.some((edge) => edge.condition.type === 'otherwise' && isKept(edge));
  return outputs.filter((edge) => isKept(edge) || (decides && edge.condition.type === 'expression'));
}

/** A workflow of some of its own steps only; nothing else of it runs. */
function keeping({ output: _, ...workflow }: Workflow, steps: Step[]): Workflow {
  const kept = new Set(steps.map(({ id }) => id));
  const cut = (step: Step): Step => ({
    ...step,
    connections: {
      inputs: step.connections.inputs.filter((id) => kept.has(id)),
      outputs: edgesWithin(step.connections, kept),
    },
  });
  return { ...workflow, triggers: [], steps: steps.map(cut), finally: [] };
}

function upTo(workflow: Workflow, places: ReadonlyMap<string, Place>, id: string): Workflow {
  const place = placeOf(places, id);
  if (place.list.isFinally)
    throw innerStep(
      `Step "${id}" stands in the finally list, which comes after everything.`,
      'Run all of it.',
    );
  const target = outermost(place);
  const kept = new Set([target.id, ...precedence(workflow.steps).before(target.id)]);
  return keeping(
    workflow,
    workflow.steps.filter((step) => kept.has(step.id)),
  );
}

/** Ids of the steps that the expressions of a step, and of those inside it, read. */
function readBy(workflow: Workflow, step: Step): Set<string> {
  const isInside = ({ step: own, list }: { step?: Step; list?: ListPlace }): boolean =>
    own === step || (list?.within !== undefined && isInside(list.within));
  const texts = [...expressionTexts(workflow)].filter(isInside);
  const read = texts.flatMap(({ text, isBare }) =>
    isBare ? referencesOf(condition(text).node) : references(text),
  );
  return new Set(read.flatMap(({ path: [root, id] }) => (root === 'steps' && id !== undefined ? [id] : [])));
}

function alone(workflow: Workflow, places: ReadonlyMap<string, Place>, part: Part, id: string): Workflow {
  const { step: found, list } = placeOf(places, id);
  if (list.within || list.isFinally) {
    const around = list.within ? `inside "${list.within.step.id}"` : 'in the finally list';
    throw innerStep(
      `Step "${id}" stands ${around}, so it cannot be run alone.`,
      list.within ? `Run "${outermost({ step: found, list }).id}", or up to it.` : 'Run all of the workflow.',
    );
  }
  const before = new Set(precedence(workflow.steps).before(id));
  const { undo: _, ...errorHandling } = found.errorHandling;
  const connections = { inputs: [], outputs: [] };
  const step: Step = { ...found, disabled: false, errorHandling, connections };
  const read = readBy({ ...workflow, steps: [step], finally: [] }, step);
  const missing = [...read].filter((other) => before.has(other) && !Object.hasOwn(part.outputs ?? {}, other));
  if (missing.length > 0) throw missingOutputs(id, missing);
  const given = workflow.steps.filter(
    (other) => before.has(other.id) && Object.hasOwn(part.outputs ?? {}, other.id),
  );
  return keeping(workflow, [...given.map((other) => ({ ...other, connections })), step]);
}

function missingOutputs(id: string, missing: string[]): AppError {
  const names = missing.map((name) => `"${name}"`).join(', ');
  const example = missing.map((name) => `"${name}": …`).join(', ');
  return new AppError(
    'execution.missing_outputs',
    `Step "${id}" reads what ${names} returned, which is not given.`,
    {
      fix: `Send "outputs": { ${example} }, or run up to the step with "until".`,
      details: { steps: missing },
    },
  );
}

/**
 * Steps whose output is given are passed over by whoever runs the workflow again without it, and leave nothing
 * to undo.
 */
function passedOver(steps: readonly Step[], ids: ReadonlySet<string>): Step[] {
  return steps.map((step) => {
    const nested = findStepType(step.type)?.nested;
    const config = nested ? nested.map(step.config, (inner) => passedOver(inner, ids)) : step.config;
    if (!ids.has(step.id)) return { ...step, config };
    const { undo: _, ...errorHandling } = step.errorHandling;
    return { ...step, config, disabled: true, errorHandling };
  });
}

/**
 * The part of a workflow that was asked for, with the given outputs in place of their steps. `at` is the time they
 * are said to be from, in milliseconds. Throws `execution.unknown_step`, `execution.inner_step`,
 * `execution.missing_outputs`.
 */
export function reduced(whole: Workflow, part: Part, at: number): Reduced {
  const outputs = Object.entries(part.outputs ?? {});
  const all = placesOf(whole);
  const paths = outputs.map(([id, output]) => ({ id, output, path: pathOf(placeOf(all, id)) }));
  const pinned = new Set(paths.map(({ id }) => id));
  if (part.only !== undefined && pinned.has(part.only)) pinned.delete(part.only);
  const workflow =
    part.until !== undefined
      ? upTo(whole, all, part.until)
      : part.only !== undefined
        ? alone(whole, all, part, part.only)
        : whole;
  const left = placesOf(workflow);
  const given = paths
    .filter(({ id }) => left.has(id) && pinned.has(id))
    .map(({ path, output }): [string, GivenResult] => [
      path,
      { status: 'success', output, startTime: at, endTime: at },
    ]);
  return {
    workflow: {
      ...workflow,
      steps: passedOver(workflow.steps, pinned),
      finally: passedOver(workflow.finally, pinned),
    },
    given: Object.fromEntries(given),
  };
}

/** What the trigger of an execution says of the part it ran. */
export const partOf = ({ until, only }: Part): JsonObject => ({
  ...(until !== undefined && { runUntil: until }),
  ...(only !== undefined && { runOnly: only }),
});

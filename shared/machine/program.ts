import type { Step, Workflow } from '../definition/workflow.ts';
import { AppError } from '../errors.ts';
import { stepType } from '../steps/index.ts';
import { containerOf, FINALLY, frameOf, idOf, ROOT } from './paths.ts';

/** One list of steps, indexed for walking. */
export interface StepList {
  steps: readonly Step[];
  byId: ReadonlyMap<string, Step>;
  /** Incoming edges by step id. */
  incoming: ReadonlyMap<string, number>;
}

function indexList(steps: readonly Step[]): StepList {
  const incoming = new Map<string, number>();
  for (const step of steps)
    for (const edge of step.connections.outputs)
      incoming.set(edge.targetStepId, (incoming.get(edge.targetStepId) ?? 0) + 1);
  return { steps, byId: new Map(steps.map((step) => [step.id, step])), incoming };
}

/** A definition made ready for walking: lists and steps found by path, each list indexed once. */
export class Program {
  readonly workflow: Workflow;
  readonly #lists = new Map<string, StepList>();
  readonly #indexed = new Map<readonly Step[], StepList>();

  constructor(workflow: Workflow) {
    this.workflow = workflow;
  }

  /** The list that the frame at this path walks. */
  list(frame: string): StepList {
    const known = this.#lists.get(frame);
    if (known) return known;
    const list = this.#index(this.#stepsOf(frame));
    this.#lists.set(frame, list);
    return list;
  }

  /** The step at this path; `undefined` where the definition has none. */
  find(path: string): Step | undefined {
    try {
      return this.list(frameOf(path)).byId.get(idOf(path));
    } catch (error) {
      if (AppError.is(error)) return undefined;
      throw error;
    }
  }

  /** The step at this path. Throws `step.unknown` where the definition has none. */
  step(path: string): Step {
    const step = this.find(path);
    if (step) return step;
    throw new AppError('step.unknown', `There is no step at "${path}" in this workflow.`, {
      fix: 'Take the path from the execution view.',
    });
  }

  /** Forgets a closed frame, so that a loop of a million iterations holds no million entries. */
  forget(frame: string): void {
    this.#lists.delete(frame);
  }

  #stepsOf(frame: string): readonly Step[] {
    if (frame === ROOT) return this.workflow.steps;
    if (frame === FINALLY) return this.workflow.finally;
    const container = containerOf(frame);
    const step = container && this.step(container.step);
    const steps = step && stepType(step.type).nested?.list(step.config, container.key);
    if (steps) return steps;
    throw new AppError('step.unknown', `There is no list of steps at "${frame}" in this workflow.`);
  }

  #index(steps: readonly Step[]): StepList {
    const known = this.#indexed.get(steps);
    if (known) return known;
    const list = indexList(steps);
    this.#indexed.set(steps, list);
    return list;
  }
}

import { findStepType } from '../steps/index.ts';
import type { Path } from './problem.ts';
import type { Step, Workflow } from './workflow.ts';

/** One list of steps and where it stands. */
export interface ListPlace {
  steps: readonly Step[];
  path: Path;
  /** The container step that holds the list, and the list that one stands in. */
  within?: { step: Step; list: ListPlace };
  /** Names that expressions in here see besides the run's own. */
  locals: readonly string[];
  isFinally: boolean;
}

/** The lists nested in a step, with the path from the step to each. */
export function nestedLists(step: Step): { steps: Step[]; path: Path; key: string }[] {
  const lists: { steps: Step[]; path: Path; key: string }[] = [];
  const nested = findStepType(step.type)?.nested;
  nested?.map(step.config, (steps, key) => {
    const position = lists.length;
    const path = ['config', ...(nested.path?.(position) ?? ['steps'])];
    lists.push({ steps, path, key });
    return steps;
  });
  return lists;
}

function* inside(list: ListPlace): Generator<ListPlace> {
  yield list;
  for (const [position, step] of list.steps.entries()) {
    const locals = findStepType(step.type)?.nested?.locals?.(step.config) ?? [];
    for (const { steps, path } of nestedLists(step)) {
      yield* inside({
        steps,
        path: [...list.path, position, ...path],
        within: { step, list },
        locals: [...list.locals, ...locals],
        isFinally: list.isFinally,
      });
    }
  }
}

/** Every list of steps of a workflow, outermost first. */
export function* lists({ steps, finally: last }: Workflow): Generator<ListPlace> {
  yield* inside({ steps, path: ['steps'], locals: [], isFinally: false });
  yield* inside({ steps: last, path: ['finally'], locals: [], isFinally: true });
}

/** Every step of a workflow with its place. */
export function* allSteps(workflow: Workflow): Generator<{ step: Step; path: Path; list: ListPlace }> {
  for (const list of lists(workflow))
    for (const [position, step] of list.steps.entries()) yield { step, path: [...list.path, position], list };
}

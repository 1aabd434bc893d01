import type { Connection, Step } from '../definition/workflow.ts';
import { condition as parseCondition } from '../expression/index.ts';
import { referencesOf } from '../expression/references.ts';
import type { Json, JsonObject } from '../json.ts';
import { findStepType } from '../steps/index.ts';
import type { Instance } from './state.ts';

/** How a step's end looks to its edges. */
interface End {
  /** Success edges are followed. */
  positive: boolean;
  /** Failure edges are followed. */
  negative: boolean;
}

const isPassed = ({ status }: Instance): boolean => status === 'success' || status === 'skipped';

const passedOf = (step: Step, instance: Instance): boolean =>
  isPassed(instance) || step.errorHandling.strategy === 'continue';

function endOf(step: Step, instance: Instance): End {
  const verdict = findStepType(step.type)?.verdict;
  if (instance.status === 'success' && verdict) {
    const yes = verdict(instance.output ?? null);
    return { positive: yes, negative: !yes };
  }
  return { positive: passedOf(step, instance), negative: !isPassed(instance) && !verdict };
}

/** An expression edge is followed after a failure only where it asks about the failure. */
function asksAboutFailure(expression: string): boolean {
  return referencesOf(parseCondition(expression).node).some(
    ({ path }) => path[0] === 'error' || path[0] === 'status',
  );
}

/**
 * Which of a finished step's edges are taken, as positions in its outputs. `otherwise` is taken when no
 * expression edge of a step that did not fail is. Throws where an expression cannot be evaluated.
 */
export function followedEdges(
  step: Step,
  instance: Instance,
  evaluate: (expression: string, extra: JsonObject) => Json | undefined,
): number[] {
  const { positive, negative } = endOf(step, instance);
  const passed = passedOf(step, instance);
  const extra: JsonObject = {
    output: instance.output ?? null,
    error: (instance.error as unknown as JsonObject) ?? null,
    status: instance.status,
  };
  const holds = ({ condition }: Connection): boolean => {
    const expression = condition.expression ?? '';
    return (passed || asksAboutFailure(expression)) && Boolean(evaluate(expression, extra));
  };
  const outputs = step.connections.outputs;
  const matched = new Set(outputs.filter((edge) => edge.condition.type === 'expression' && holds(edge)));
  const otherwise = passed && matched.size === 0;
  const taken: Record<Connection['condition']['type'], (edge: Connection) => boolean> = {
    success: () => positive,
    failure: () => negative,
    always: () => true,
    otherwise: () => otherwise,
    expression: (edge) => matched.has(edge),
  };
  return outputs.flatMap((edge, position) => (taken[edge.condition.type](edge) ? [position] : []));
}

/** Whether a failed step's end is dealt with: by its strategy, or by an edge that was taken. */
export function isHandled(step: Step, instance: Instance): boolean {
  if (instance.status !== 'failure' && instance.status !== 'unknown') return true;
  return step.errorHandling.strategy === 'continue' || (instance.followed?.length ?? 0) > 0;
}

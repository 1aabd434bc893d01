import type { Step } from '../definition/workflow.ts';
import { AppError } from '../errors.ts';
import type { StepType } from '../machine/step-type.ts';
import { didYouMean } from '../suggest.ts';
import { action } from './action.ts';
import { aiFlow } from './ai-flow/ai-flow.ts';
import { approval } from './approval.ts';
import { condition } from './condition.ts';
import { delay } from './delay.ts';
import { loop } from './loop.ts';
import { parallel } from './parallel.ts';
import { set } from './set.ts';
import { waitForEvent } from './wait-for-event.ts';
import { workflow } from './workflow.ts';

/** Every step type, in the order in which the palette shows them. */
export const stepTypes: readonly StepType[] = [
  action,
  condition,
  loop,
  parallel,
  set,
  delay,
  approval,
  waitForEvent,
  workflow,
  aiFlow,
];

const byType = new Map(stepTypes.map((type) => [type.type, type]));

/** The step type of this name; `undefined` where there is none. */
export const findStepType = (type: string): StepType | undefined => byType.get(type);

/** The step type of this name. Throws `step.unknown_type`. */
export function stepType(type: string): StepType {
  const found = byType.get(type);
  if (found) return found;
  throw new AppError('step.unknown_type', `There is no step type "${type}".`, {
    fix: didYouMean(type, byType.keys()) ?? `Use one of ${[...byType.keys()].join(', ')}.`,
  });
}

/** The action that a step runs: its own, or the one that its type stands for; `undefined` where it runs none. */
export const actionOfStep = ({ type, action, config }: Step): Step['action'] =>
  action ?? findStepType(type)?.action?.(config);

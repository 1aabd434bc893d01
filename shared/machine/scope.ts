import type { Scope } from '../expression/index.ts';
import type { Json, JsonObject } from '../json.ts';
import { containerOf, FINALLY, frameOf, ROOT, stepPath } from './paths.ts';
import type { Program } from './program.ts';
import type { Instance, State } from './state.ts';

const iso = (milliseconds: number | undefined): Json =>
  milliseconds === undefined ? null : new Date(milliseconds).toISOString();

/** A step as expressions see it. */
function stepView(instance: Instance | undefined): JsonObject {
  return {
    status: instance?.status ?? 'pending',
    output: instance?.output ?? null,
    error: (instance?.error as unknown as JsonObject) ?? null,
    startTime: iso(instance?.startTime),
    endTime: iso(instance?.endTime),
  };
}

/** The frames visible from a frame, itself first: what is inside a loop sees what is around it. */
export function frameChain(frame: string): string[] {
  const chain = [frame];
  for (let inner = containerOf(frame); inner; inner = containerOf(frameOf(inner.step)))
    chain.push(frameOf(inner.step));
  if (chain.at(-1) === FINALLY) chain.push(ROOT);
  return chain;
}

function stepsScope(program: Program, state: State, frames: string[]): Scope {
  return {
    get(id) {
      const frame = frames.find((candidate) => program.list(candidate).byId.has(id));
      return frame === undefined ? undefined : stepView(state.steps[stepPath(frame, id)]);
    },
    names: () => frames.flatMap((frame) => [...program.list(frame).byId.keys()]),
  };
}

/** What the run itself offers to expressions, wherever they stand. */
function runScope(program: Program, state: State): JsonObject {
  const { id, name } = program.workflow;
  return {
    trigger: state.trigger,
    variables: state.variables,
    workflow: { id, name, version: state.workflowVersion },
    execution: {
      id: state.executionId,
      startTime: iso(state.startTime),
      status: state.ending?.outcome ?? 'running',
      error: (state.ending?.error as unknown as JsonObject) ?? null,
    },
  };
}

/** The locals of the loops that a frame is in, those of the innermost winning. */
export function localsIn(state: State, frame: string): JsonObject {
  return Object.assign(
    {},
    ...frameChain(frame)
      .toReversed()
      .map((outer) => state.frames[outer]?.locals ?? {}),
  ) as JsonObject;
}

/**
 * What an expression standing in a frame can name: trigger, variables, workflow, execution, the steps of this
 * frame and of those around it, the locals of the loops it is in, and whatever `extra` adds.
 */
export function scopeIn(program: Program, state: State, frame: string, extra: JsonObject = {}): Scope {
  const frames = frameChain(frame);
  const names: JsonObject = { ...runScope(program, state), ...localsIn(state, frame), ...extra };
  const steps = stepsScope(program, state, frames);
  return {
    get: (name) => (name === 'steps' ? steps : Object.hasOwn(names, name) ? names[name] : undefined),
    names: () => ['steps', ...Object.keys(names)],
  };
}

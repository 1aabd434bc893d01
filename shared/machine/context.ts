import { isObject, type Json, type JsonObject } from '../json.ts';
import type { Machine } from './machine.ts';
import { stepPath } from './paths.ts';
import type { ActionFacts } from './protocol.ts';
import { frameChain } from './scope.ts';
import type { Instance, StepStatus } from './state.ts';

/** Characters of JSON that one output, and all of the context, may have. */
const LARGEST_PART = 8_000;
const LARGEST_CONTEXT = 64_000;

const OPEN: ReadonlySet<StepStatus> = new Set(['pending', 'running', 'waiting', 'parked']);

const LEFT_OUT = '[left out: the context is full]';

/** The value with its stored parts as their previews; undefined where it poses as something unfinished. */
function presentable(value: Json): Json | undefined {
  if (Array.isArray(value)) {
    const items = value.map(presentable);
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (!isObject(value)) return value;
  if (Object.hasOwn(value, '$deferred')) return undefined;
  if (Object.hasOwn(value, '$blob')) {
    const { bytes, preview } = value;
    return `${typeof preview === 'string' ? preview : ''}… [cut: ${Number(bytes) || 'many'} bytes in all]`;
  }
  const entries = Object.entries(value).map(([key, item]) => [key, presentable(item)] as const);
  if (entries.some(([, item]) => item === undefined)) return undefined;
  return Object.fromEntries(entries) as JsonObject;
}

/** A value of at most so many characters of JSON; one that is longer becomes the beginning of its text. */
function bounded(value: Json, limit: number): Json {
  const json = JSON.stringify(value);
  if (json.length <= limit) return value;
  const text = typeof value === 'string' ? value : json;
  const cut = (room: number): string =>
    // Half a character at the end is refused by some servers.
    `${text.slice(0, room).replace(/[\uD800-\uDBFF]$/, '')}… [cut: ${text.length} characters in all]`;
  // Quotes and line ends take two characters in JSON, control characters six.
  let room = limit;
  while (room > 0 && JSON.stringify(cut(room)).length > limit) room = Math.floor(room * 0.8);
  return cut(room);
}

/** Takes values into the context until it is full. */
class Budget {
  #left = LARGEST_CONTEXT;

  take(value: Json): Json {
    const shown = presentable(value);
    if (shown === undefined) return '[left out: it has a key with a meaning of its own]';
    const limit = Math.min(LARGEST_PART, this.#left);
    const kept = limit < 200 ? LEFT_OUT : bounded(shown, limit);
    this.#left -= JSON.stringify(kept).length;
    return kept;
  }
}

/** The steps in reach of a frame that have ended, in the order of the definition. */
function endedSteps(machine: Machine, frame: string): [string, Instance][] {
  const seen = new Map<string, Instance>();
  for (const outer of frameChain(frame).toReversed())
    for (const { id } of machine.program.list(outer).steps) {
      const instance = machine.state.steps[stepPath(outer, id)];
      // What is further in hides what is further out, as it does for expressions.
      seen.delete(id);
      if (instance && !OPEN.has(instance.status)) seen.set(id, instance);
    }
  return [...seen];
}

/** What an action that takes the context of the execution is given: the trigger and what steps have given so far. */
export function contextIn(machine: Machine, frame: string): JsonObject {
  const { id, name } = machine.program.workflow;
  const budget = new Budget();
  const trigger = budget.take(machine.state.trigger);
  const steps = endedSteps(machine, frame);
  const latest = steps.toSorted(([, one], [, other]) => (other.endTime ?? 0) - (one.endTime ?? 0));
  // The latest come first where there is no room for all.
  const outputs = new Map(latest.map(([step, { output }]) => [step, budget.take(output ?? null)]));
  const views = steps.map(([step, { status }]): [string, Json] => [
    step,
    { status, output: outputs.get(step) ?? null },
  ]);
  return { workflow: { id, name }, trigger, steps: Object.fromEntries(views) };
}

/** Whether an action with these parameters is given the context: it takes one, has none yet, and nobody said no. */
export function wantsContext({ context }: ActionFacts, parameters: JsonObject): boolean {
  if (context === undefined || Object.hasOwn(parameters, 'context')) return false;
  return (parameters.includeContext ?? context) !== false;
}

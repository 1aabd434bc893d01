import type { Step } from './workflow.ts';

/** Which steps of a list lead to which others, over any number of edges. */
export interface Precedence {
  /** Whether the one step can have run before the other. */
  isBefore(one: string, other: string): boolean;
  /** Ids of all steps that can have run before this one. */
  before(id: string): string[];
}

/** One bit per pair of steps: ten thousand of them take 12 MB, where sets of ids would take gigabytes. */
export function precedence(steps: readonly Step[]): Precedence {
  const width = Math.ceil(steps.length / 32);
  const position = new Map(steps.map(({ id }, index) => [id, index]));
  const bits = new Uint32Array(width * steps.length);
  const add = (word: number, more: number): void => {
    bits[word] = (bits[word] ?? 0) | more;
  };
  for (const step of inOrder(steps).order) {
    const from = position.get(step.id) ?? 0;
    for (const { targetStepId } of step.connections.outputs) {
      const to = position.get(targetStepId);
      if (to === undefined) continue;
      for (let word = 0; word < width; word++) add(to * width + word, bits[from * width + word] ?? 0);
      add(to * width + (from >> 5), 1 << (from & 31));
    }
  }
  const isSet = (one: number, other: number): boolean =>
    (((bits[other * width + (one >> 5)] ?? 0) >>> (one & 31)) & 1) === 1;
  return {
    isBefore(one, other) {
      const [from, to] = [position.get(one), position.get(other)];
      return from !== undefined && to !== undefined && isSet(from, to);
    },
    before: (id) => steps.filter((_, index) => isSet(index, position.get(id) ?? 0)).map((step) => step.id),
  };
}

/** The steps of a list so that each comes after all that lead to it, and a cycle's ids where that cannot be. */
export function inOrder(steps: readonly Step[]): { order: Step[]; cycle?: string[] } {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const waiting = new Map(steps.map(({ id }) => [id, 0]));
  for (const step of steps)
    for (const { targetStepId } of step.connections.outputs)
      if (waiting.has(targetStepId)) waiting.set(targetStepId, (waiting.get(targetStepId) ?? 0) + 1);
  const order: Step[] = steps.filter(({ id }) => waiting.get(id) === 0);
  for (const step of order)
    for (const { targetStepId } of step.connections.outputs) {
      const left = (waiting.get(targetStepId) ?? 0) - 1;
      waiting.set(targetStepId, left);
      const target = byId.get(targetStepId);
      if (left === 0 && target) order.push(target);
    }
  if (order.length === steps.length) return { order };
  const done = new Set(order);
  return { order, cycle: findCycle(steps.filter((step) => !done.has(step))) };
}

/** One cycle among steps that all lie on or behind cycles, first id repeated at the end. */
function findCycle(steps: readonly Step[]): string[] {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const from = new Map<string, string>();
  for (const step of steps)
    for (const { targetStepId } of step.connections.outputs) from.set(targetStepId, step.id);
  const seen: string[] = [];
  let id = steps[0]?.id;
  while (id !== undefined && !seen.includes(id)) {
    seen.push(id);
    const before: string | undefined = from.get(id);
    id = before !== undefined && byId.has(before) ? before : undefined;
  }
  if (id === undefined) return seen;
  const loop = seen.slice(seen.indexOf(id)).reverse();
  const first = loop.indexOf(steps.find((step) => loop.includes(step.id))?.id ?? id);
  const turned = [...loop.slice(first), ...loop.slice(0, first)];
  return [...turned, turned[0] ?? id];
}

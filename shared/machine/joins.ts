import type { Machine } from './machine.ts';
import { stepPath } from './paths.ts';

/** An incoming edge of a step that is now decided. */
interface Decided {
  id: string;
  isTaken: boolean;
}

/** Decides one incoming edge of a step; a step that can no longer start is skipped, and so are those behind it. */
export function decide(machine: Machine, frame: string, first: Decided): void {
  const { byId, incoming } = machine.program.list(frame);
  const edges = [first];
  for (let edge = edges.pop(); edge; edge = edges.pop()) {
    const step = byId.get(edge.id);
    if (!step) continue;
    const path = stepPath(frame, edge.id);
    const instance = machine.instance(path);
    instance.decided = (instance.decided ?? 0) + 1;
    instance.taken = (instance.taken ?? 0) + (edge.isTaken ? 1 : 0);
    const isComplete = instance.decided === incoming.get(edge.id);
    const isFirst = edge.isTaken && instance.taken === 1;
    if (step.join === 'any' ? isFirst : isComplete && instance.taken > 0) {
      machine.state.ready.push(path);
    } else if (isComplete && instance.taken === 0) {
      Object.assign(instance, { status: 'skipped', followed: [] });
      machine.frame(frame).open--;
      for (const output of step.connections.outputs) edges.push({ id: output.targetStepId, isTaken: false });
    }
  }
}

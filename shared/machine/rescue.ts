import type { Machine } from './machine.ts';
import { frameOf } from './paths.ts';
import type { Event } from './protocol.ts';

type Rescue = Extract<Event, { type: 'retry_step' | 'skip_step' | 'complete_step' }>;

/** Whether a person can act on the step at this path now: it is parked. */
export const canRescue = (machine: Machine, path: string): boolean =>
  machine.state.steps[path]?.status === 'parked';

/** Whether the step at this path waits for a person's decision. */
export const canDecide = (machine: Machine, path: string): boolean => {
  const instance = machine.state.steps[path];
  return instance?.status === 'waiting' && instance.asked !== undefined;
};

/** Whether any step waits for a person: to decide, or to see to it where it is parked. */
export const waitsForPerson = ({ state }: Machine): boolean =>
  state.phase !== 'closed' &&
  Object.values(state.steps).some(
    ({ status, asked }) => status === 'parked' || (status === 'waiting' && asked !== undefined),
  );

/** Applies what a person decided about a parked step; anything else is left as it is. */
export function rescue(machine: Machine, event: Rescue): void {
  if (!canRescue(machine, event.path)) return;
  const instance = machine.instance(event.path);
  if (event.type === 'retry_step') {
    instance.status = 'pending';
    delete instance.error;
    forgetInside(machine, event.path);
    machine.frame(frameOf(event.path)).active--;
    machine.state.ready.push(event.path);
    return;
  }
  instance.status = 'running';
  delete instance.error;
  machine.end(
    event.path,
    event.type === 'skip_step' ? { status: 'skipped' } : { status: 'success', output: event.output },
  );
}

/**
 * A loop or parallel step that runs again starts with steps that have not run. What an undo may still need of
 * them stays.
 */
function forgetInside(machine: Machine, path: string): void {
  const { steps, undo } = machine.state;
  const completed = new Set(undo);
  for (const inner of Object.keys(steps)) {
    if (!inner.startsWith(`${path}[`)) continue;
    const { output = null, locals } = machine.instance(inner);
    if (completed.has(inner)) steps[inner] = { status: 'pending', output, ...(locals && { locals }) };
    else delete steps[inner];
  }
}

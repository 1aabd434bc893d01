import type { StepView } from '#shared/contract/execution.ts';
import { idOf, isUndo } from '#shared/machine/paths.ts';
import { durationText } from '#ui/kit/time.tsx';

/** What a run, a trial or a comparison says of a step, drawn over it. */
export interface StepMark {
  status?: string;
  /** Beside the status: how long, which attempt, how many. */
  more?: string;
  /** From 0 to 1. */
  progress?: number;
  isPinned?: boolean;
  change?: 'added' | 'removed' | 'changed';
}

export interface Overlay {
  steps: ReadonlyMap<string, StepMark>;
  /** Ids of the steps that each step's taken edges lead to; absent: nothing is known of edges. */
  followed?: ReadonlyMap<string, ReadonlySet<string>>;
  /** What edges have become in a comparison, by their ids. */
  edges?: ReadonlyMap<string, NonNullable<StepMark['change']>>;
}

export const NO_OVERLAY: Overlay = { steps: new Map() };

const WEIGHT = [
  'pending',
  'skipped',
  'success',
  'cancelled',
  'unknown',
  'failure',
  'waiting',
  'parked',
  'retrying',
  'running',
];

/** Of several times that a step ran, the state that says most. */
const heavier = (a: string, b: string): string => (WEIGHT.indexOf(b) > WEIGHT.indexOf(a) ? b : a);

function markOf(views: readonly StepView[]): StepMark {
  const [only] = views;
  const status = views.map((view) => view.status as string).reduce(heavier);
  const done = views.filter(({ endTime }) => endTime !== null).length;
  if (views.length > 1) return { status, more: `${done} of ${views.length}` };
  const parts = [
    ...(only && only.attempt > 1 ? [`attempt ${only.attempt}`] : []),
    ...(only?.duration ? [durationText(only.duration)] : []),
    ...(only?.given ? ['taken over'] : []),
    ...(only?.fallenBack ? ['fell back'] : []),
  ];
  return { status, ...(parts.length > 0 && { more: parts.join(', ') }) };
}

/** What the steps of a run say, by the steps of its definition. */
export function overlayOf(views: readonly StepView[]): Overlay {
  const bySteps = new Map<string, StepView[]>();
  const followed = new Map<string, Set<string>>();
  for (const view of views) {
    if (isUndo(view.path)) continue;
    const id = idOf(view.path);
    bySteps.set(id, [...(bySteps.get(id) ?? []), view]);
    if (view.followed) followed.set(id, new Set([...(followed.get(id) ?? []), ...view.followed]));
  }
  return { steps: new Map([...bySteps].map(([id, all]) => [id, markOf(all)])), followed };
}

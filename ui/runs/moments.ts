/** An event of a history, as the api tells it. */
export interface HistoryEvent {
  id: number;
  at: string;
  type: string;
  /** Path. */
  step?: string | undefined;
}

/** A moment that an execution can be looked back to. */
export interface Moment extends HistoryEvent {
  /** The last event before the next moment: by then, what happened has had its effect. */
  upTo: number;
}

/** How the engine takes its turns: nothing that happens to the execution. */
const TURNS: ReadonlySet<string> = new Set(['task_started', 'task_completed']);

/** What happened to an execution, moment by moment. */
export function momentsOf(events: readonly HistoryEvent[]): Moment[] {
  const last = events.at(-1)?.id ?? 0;
  const told = events.filter(({ type }) => !TURNS.has(type));
  return told.map((event, index) => ({ ...event, upTo: (told[index + 1]?.id ?? last + 1) - 1 }));
}

/** Whether what happened is a failure, or the like of one. */
export const isBad = ({ type }: HistoryEvent): boolean => type === 'activity_ended' || type === 'terminated';

const WORDS: Record<string, string> = {
  started: 'started',
  timer_started: 'a wait began',
  timer_fired: 'a wait was over',
  update: 'somebody steered it',
  cancel_requested: 'it was to be cancelled',
  continued: 'went on in a fresh history',
  terminated: 'terminated',
};

const STEP_WORDS: Record<string, string> = {
  activity_scheduled: 'is due',
  activity_started: 'began',
  activity_completed: 'succeeded',
  activity_ended: 'did not succeed',
};

/** What happened, in words: `Read file succeeded`. */
export function momentWords({ type, step = '' }: HistoryEvent, names: ReadonlyMap<string, string>): string {
  const words = STEP_WORDS[type];
  return words === undefined ? (WORDS[type] ?? type) : `${names.get(step) ?? step} ${words}`;
}

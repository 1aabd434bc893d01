import type { Json, JsonObject } from '../json.ts';
import type { GivenResult, Outcome, RunInput, StepError } from './protocol.ts';

export type StepStatus =
  | 'pending'
  | 'running'
  | 'waiting'
  | 'parked'
  | 'success'
  | 'failure'
  | 'skipped'
  | 'cancelled'
  | 'unknown';

/** How a step ended. */
export type StepEnd =
  | { status: 'success'; output: Json }
  | { status: 'failure' | 'unknown'; error: StepError }
  | { status: 'cancelled' | 'skipped' };

/** One step at one path: `review`, `each[3].review`, `fan[left].lint`, `finally.tidy`, `review.undo`. */
export interface Instance {
  status: StepStatus;
  startTime?: number;
  endTime?: number;
  output?: Json;
  error?: StepError;
  /** The error was replaced by the step's fallback value. */
  fallenBack?: true;
  /** Taken over from an earlier run. */
  given?: true;
  /** Asked to stop; its end is still to come. */
  cancelling?: true;
  /** How the step ends once the frames still open inside it have been stopped. */
  then?: StepEnd;
  /** Its action has been asked for and has not answered. */
  acting?: true;
  /** Incoming edges decided so far, and how many of them were taken. */
  decided?: number;
  taken?: number;
  /** Positions in the step's outputs of the edges that were taken. */
  followed?: number[];
  /** Keys of the frames that are open inside a loop or parallel step. */
  frames?: string[];
  /** Names its undo sees besides the run's own, kept from the loops it stood in. */
  locals?: JsonObject;
  /** What a person is asked, or was. */
  asked?: JsonObject;
  /** Name of the message it waits for, or waited for. */
  awaits?: string;
  /** What the step's type remembers. */
  memo?: JsonObject;
}

/** One walk over one list of steps: the root, one iteration, one branch, or the finally list. */
export interface Frame {
  /** Steps not yet settled. */
  open: number;
  /** Steps started and not yet settled. */
  active: number;
  /** Names the steps inside see besides the run's own: `item`, `index`. */
  locals?: JsonObject;
  /** Set when nothing more may start in here. */
  stopping?: { outcome: 'failure' | 'cancelled'; error?: StepError };
}

export interface Timer {
  /** Milliseconds since the epoch. */
  dueAt: number;
  /** Milliseconds left, while the run is paused. */
  remaining?: number;
}

/** What was sent to the run under a name. */
export interface Message {
  name: string;
  data: Json;
}

/** Everything a run remembers: one JSON value, complete after every event. */
export interface State {
  format: 1;
  executionId: string;
  workflowVersion: number;
  phase: 'steps' | 'undo' | 'finally' | 'closed';
  paused: boolean;
  /** Nothing new starts until the run goes on in a fresh history. */
  draining: boolean;
  /** Time of the last event. */
  now: number;
  startTime: number;
  endTime?: number;
  trigger: JsonObject;
  variables: JsonObject;
  steps: Record<string, Instance>;
  frames: Record<string, Frame>;
  /** Paths of the steps to start next, in order. */
  ready: string[];
  timers: Record<string, Timer>;
  /** Actions asked for and not yet answered. */
  inFlight: number;
  /** Steps started so far. */
  started: number;
  /** Paths of completed steps that have an undo, oldest first. */
  undo: string[];
  /** Why the run is ending, once it is. */
  ending?: { outcome: Outcome; output: Json; error: StepError | null };
  given?: Record<string, GivenResult>;
  /** Messages that no step has waited for yet, oldest first. */
  messages?: Message[];
}

/** The state of a run before anything has started. */
export function initialState(input: RunInput): State {
  return {
    format: 1,
    executionId: input.executionId,
    workflowVersion: input.workflowVersion,
    phase: 'steps',
    paused: false,
    draining: false,
    now: input.at,
    startTime: input.at,
    trigger: input.trigger,
    variables: input.variables,
    steps: {},
    frames: {},
    ready: [],
    timers: {},
    inFlight: 0,
    started: 0,
    undo: [],
    ...(input.given && { given: input.given }),
  };
}

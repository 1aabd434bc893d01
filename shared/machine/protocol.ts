import type { RetryPolicy } from '../definition/workflow.ts';
import type { Json, JsonObject } from '../json.ts';

/** What went wrong, where, and what to do about it. */
export interface StepError {
  code: string;
  message: string;
  fix?: string;
  /** Path of the step at fault. */
  step?: string;
  details?: Json;
}

export type Outcome = 'success' | 'failure' | 'cancelled' | 'timeout';

/** What the machine asks its driver to do. A driver answers each `run` and `timer` with an event, unless cancelled. */
export type Command =
  | RunCommand
  | { type: 'cancel_action'; path: string }
  | { type: 'start_timer'; id: string; milliseconds: number }
  | { type: 'cancel_timer'; id: string }
  | { type: 'finish'; outcome: Outcome; output: Json; error: StepError | null };

/** Run one action; retries are the driver's. */
export interface RunCommand {
  type: 'run_action';
  path: string;
  /** The step's name, for people. */
  name: string;
  action: string;
  parameters: JsonObject;
  /** Milliseconds of one attempt. */
  timeout: number;
  retry: RetryPolicy;
}

/** What happened. `at` is milliseconds since the epoch: the machine has no clock of its own. */
export type Event = { at: number } & (
  | { type: 'completed'; path: string; output: Json }
  | { type: 'failed'; path: string; error: StepError; cutOff?: boolean }
  | { type: 'cancelled'; path: string }
  | { type: 'timer'; id: string }
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'cancel' }
  | { type: 'retry_step'; path: string }
  | { type: 'skip_step'; path: string }
  | { type: 'complete_step'; path: string; output: Json }
  | { type: 'decide_step'; path: string; output: Json }
  | { type: 'message'; name: string; data: Json }
  | { type: 'drain' }
  | { type: 'restored' }
);

/** What the machine must know of an action besides the definition. */
export interface ActionFacts {
  /** Milliseconds of one attempt. */
  timeout: number;
  retry: Partial<RetryPolicy>;
  /** Whether running it twice has the effect of running it once. */
  idempotent: boolean;
  /** Only of an action that takes the execution's context: whether it is given it unless its step says. */
  context?: boolean;
}

/** Facts by action type, taken from the catalogue when the run starts. */
export type Facts = Record<string, ActionFacts>;

/** What a run starts with. */
export interface RunInput {
  executionId: string;
  /** Milliseconds since the epoch. */
  at: number;
  trigger: JsonObject;
  variables: JsonObject;
  workflowVersion: number;
  /** Results taken over from an earlier run, by step path. */
  given?: Record<string, GivenResult>;
}

/** The recorded end of a step, taken over instead of running it. */
export interface GivenResult {
  status: 'success' | 'failure' | 'unknown';
  output: Json;
  error?: StepError;
  fallenBack?: boolean;
  startTime: number;
  endTime: number;
}

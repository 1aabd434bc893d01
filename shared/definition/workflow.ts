import type { Json, JsonObject } from '../json.ts';

/** A workflow in normal form: every id present, every edge explicit, every duration in milliseconds. */
export interface Workflow {
  id: string;
  name: string;
  description: string;
  author?: string;
  enabled: boolean;
  tags: string[];
  triggers: Trigger[];
  variables: Variable[];
  settings: Settings;
  steps: Step[];
  /** Steps that run last, whatever the outcome. */
  finally: Step[];
  /** Template of the run's output; without one the output is that of the last step in the list. */
  output?: Json;
}

export interface Trigger {
  id: string;
  type: string;
  config: JsonObject;
  enabled: boolean;
}

export interface Variable {
  name: string;
  type: VariableType;
  default?: Json;
  required: boolean;
  description?: string;
}

export type VariableType = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'any';

export interface Settings {
  /** Longest time the whole run may take, in milliseconds. None by default. */
  timeout?: number;
  /** Retry policy of every action step that has none of its own. */
  retry?: Partial<RetryPolicy>;
  /** What a failure does that no edge and no step's strategy handles. */
  onFailure: 'fail' | 'park';
}

export interface Step {
  id: string;
  name: string;
  type: string;
  /** A disabled step is passed through: skipped, its success edges followed. */
  disabled: boolean;
  action?: {
    type: string;
    parameters: JsonObject;
    /** Template of an object with parameters that are not set here; only in the steps a step type makes itself. */
    given?: string;
  };
  /** What is particular to the step's type. */
  config: JsonObject;
  /** Milliseconds: of one attempt for an action, of the whole step for every other type. */
  timeout?: number;
  retryPolicy?: Partial<RetryPolicy>;
  errorHandling: ErrorHandling;
  join: 'all' | 'any';
  connections: { inputs: string[]; outputs: Connection[] };
  position?: { x: number; y: number };
}

export interface Connection {
  targetStepId: string;
  condition: { type: ConditionType; expression?: string };
  label?: string;
}

export type ConditionType = 'success' | 'failure' | 'expression' | 'otherwise' | 'always';

/** Intervals are milliseconds. */
export interface RetryPolicy {
  /** Attempts in all, the first included. */
  maximumAttempts: number;
  initialInterval: number;
  backoffCoefficient: number;
  maximumInterval: number;
  /** Error codes that end the step at once. */
  nonRetryableErrors: string[];
}

export interface ErrorHandling {
  strategy: 'fail' | 'continue' | 'park' | 'fallback';
  /** Template of the output that stands in for a failed step's, with strategy `fallback`. */
  value?: Json;
  /** Action that takes the completed step back when the run fails, is cancelled or times out. */
  undo?: { action: { type: string; parameters: JsonObject } };
}

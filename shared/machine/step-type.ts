import type { ZodType, z } from 'zod';
import type { Step } from '../definition/workflow.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Tool } from '../steps/ai-flow/tools.ts';
import type { Outcome, StepError } from './protocol.ts';
import type { StepRun } from './step-run.ts';

/**
 * What a step type builds its schema from. zod comes in as an argument, so that a step type stays one file
 * while the workflow isolate, which runs its transitions, holds no zod.
 */
export interface SchemaKit {
  z: typeof z;
  /** Milliseconds, or text such as `30s`, or a template of either. */
  duration: ZodType;
  /** An expression, with or without `{{ }}`. */
  expression: ZodType;
  /** Any JSON value; its strings may hold templates. */
  value: ZodType;
  /** A list of at least one step. */
  steps: ZodType;
}

/** How a nested frame ended. */
export interface FrameResult {
  outcome: Exclude<Outcome, 'timeout'>;
  /** Output of the last step in the list. */
  output: Json;
  error?: StepError;
}

/** The lists of steps a container step holds in its config. */
export interface NestedLists {
  /** The config with each list changed; `key` names the list for people and paths. */
  map(config: JsonObject, change: (steps: Step[], key: string) => Step[]): JsonObject;
  /** Where in the config the list at this position stands; at `steps` unless said otherwise. */
  path?(position: number): (string | number)[];
  /** The list that the frame with this key walks. */
  list(config: JsonObject, frameKey: string): Step[] | undefined;
  /** Names that expressions inside see besides the run's own. */
  locals?(config: JsonObject): string[];
}

/** One type of step: its schema, its words for people, and its transitions. */
export interface StepType {
  type: string;
  title: string;
  description: string;
  /** A lucide icon name. */
  icon: string;
  /** Schema of `config`. */
  config(kit: SchemaKit): ZodType;
  /** Steps as YAML, each shown in the docs and run by the tests. */
  examples: string[];
  /** Config fields that hold a bare expression. */
  expressions?: string[];
  nested?: NestedLists;
  /** The action that a step of this type runs, where none is written in it. */
  action?(config: JsonObject): Step['action'];
  /** The actions that a model may be let loose on. */
  tools?(config: JsonObject): Tool[];
  /** What its success and failure edges read, where not the step's own end: a condition's verdict. */
  verdict?(output: Json): boolean;
  start(run: StepRun): void;
  /** A frame it opened has closed. */
  frameClosed?(run: StepRun, key: string, result: FrameResult): void;
  /** A person has answered what it asked. */
  decided?(run: StepRun, decision: Json): void;
  /** A message that it waits for has come. */
  messageArrived?(run: StepRun, name: string, data: Json): void;
  /** A timer it started has fired. */
  timerFired?(run: StepRun): void;
}

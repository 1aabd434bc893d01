import type { Workflow } from '../definition/workflow.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Event, Facts, GivenResult } from '../machine/protocol.ts';
import type { State } from '../machine/state.ts';

/** The task queue that every worker polls. */
export const TASK_QUEUE = 'acas';

/** Type of the Temporal workflow that walks a definition. */
export const EXECUTION = 'execution';

/** Type of the Temporal workflow that keeps one file watcher alive. */
export const FILE_TRIGGER = 'file_trigger';

/** Type of the Temporal workflow that keeps listening to one trigger of a plugin. */
export const PLUGIN_TRIGGER = 'plugin_trigger';

/** Search attributes that executions carry, with their types. `AcasWaitsFor` is `person` while a step waits for one. */
export const SEARCH_ATTRIBUTES = {
  AcasWorkflow: 'KEYWORD',
  AcasVersion: 'INT',
  AcasStatus: 'KEYWORD',
  AcasTrigger: 'KEYWORD',
  AcasRetryOf: 'KEYWORD',
  AcasWaitsFor: 'KEYWORD',
} as const;

/** A run as it starts or goes on: a complete snapshot, so that later edits never touch it. */
export interface Run {
  workflow: Workflow;
  workflowVersion: number;
  facts: Facts;
  trigger: JsonObject;
  variables: JsonObject;
  retryOf?: string;
  given?: Record<string, GivenResult>;
  /** Where an earlier run of the chain left off. */
  state?: State;
  /** Events of history after which the run goes on in a fresh one; for tests. */
  historyLimit?: number;
}

/** Start input of an execution: the run, or the references of its stored parts where it is too large to travel. */
export type ExecutionInput = Run | Stored;

/** Names of the updates an execution takes. */
export const UPDATES = [
  'pause',
  'resume',
  'retry_step',
  'skip_step',
  'complete_step',
  'decide_step',
  'message',
] as const;
export type UpdateName = (typeof UPDATES)[number];

/** What an update carries: the step it is about, and the output that stands in for its own; or a message. */
export interface UpdateRequest {
  path?: string;
  output?: Json;
  name?: string;
  data?: Json;
}

/** The event that an accepted update stands for. `at` is milliseconds since the epoch. */
export function updateEvent(type: UpdateName, request: UpdateRequest, at: number): Event {
  const { path = '', output = null, name = '', data = null } = request;
  return type === 'message' ? { type, name, data, at } : ({ type, path, output, at } as Event);
}

/** How an attempt of an action is to be treated; travels beside its parameters. */
export interface AttemptPolicy {
  /** Milliseconds of one attempt. */
  timeout: number;
  /** Attempts that may fail by the action's own doing; attempts cut off from outside do not count. */
  maximumAttempts: number;
  nonRetryableErrors: string[];
  /** Names of all secrets that the workflow uses: none of them may leave any of its steps. */
  secrets?: string[];
}

/** Workflows that may have started each other, one the next. */
export const DEEPEST = 10;

/** Activities of the runner itself, besides the actions. */
export const STORE_ACTIVITY = 'runner.store';
export const LOAD_ACTIVITY = 'runner.load';

/** Does nothing: between two stretches of computing it is a workflow task's end. A timer would take a second. */
export const BREATHE_ACTIVITY = 'runner.breathe';

/** Largest value, in characters of JSON, that travels as it is. */
const INLINE_LIMIT = 512 * 1024;

/** Characters of one stored part. Temporal refuses payloads over 2 MB, and a character may take three bytes. */
const PART = 600 * 1024;

/** What is too large to travel: the references of its stored parts. */
export interface Stored {
  stored: string[];
}

/** Whether a value may travel as it is. */
export const fits = (value: object): boolean => JSON.stringify(value).length <= INLINE_LIMIT;

/** A value fit to travel; one that is too large is handed to `store` part by part. */
export async function pack<T extends object>(
  value: T,
  store: (part: string) => Promise<string>,
): Promise<T | Stored> {
  if (fits(value)) return value;
  const text = JSON.stringify(value);
  const stored: string[] = [];
  for (let start = 0; start < text.length; start += PART)
    stored.push(await store(text.slice(start, start + PART)));
  return { stored };
}

/** The value that was packed. */
export async function unpack<T extends object>(
  packed: T | Stored,
  load: (ref: string) => Promise<string>,
): Promise<T> {
  if (!isStored(packed)) return packed;
  let text = '';
  for (const ref of packed.stored) text += await load(ref);
  return JSON.parse(text) as T;
}

/** Exactly the form that {@link pack} gives: no run and no parameters of an action look like it by chance. */
const isStored = (value: object): value is Stored =>
  Object.keys(value).length === 1 &&
  'stored' in value &&
  Array.isArray(value.stored) &&
  value.stored.every((ref) => /^sha256-/.test(String(ref)));

import { z } from 'zod';
import { allSteps } from '#shared/definition/walk.ts';
import type { Workflow } from '#shared/definition/workflow.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { Facts, StepError } from '#shared/machine/protocol.ts';
import type { Instance } from '#shared/machine/state.ts';
import { SCRIPTED_FACTS, SCRIPTED_READ, SCRIPTED_WRITE, scripted } from '#shared/simulator/scripted.ts';
import { simulate } from '#shared/simulator/simulate.ts';
import { type Action, defineAction, Retryable, Terminal } from '#workers/action.ts';

/** Facts of the scripted actions with waits that a test can afford. */
export const quickFacts: Facts = Object.fromEntries(
  Object.entries(SCRIPTED_FACTS).map(([type, facts]) => [
    type,
    { ...facts, retry: { initialInterval: 20, maximumInterval: 50 } },
  ]),
);

/** The scripted actions of the simulator as actions of a worker: the same script, played in real time. */
export const scriptedActions: Action[] = [SCRIPTED_WRITE, SCRIPTED_READ].map((type) =>
  defineAction({
    type,
    title: type,
    description: 'Does what its parameters say.',
    icon: 'flask',
    input: z.record(z.string(), z.json()),
    output: z.json(),
    effect: type === SCRIPTED_WRITE ? 'write' : 'read',
    idempotent: type === SCRIPTED_READ,
    examples: [],
    async run({ input, attempt, idempotencyKey }) {
      const path = idempotencyKey.slice(idempotencyKey.indexOf('/') + 1);
      const end = scripted({ parameters: input as JsonObject, path } as never, attempt);
      await new Promise((resolve) => setTimeout(resolve, end.after ?? 1));
      if ('output' in end) return end.output;
      if (!('error' in end)) throw new Error('No worker cuts itself off.');
      const Failure = end.retryable ? Retryable : Terminal;
      throw new Failure(end.error.code, end.error.message);
    },
  }),
) as unknown as Action[];

/** What of a run must be the same whoever drives it: all of it but the times. */
export interface Result {
  outcome: string;
  output: Json;
  error: { code: string; step: string | null } | null;
  steps: Record<string, { status: string; output: Json; error: string | null; attempts: number | null }>;
}

const timeless = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(timeless);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === 'waitedUntil' ? 'a time' : timeless(item)]),
  );
};

interface Ended {
  outcome: string;
  output: Json;
  error: StepError | null;
  steps: Record<string, Instance>;
  /** Attempts of an action. */
  attempts(path: string): number | undefined;
}

/** The comparable part of a run that has ended. */
export function resultOf({ outcome, output, error, steps, attempts }: Ended): Result {
  const row = (path: string, step: Instance): Result['steps'][string] => {
    const isDone = step.status === 'success' || step.status === 'failure';
    return {
      status: step.status,
      output: timeless(step.output ?? null),
      error: step.error?.code ?? null,
      attempts: isDone ? (attempts(path) ?? null) : null,
    };
  };
  return {
    outcome,
    output: timeless(output),
    error: error && { code: error.code, step: error.step ?? null },
    steps: Object.fromEntries(
      Object.entries(steps)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([path, step]) => [path, row(path, step)]),
    ),
  };
}

/** A small deterministic stream of numbers from 0 up to 1. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

/** Between 1 ms and 20 s, every order of magnitude as likely. */
const someTime = (random: () => number): number => Math.ceil(20_000 ** random());

function withOtherDelays(workflow: Workflow, random: () => number): Workflow {
  const copy = structuredClone(workflow);
  for (const { step } of allSteps(copy)) if (step.type === 'delay') step.config = { for: someTime(random) };
  return copy;
}

/** Runs a workflow in the simulator; with a seed, everything in it takes other times than written. */
export function simulated(workflow: Workflow, executionId: string, seed?: number): Result {
  const random = seed === undefined ? undefined : numbers(seed);
  const { state, outcome, output, error, ran } = simulate({
    workflow: random ? withOtherDelays(workflow, random) : workflow,
    facts: quickFacts,
    act: (command, attempt) => ({
      ...scripted(command, attempt),
      ...(random && { after: someTime(random) }),
    }),
    input: { executionId, at: 0, trigger: {}, variables: {}, workflowVersion: 1 },
  });
  const attempts = new Map<string, number>();
  for (const { path, attempt } of ran) attempts.set(path, attempt);
  return resultOf({ outcome, output, error, steps: state.steps, attempts: (path) => attempts.get(path) });
}

/** Whether a workflow comes to the same result however long each of its actions and delays takes. */
export function isTimeless(workflow: Workflow): boolean {
  const expected = JSON.stringify(simulated(workflow, 'run'));
  for (let seed = 1; seed <= 12; seed++)
    if (JSON.stringify(simulated(workflow, 'run', seed * 7919)) !== expected) return false;
  return true;
}

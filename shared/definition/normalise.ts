import { parseDuration } from '../duration.ts';
import type { Json, JsonObject } from '../json.ts';
import { findStepType } from '../steps/index.ts';
import type { StepSource, WorkflowSource } from './schema.ts';
import { dashed, snaked, unused } from './slug.ts';
import type {
  Connection,
  ErrorHandling,
  RetryPolicy,
  Settings,
  Step,
  Trigger,
  Workflow,
} from './workflow.ts';

type ActionSource = { type: string; parameters?: JsonObject };

const action = ({ type, parameters }: ActionSource): { type: string; parameters: JsonObject } => ({
  type,
  parameters: parameters ?? {},
});

/** Only the fields that are there: normal forms hold no `undefined`, for they travel as JSON. */
function present<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}

type RetrySource = { [K in keyof RetryPolicy]?: Json | undefined };

function retryPolicy(source: RetrySource | undefined): Partial<RetryPolicy> | undefined {
  if (!source) return undefined;
  const { initialInterval, maximumInterval } = source;
  return present({
    ...source,
    initialInterval: initialInterval === undefined ? undefined : parseDuration(initialInterval),
    maximumInterval: maximumInterval === undefined ? undefined : parseDuration(maximumInterval),
  }) as Partial<RetryPolicy>;
}

function errorHandling(source: StepSource['errorHandling']): ErrorHandling {
  const given = (source ?? {}) as Partial<ErrorHandling> & { undo?: { action: ActionSource } };
  const undo = given.undo && { action: action(given.undo.action) };
  return present({ strategy: given.strategy ?? 'fail', value: given.value, undo });
}

type Edges = { inputs?: string[]; outputs?: (Omit<Connection, 'condition'> & Partial<Connection>)[] };

/** The edges of a list: as given, or top to bottom where no step of the list says anything about edges. */
function outputsOf(sources: readonly StepSource[], ids: readonly string[]): Connection[][] {
  const isExplicit = sources.some(({ connections }) => connections !== undefined);
  return sources.map((source, position) => {
    const next = ids[position + 1];
    if (!isExplicit)
      return next === undefined ? [] : [{ targetStepId: next, condition: { type: 'success' } }];
    const { outputs = [] } = (source.connections ?? {}) as Edges;
    return outputs.map(({ targetStepId, condition, label }) =>
      present({ targetStepId, condition: present(condition ?? { type: 'success' as const }), label }),
    );
  });
}

function configOf(source: StepSource, taken: Set<string>): JsonObject {
  const config = (source.config ?? {}) as JsonObject;
  const nested = findStepType(String(source.type))?.nested;
  return nested
    ? nested.map(config, (steps) => normaliseSteps(steps as unknown as StepSource[], taken))
    : config;
}

/** Every id that is written out in a list of steps or in the lists nested in it. */
function writtenIds(sources: readonly StepSource[], found = new Set<string>()): Set<string> {
  for (const { id, type, config } of sources) {
    if (typeof id === 'string') found.add(id);
    findStepType(String(type))?.nested?.map((config ?? {}) as JsonObject, (steps) => {
      writtenIds(steps as unknown as StepSource[], found);
      return steps;
    });
  }
  return found;
}

/** One list of steps in normal form. `taken` gathers the ids used so far, for ids must be unique in a workflow. */
export function normaliseSteps(sources: readonly StepSource[], taken: Set<string>): Step[] {
  const ids = sources.map((source) =>
    String(source.id ?? unused(snaked(String(source.name ?? source.type)), taken)),
  );
  const outputs = outputsOf(sources, ids);
  const inputsOf = (id: string): string[] =>
    ids.filter((_, position) => outputs[position]?.some(({ targetStepId }) => targetStepId === id));
  return sources.map((source, position) => {
    const id = ids[position] ?? '';
    return present({
      id,
      name: String(source.name ?? id),
      type: String(source.type),
      disabled: source.disabled === true,
      action: source.action === undefined ? undefined : action(source.action as ActionSource),
      config: configOf(source, taken),
      timeout: source.timeout === undefined ? undefined : parseDuration(source.timeout as Json),
      retryPolicy: retryPolicy(source.retryPolicy as RetrySource | undefined),
      errorHandling: errorHandling(source.errorHandling),
      join: source.join === 'any' ? ('any' as const) : ('all' as const),
      connections: { inputs: inputsOf(id), outputs: outputs[position] ?? [] },
      position: source.position as Step['position'],
    });
  });
}

function settingsOf(source: WorkflowSource['settings']): Settings {
  const { timeout, retry, onFailure } = source ?? {};
  return present({
    timeout: timeout === undefined ? undefined : parseDuration(timeout),
    retry: retryPolicy(retry),
    onFailure: onFailure ?? ('fail' as const),
  });
}

function triggersOf(sources: WorkflowSource['triggers'] = []): Trigger[] {
  const taken = new Set(sources.map(({ id }) => String(id)));
  return sources.map(({ id, type, config, enabled }) => ({
    id: String(id ?? unused(String(type), taken)),
    type: String(type),
    config: (config ?? {}) as JsonObject,
    enabled: enabled !== false,
  }));
}

/** A valid definition in normal form. Throws `duration.invalid` where a duration is none. */
export function normalise(source: WorkflowSource): Workflow {
  const taken = writtenIds([...source.steps, ...(source.finally ?? [])]);
  return present({
    id: source.id ?? dashed(source.name),
    name: source.name,
    description: source.description ?? '',
    author: source.author,
    enabled: source.enabled !== false,
    tags: source.metadata?.tags ?? [],
    triggers: triggersOf(source.triggers),
    variables: (source.variables ?? []).map(({ name, type, default: value, required, description }) =>
      present({
        name,
        type: type ?? ('any' as const),
        default: value,
        required: required === true,
        description,
      }),
    ),
    settings: settingsOf(source.settings),
    steps: normaliseSteps(source.steps, taken),
    finally: normaliseSteps(source.finally ?? [], taken),
    output: source.output,
  });
}

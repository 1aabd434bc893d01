import fc, { type Arbitrary } from 'fast-check';
import { loadData } from '../definition/load.ts';
import type { Workflow } from '../definition/workflow.ts';
import type { JsonObject } from '../json.ts';
import { SCRIPTED_READ, SCRIPTED_WRITE, type Script } from './scripted.ts';
import type { Simulation } from './simulate.ts';

/** How large the workflows are and what they may hold. */
export interface Shape {
  /** Levels of loops and parallel steps; 2 by default. */
  depth?: number;
  /** Steps in one list; 5 by default. */
  width?: number;
  /** Longest time an action or delay takes, in milliseconds; 200 by default. */
  time?: number;
  /** Whether attempts may be cut off, which takes a real driver a dead worker to do; true by default. */
  cutOffs?: boolean;
  /** Whether steps may be parked for a person; true by default. */
  parking?: boolean;
}

type Full = Required<Shape>;

/** A step before it has an id and edges. */
type Body = JsonObject & { type: string };

const optional = <T>(arbitrary: Arbitrary<T>): Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq: 3 });

function scriptOf({ time, cutOffs }: Full): Arbitrary<Script> {
  const after = fc.integer({ min: 1, max: time });
  const output = fc.oneof(
    fc.integer({ min: 0, max: 9 }),
    fc.constant(null),
    fc.constant({ n: 1 }),
    fc.constant('{{ execution.id }}'),
  );
  const good = fc.record({ after, output });
  const bad = fc.record({
    after,
    error: fc.constantFrom('busy', 'broken'),
    retryable: fc.boolean(),
    times: fc.constantFrom(1, 2, 99),
  });
  const cut = fc.record({ after, cutOff: fc.constant(true), times: fc.constantFrom(1, 2) });
  return fc.oneof(
    { weight: 8, arbitrary: good },
    { weight: 3, arbitrary: bad },
    { weight: cutOffs ? 1 : 0, arbitrary: cut },
  );
}

const actionOf = (shape: Full): Arbitrary<JsonObject> =>
  fc
    .record({ type: fc.constantFrom(SCRIPTED_WRITE, SCRIPTED_READ), parameters: scriptOf(shape) })
    .map(({ type, parameters }) => ({ type, parameters: parameters as JsonObject }));

const expressions = [
  '1 < 2',
  '1 > 2',
  'execution.id == workflow.id',
  'trigger.none == null',
  'trigger.none.deep > 1',
  "workflow.name == 'Random'",
];

const handlingOf = (shape: Full): Arbitrary<JsonObject> =>
  fc
    .record({
      strategy: fc.constantFrom('fail', 'fail', 'continue', 'fallback', ...(shape.parking ? ['park'] : [])),
      undo: optional(actionOf(shape)),
    })
    .map(({ strategy, undo }) => ({
      strategy,
      ...(strategy === 'fallback' && { value: { was: '{{ error.code }}' } }),
      ...(undo && { undo: { action: undo } }),
    }));

function leafOf(shape: Full): Arbitrary<Body> {
  const action = fc
    .record({ action: actionOf(shape), maximumAttempts: fc.integer({ min: 1, max: 3 }) })
    .map(({ action: of, maximumAttempts }) => ({
      type: 'action',
      action: of,
      retryPolicy: { maximumAttempts, initialInterval: 10 },
    }));
  const values = fc.constantFrom('{{ 1 + 1 }}', 'x', '{{ workflow.name }}', '{{ trigger.none.deep }}');
  const set = values.map((value) => ({ type: 'set', config: { values: { value } } }));
  const condition = fc
    .constantFrom(...expressions)
    .map((expression) => ({ type: 'condition', config: { expression } }));
  const delay = fc
    .integer({ min: 1, max: shape.time })
    .map((time) => ({ type: 'delay', config: { for: time } }));
  return fc.oneof(
    { weight: 5, arbitrary: action },
    { weight: 1, arbitrary: set },
    { weight: 1, arbitrary: condition },
    { weight: 1, arbitrary: delay },
  );
}

function containerOf(shape: Full, depth: number): Arbitrary<Body> {
  const steps = listOf(shape, depth - 1);
  const loop = fc
    .record({
      steps,
      times: fc.integer({ min: 0, max: 4 }),
      kind: fc.constantFrom('items', 'times', 'while'),
      concurrency: fc.integer({ min: 1, max: 3 }),
      onItemError: fc.constantFrom('fail', 'continue'),
    })
    .map(({ kind, times, ...rest }) => {
      const over = { items: Array.from({ length: times }, (_, n) => n), times, while: `index < ${times}` }[
        kind
      ];
      return { type: 'loop', config: { ...rest, [kind]: over ?? times } };
    });
  const parallel = fc
    .record({
      lists: fc.array(steps, { minLength: 1, maxLength: 3 }),
      waitFor: fc.constantFrom('all', 'any', 1),
    })
    .map(({ lists, waitFor }) => ({
      type: 'parallel',
      config: { waitFor, branches: lists.map((list, n) => ({ id: `b${n}`, steps: list })) },
    }));
  return fc
    .tuple(fc.oneof(loop, parallel), optional(fc.integer({ min: 1, max: shape.time * 3 })))
    .map(([body, timeout]) => ({ ...body, ...(timeout !== undefined && { timeout }) }) as Body);
}

const conditionOf = fc.oneof(
  fc
    .constantFrom('success', 'success', 'success', 'failure', 'otherwise', 'always')
    .map((type) => ({ type })),
  fc
    .constantFrom('output != null', "status == 'failure'", 'error.code', 'output.none.deep')
    .map((expression) => ({ type: 'expression', expression })),
);

/** Edges that only lead forward, so that they never form a cycle. */
function edgesOf(count: number): Arbitrary<{ from: number; to: number; condition: JsonObject }[]> {
  if (count < 2) return fc.constant([]);
  const edge = fc
    .record({ from: fc.nat(count - 2), hop: fc.nat(count), condition: conditionOf })
    .map(({ from, hop, condition }) => ({ from, to: from + 1 + (hop % (count - 1 - from)), condition }));
  return fc.array(edge, { maxLength: count * 2 });
}

function listOf(shape: Full, depth: number): Arbitrary<JsonObject[]> {
  const leaf = leafOf(shape);
  const body =
    depth > 0
      ? fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 1, arbitrary: containerOf(shape, depth) })
      : leaf;
  const extras = fc.record({
    errorHandling: optional(handlingOf(shape)),
    join: optional(fc.constant('any')),
    disabled: fc.constantFrom(false, false, false, false, true),
  });
  return fc
    .array(fc.tuple(body, extras), {
      minLength: 1,
      maxLength: depth > 0 ? shape.width : Math.min(3, shape.width),
    })
    .chain((drawn) =>
      fc.tuple(fc.boolean(), edgesOf(drawn.length)).map(([isGraph, edges]) =>
        drawn.map(([step, extra], position) => {
          const outputs = edges
            .filter(({ from }) => from === position)
            .map(({ to, condition }) => ({ targetStepId: `#${to}`, condition }));
          const given = Object.entries(extra).filter(([, value]) => value !== undefined);
          return {
            ...step,
            ...Object.fromEntries(given),
            ...(isGraph && { connections: { outputs } }),
          } as JsonObject;
        }),
      ),
    );
}

/** Numbers the steps through, and turns edges to positions into edges to ids. */
function named(list: JsonObject[], next: { id: number }): JsonObject[] {
  const ids = list.map(() => `s${next.id++}`);
  const inner = (config: JsonObject): JsonObject => ({
    ...config,
    ...(Array.isArray(config.steps) && { steps: named(config.steps as JsonObject[], next) }),
    ...(Array.isArray(config.branches) && {
      branches: (config.branches as { steps: JsonObject[] }[]).map((branch) => ({
        ...branch,
        steps: named(branch.steps, next),
      })),
    }),
  });
  return list.map((step, position) => {
    const { outputs } = (step.connections ?? {}) as { outputs?: { targetStepId: string }[] };
    const edges = outputs?.map((edge) => ({
      ...edge,
      targetStepId: ids[Number(edge.targetStepId.slice(1))] ?? '',
    }));
    return {
      ...step,
      id: ids[position] ?? '',
      ...(step.config !== undefined && { config: inner(step.config as JsonObject) }),
      ...(edges && { connections: { outputs: edges } }),
    };
  });
}

/** Definitions of random workflows, as data; every one is valid. Their actions follow scripts (`scripted`). */
export function definitions(given: Shape = {}): Arbitrary<JsonObject> {
  const shape: Full = { depth: 2, width: 5, time: 200, cutOffs: true, parking: true, ...given };
  return fc
    .record({
      steps: listOf(shape, shape.depth),
      last: optional(listOf(shape, 0)),
      timeout: optional(fc.integer({ min: 1, max: shape.time * 5 })),
      onFailure: shape.parking ? fc.constantFrom('fail', 'fail', 'park') : fc.constant('fail'),
    })
    .map(({ steps, last, timeout, onFailure }) => {
      const next = { id: 1 };
      return {
        name: 'Random',
        settings: { onFailure, ...(timeout !== undefined && { timeout }) },
        steps: named(steps, next),
        ...(last && { finally: named(last, next) }),
      };
    });
}

/** Random valid workflows in normal form. */
export const workflows = (shape: Shape = {}): Arbitrary<Workflow> =>
  definitions(shape).map((definition) => {
    const { workflow, problems } = loadData(definition);
    if (!workflow || problems.length > 0)
      throw new Error(`Not valid: ${JSON.stringify({ problems, definition })}`);
    return workflow;
  });

/** People who pause, resume and cancel at random, and always resume in the end. */
export const people = (time = 2_000): Arbitrary<NonNullable<Simulation['people']>> =>
  fc
    .array(
      fc.record({
        after: fc.nat(time),
        type: fc.constantFrom('pause', 'resume', 'pause', 'resume', 'cancel'),
      }),
      { maxLength: 5 },
    )
    .map((drawn) => [
      ...drawn.map(({ after, type }) => ({ after, event: { type: type as 'pause' | 'resume' | 'cancel' } })),
      { after: time + 1, event: { type: 'resume' as const } },
    ]);

import type { Path } from '#shared/definition/problem.ts';
import { snaked } from '#shared/definition/slug.ts';
import { FUNCTIONS } from '#shared/expression/index.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { Choice } from './complete.ts';
import type { Place } from './place.ts';
import { actionOf, type Grammar, valueAt } from './schema-at.ts';

/** Fields that a trigger type's event has. */
export interface Sample {
  type: string;
  sample: JsonObject;
}

/** Keys whose whole text is an expression, with or without braces. */
const BARE = new Set(['expression', 'while']);

/** The expression being written at a place, up to the cursor; `word` is its last name. */
export function expressionAt({ path, word: written }: Place): { before: string; word: string } | undefined {
  const open = written.lastIndexOf('{{');
  const isOpen = open >= 0 && !written.slice(open).includes('}}');
  const isBare = BARE.has(String(path.at(-1))) && !written.includes('}}');
  if (!isOpen && !isBare) return undefined;
  const before = isOpen ? written.slice(open + 2) : written.replace(/^["']/, '');
  return { before, word: /[A-Za-z_][A-Za-z0-9_]*$/.exec(before)?.[0] ?? '' };
}

/** What an expression is written in. */
export interface Surroundings {
  grammar: Grammar;
  /** The definition, as far as it can be read. */
  value: Json | undefined;
  /** Where in it the expression stands. */
  path: Path;
  samples: readonly Sample[];
}

const ROOTS: [name: string, info: string][] = [
  ['steps', 'What steps before this one returned.'],
  ['trigger', 'The event that started the execution.'],
  ['variables', 'The values the execution was started with.'],
  ['execution', 'The execution itself: id, startTime.'],
  ['workflow', 'The workflow: id, name, version.'],
  ['secrets', 'Secrets by name; only actions read them.'],
];
const STEP_FIELDS = ['output', 'status', 'error', 'startTime', 'endTime'];
const FIELDS: Record<string, string[]> = {
  execution: ['id', 'startTime', 'status', 'error'],
  workflow: ['id', 'name', 'version'],
};

const idOf = (step: JsonObject): string =>
  typeof step.id === 'string' ? step.id : snaked(String(step.name ?? step.type ?? ''));

/** The steps in sight: those of the lists that the path leads through, without those it stands in. */
function stepsInSight({ value, path }: Surroundings): JsonObject[] {
  const lists = path.flatMap((key, position) =>
    key === 'steps' || (key === 'finally' && position === 0) ? [position + 1] : [],
  );
  const found = lists.flatMap((end) => {
    const steps = valueAt(value, path.slice(0, end));
    return Array.isArray(steps)
      ? steps.filter((step, position) => isObject(step) && position !== path[end])
      : [];
  });
  const root = valueAt(value, ['steps']);
  const isLast = path[0] === 'finally' || path[0] === 'output';
  return [...found, ...(isLast && Array.isArray(root) ? root : [])].filter(isObject);
}

/** Names that the loops around a path add. */
function locals({ value, path }: Surroundings): string[] {
  const names = path.flatMap((key, position) => {
    const step = key === 'config' ? valueAt(value, path.slice(0, position)) : undefined;
    if (step === undefined || !isObject(step) || step.type !== 'loop' || path[position + 1] !== 'steps')
      return [];
    const config = isObject(step.config ?? null) ? (step.config as JsonObject) : {};
    return [typeof config.itemVariable === 'string' ? config.itemVariable : 'item', 'index'];
  });
  return [...new Set(names)];
}

const choice = (label: string, kind: Choice['kind'], more: Partial<Choice> = {}): Choice => ({
  label,
  kind,
  ...more,
});

function namesIn(surroundings: Surroundings): Choice[] {
  const { path } = surroundings;
  const own = path.at(-2) === 'condition' ? ['output', 'error', 'status'] : [];
  return [
    ...[...own, ...locals(surroundings)].map((name) => choice(name, 'variable', { isFirst: true })),
    ...ROOTS.map(([name, info]) => choice(name, 'variable', { info, isFirst: true })),
    ...[...FUNCTIONS.values()].map(({ name, args, doc }) =>
      choice(name, 'function', { insert: `${name}(`, detail: `(${args})`, info: doc }),
    ),
  ];
}

/** The fields of a step's output that its action declares. */
function outputFields({ grammar }: Surroundings, step: JsonObject | undefined, keys: string[]): Choice[] {
  let schema: Json | undefined = actionOf(grammar, step?.action)?.output;
  for (const key of keys) schema = valueAt(schema, ['properties', key]);
  const properties = valueAt(schema, ['properties']);
  if (properties === undefined || !isObject(properties)) return [];
  return Object.entries(properties).map(([name, property]) => {
    const description = valueAt(property, ['description']);
    return choice(name, 'field', typeof description === 'string' ? { info: description } : {});
  });
}

function ofSteps(surroundings: Surroundings, [id, field, ...keys]: string[]): Choice[] {
  const steps = stepsInSight(surroundings);
  if (id === undefined)
    return steps.map((step) =>
      choice(idOf(step), 'step', typeof step.name === 'string' ? { detail: step.name } : {}),
    );
  if (field === undefined) return STEP_FIELDS.map((name) => choice(name, 'field'));
  const step = steps.find((candidate) => idOf(candidate) === id);
  return field === 'output' ? outputFields(surroundings, step, keys) : [];
}

function ofTrigger({ value, samples }: Surroundings): Choice[] {
  const triggers = valueAt(value, ['triggers']);
  const types = Array.isArray(triggers) ? triggers.map((trigger) => valueAt(trigger, ['type'])) : [];
  const fields = samples.flatMap(({ type, sample }) => (types.includes(type) ? Object.keys(sample) : []));
  return [...new Set(['id', 'type', 'time', ...fields])].map((name) => choice(name, 'field'));
}

function ofVariables({ value }: Surroundings): Choice[] {
  const variables = valueAt(value, ['variables']);
  return (Array.isArray(variables) ? variables : []).filter(isObject).map(({ name, type, description }) =>
    choice(String(name), 'variable', {
      ...(typeof type === 'string' && { detail: type }),
      ...(typeof description === 'string' && { info: description }),
    }),
  );
}

/** What can come next in an expression, by what stands before the cursor in it. */
export function completeExpression(before: string, surroundings: Surroundings): Choice[] {
  const chain = /([A-Za-z_][A-Za-z0-9_]*(?:\??\.[A-Za-z_][A-Za-z0-9_]*)*\??\.)?[A-Za-z0-9_]*$/.exec(
    before,
  )?.[1];
  if (chain === undefined) return /[.\w)\]]$/.test(before.replace(/\w+$/, '')) ? [] : namesIn(surroundings);
  const [root = '', ...keys] = chain.replaceAll('?', '').split('.').slice(0, -1);
  if (root === 'steps') return ofSteps(surroundings, keys);
  if (keys.length > 0) return [];
  if (root === 'variables') return ofVariables(surroundings);
  if (root === 'trigger') return ofTrigger(surroundings);
  return (FIELDS[root] ?? []).map((name) => choice(name, 'field'));
}

import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { type Completion, completion } from './completion.ts';
import type { ScopeInfo, ScopeStep } from './scope-info.ts';

/** What is known of a value before it exists: its schema, a sample, or both. */
export interface Known {
  schema?: JsonObject;
  /** Where `$ref` of the schema lead. */
  root?: JsonObject;
  sample?: Json;
  /** It has these members, and no other. */
  members?: Member[];
  /** It is a namespace, which no method can be called on. */
  isClosed?: boolean;
}

export interface Member {
  name: string;
  known: Known;
  completion: Completion;
}

const SHOWN = 60;

/** A value in a few words: `"src/app.ts"`, `12 items`. */
export function brief(value: Json): string {
  if (Array.isArray(value)) return `${value.length} ${value.length === 1 ? 'item' : 'items'}`;
  if (isObject(value)) return `{ ${Object.keys(value).slice(0, 4).join(', ')} }`.slice(0, SHOWN);
  const text = typeof value === 'string' ? value.slice(0, 2 * SHOWN) : String(value);
  const shown = typeof value === 'string' ? JSON.stringify(text) : text;
  return shown.length > SHOWN ? `${shown.slice(0, SHOWN)}…` : shown;
}

/** A schema with its `$ref` followed. */
function resolved(schema: JsonObject, root: JsonObject): JsonObject {
  if (typeof schema.$ref !== 'string') return schema;
  const found = schema.$ref
    .replace(/^#\//, '')
    .split('/')
    .reduce<Json | undefined>((at, key) => (isObject(at) ? at[key] : undefined), root);
  return isObject(found) ? { ...found, ...schema } : schema;
}

/** The schemas a value may have: those of a union, each by itself. */
function alternatives({ schema, root = {} }: Known): JsonObject[] {
  if (!schema) return [];
  const whole = resolved(schema, root);
  const among = [whole.anyOf, whole.oneOf, whole.allOf].flatMap((list) => (Array.isArray(list) ? list : []));
  return [whole, ...among.filter(isObject).map((one) => resolved(one, root))];
}

/** The JSON types a value may have; none where nothing is known. */
export function typesOf(known: Known): string[] {
  if (known.sample !== undefined && known.sample !== null) {
    return [Array.isArray(known.sample) ? 'array' : typeof known.sample];
  }
  const types = alternatives(known).flatMap(({ type }) => (Array.isArray(type) ? type : [type]));
  const found = types.filter((type): type is string => typeof type === 'string' && type !== 'null');
  return [...new Set(found.map((type) => (type === 'integer' ? 'number' : type)))];
}

function detailOf(known: Known): string {
  const type = typesOf(known).join(' or ');
  const sample = known.sample === undefined ? '' : brief(known.sample);
  return [type, sample].filter((part) => part !== '').join(' · ');
}

const member = (kind: Completion['kind'], name: string, known: Known, info?: Json): Member => {
  const detail = detailOf(known);
  const more = { ...(detail !== '' && { detail }), ...(typeof info === 'string' && { info }) };
  return { name, known, completion: completion(kind, name, more) };
};

const MOST = 500;

/** What a value is known to have inside, from its schema first. */
export function membersOf(known: Known): Member[] {
  if (known.members) return known.members;
  const { sample, root } = known;
  const found = new Map<string, Member>();
  const add = (name: string, schema: JsonObject | undefined, value: Json | undefined): void => {
    if (found.has(name) || found.size >= MOST) return;
    const inner: Known = { ...(schema && { schema }), ...(root && { root }) };
    if (value !== undefined) inner.sample = value;
    found.set(name, member('property', name, inner, schema?.description));
  };
  for (const schema of alternatives(known)) {
    const properties = isObject(schema.properties) ? schema.properties : {};
    for (const [name, one] of Object.entries(properties)) {
      if (isObject(one))
        add(name, one, isObject(sample) && Object.hasOwn(sample, name) ? sample[name] : undefined);
    }
    if (isObject(schema.items)) add('0', schema.items, Array.isArray(sample) ? sample[0] : undefined);
  }
  if (isObject(sample)) for (const [name, value] of Object.entries(sample)) add(name, undefined, value);
  if (Array.isArray(sample))
    for (const [at, value] of sample.slice(0, 3).entries()) add(`${at}`, undefined, value);
  return [...found.values()];
}

const ERROR: Known = {
  schema: {
    type: 'object',
    properties: {
      code: { type: 'string', description: 'Stable slug of the error.' },
      message: { type: 'string', description: 'What happened.' },
      fix: { type: 'string', description: 'What to do about it.' },
      details: { description: 'Facts about it.' },
    },
  },
};

function stepKnown({ id, outputSchema, sample }: ScopeStep, scope: ScopeInfo): Known {
  const run = isObject(scope.values.steps) ? scope.values.steps[id] : undefined;
  const view = isObject(run) ? run : {};
  const output = view.output ?? sample;
  const known: Known = { ...(outputSchema && { schema: outputSchema, root: outputSchema }) };
  if (output !== undefined) known.sample = output;
  const text = (value: Json | undefined): Known => ({
    schema: { type: 'string' },
    ...(value !== undefined && { sample: value }),
  });
  return {
    isClosed: true,
    members: [
      member('property', 'output', known, 'What the step gave.'),
      member(
        'property',
        'status',
        text(view.status),
        'pending, running, success, failure, skipped, cancelled …',
      ),
      member('property', 'error', ERROR, 'Why it failed; null where it did not.'),
      member('property', 'startTime', text(view.startTime), 'ISO 8601, UTC.'),
      member('property', 'endTime', text(view.endTime), 'ISO 8601, UTC.'),
    ],
  };
}

function stepsKnown(scope: ScopeInfo): Known {
  const members = scope.steps.map((step): Member => {
    const detail =
      step.name === step.id ? (step.action ?? step.type) : `${step.name} · ${step.action ?? step.type}`;
    return {
      name: step.id,
      known: stepKnown(step, scope),
      completion: completion('step', step.id, { detail }),
    };
  });
  return { isClosed: true, members };
}

const JSON_TYPES = new Set(['string', 'number', 'boolean', 'object', 'array']);

function variablesKnown(scope: ScopeInfo): Known {
  const values = isObject(scope.values.variables) ? scope.values.variables : {};
  const members = scope.variables.map(({ name, type, description }) => {
    const known: Known = JSON_TYPES.has(type) ? { schema: { type } } : {};
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return member('variable', name, value === undefined ? known : { ...known, sample: value }, description);
  });
  return { isClosed: true, members };
}

function secretsKnown({ secrets }: ScopeInfo): Known {
  const info = 'Known only inside the action that uses it.';
  const members = secrets.map((name) => ({
    name,
    known: { schema: { type: 'string' } },
    completion: completion('secret', name, { detail: 'secret', info }),
  }));
  return { isClosed: true, members };
}

const ROOTS: Record<string, string> = {
  steps: 'What the steps before gave.',
  trigger: 'The event that started the execution.',
  variables: 'The variables of the workflow.',
  secrets: 'Values kept apart, known only when they are used.',
  execution: 'This execution: id, startTime, status, error.',
  workflow: 'This workflow: id, name, version.',
};

const EXECUTION: JsonObject = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    startTime: { type: 'string' },
    status: { type: 'string' },
    error: { description: 'Why the execution failed; null where it did not.' },
  },
};
const WORKFLOW: JsonObject = {
  type: 'object',
  properties: { id: { type: 'string' }, name: { type: 'string' }, version: { type: 'number' } },
};

/** What a root name stands for. */
export function rootOf(name: string, scope: ScopeInfo): Known | undefined {
  const value = Object.hasOwn(scope.values, name) ? scope.values[name] : undefined;
  const sampled = (known: Known): Known => (value === undefined ? known : { ...known, sample: value });
  if (name === 'steps') return stepsKnown(scope);
  if (name === 'variables') return variablesKnown(scope);
  if (name === 'secrets') return secretsKnown(scope);
  if (name === 'trigger') {
    const seen = isObject(value) ? value : {};
    return { sample: isObject(scope.trigger) ? { ...scope.trigger, ...seen } : (value ?? scope.trigger) };
  }
  if (name === 'execution') return sampled({ schema: EXECUTION });
  if (name === 'workflow') return sampled({ schema: WORKFLOW });
  if (name === 'error') return sampled(ERROR);
  return scope.locals.includes(name) || value !== undefined ? sampled({}) : undefined;
}

/** The names that an expression can begin with. */
export function namesAt(scope: ScopeInfo): Completion[] {
  const others = Object.keys(scope.values).filter((name) => !Object.hasOwn(ROOTS, name));
  const locals = [...new Set([...scope.locals, ...others])].map(
    (name) => member('local', name, rootOf(name, scope) ?? {}).completion,
  );
  return [...locals, ...Object.entries(ROOTS).map(([name, info]) => completion('root', name, { info }))];
}

import type { Json, JsonObject } from '#shared/json.ts';
import { type Completion, matching } from './completion.ts';
import { type Known, membersOf, namesAt, rootOf } from './known.ts';
import { functionCompletions, methodCompletions } from './library.ts';
import { placeAt } from './place.ts';

/** A step that expressions may read. */
export interface ScopeStep {
  id: string;
  name: string;
  type: string;
  action?: string;
  /** JSON Schema of the step's output. */
  outputSchema?: JsonObject;
  /** An output it had, or would have. */
  sample?: Json;
}

/** What the expressions of one field can name, and the values they are tried with. */
export interface ScopeInfo {
  steps: ScopeStep[];
  variables: { name: string; type: string; description?: string }[];
  /** Sample of the trigger's fields. */
  trigger: Json;
  /** Names besides: `item`, `index`, `error`. */
  locals: string[];
  /** Names of the secrets there are. */
  secrets: string[];
  /** The scope of live results: `{ trigger, variables, steps: { id: { output, status } }, execution, … }`. */
  values: JsonObject;
}

const NAMED: Completion['kind'][] = ['local', 'root', 'function'];

/** What may be written at the beginning of a path. */
function beginnings(scope: ScopeInfo): Completion[] {
  return [...namesAt(scope), ...functionCompletions()].sort(
    (one, other) => NAMED.indexOf(one.kind) - NAMED.indexOf(other.kind),
  );
}

/** What may follow a path: its members, then the methods of what it is. */
function continuations(path: readonly string[], scope: ScopeInfo): Completion[] {
  let known: Known | undefined = rootOf(path[0] ?? '', scope);
  for (const key of path.slice(1)) known = known && membersOf(known).find(({ name }) => name === key)?.known;
  if (!known) return methodCompletions(undefined);
  const members = membersOf(known).map(({ completion }) => completion);
  return known.isClosed ? members : [...members, ...methodCompletions(known)];
}

/**
 * What could be written at a position of a text, best first; nothing where the position is in plain text or in
 * quotes. `isBare` says that the whole text is one expression, as a condition is.
 */
export function complete(text: string, position: number, scope: ScopeInfo, isBare = false): Completion[] {
  const place = placeAt(text, position, isBare);
  if (!place) return [];
  const { path, partial, from, dot } = place;
  const candidates = path === undefined ? beginnings(scope) : continuations(path, scope);
  return matching(candidates, partial).map((candidate) => placed(candidate, from, dot));
}

const NAME = /^[A-Za-z_$][\w$]*$/;

/** A key that is no name stands in brackets, in place of the dot. */
function placed(candidate: Completion, from: number, dot: number | undefined): Completion {
  if (dot === undefined || candidate.kind === 'method' || NAME.test(candidate.label))
    return { ...candidate, from };
  const isIndex = /^\d+$/.test(candidate.label);
  const key = isIndex ? candidate.label : `'${candidate.label.replaceAll(/['\\]/g, '\\$&')}'`;
  return { ...candidate, from: dot, insert: `[${key}]` };
}

export type { Completion } from './completion.ts';

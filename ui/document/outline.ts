import type { Path } from '#shared/definition/problem.ts';
import { snaked, unused } from '#shared/definition/slug.ts';
import type { ConditionType } from '#shared/definition/workflow.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { findStepType } from '#shared/steps/index.ts';
import { getIn, listAt } from './path.ts';

/** A step of a definition and where it stands. */
export interface StepPlace {
  /** As expressions and edges name it: written, or derived from its name. Unique: a second one gets `#2`. */
  id: string;
  name: string;
  type: string;
  isDisabled: boolean;
  /** The step as it is written. */
  step: JsonObject;
  path: Path;
  index: number;
  list: ListPlace;
  /** The lists of steps it holds. */
  lists: ListPlace[];
}

/** A list of steps: the workflow's own, its finally, the body of a loop, a branch. */
export interface ListPlace {
  /** `steps`, `finally`, or the holder's id and the path in it: `each/config.steps`. */
  key: string;
  path: Path;
  title: string;
  /** The step that holds the list. */
  holder?: StepPlace;
  places: StepPlace[];
  edges: EdgePlace[];
  /** Nothing in the list says anything about edges: they lead from top to bottom. */
  isImplicit: boolean;
}

/** An edge between two steps of one list. */
export interface EdgePlace {
  id: string;
  source: string;
  target: string;
  type: ConditionType;
  expression?: string;
  label?: string;
  /** Position among its source's outputs; none where the edge is implied. */
  index?: number;
}

/** Every list, step and edge of a definition, however unfinished that is. */
export interface Outline {
  lists: ListPlace[];
  steps: ReadonlyMap<string, StepPlace>;
}

const textOf = (value: Json | undefined): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;

const stepsIn = (list: readonly Json[]): [JsonObject, number][] =>
  list.flatMap((step, index) => (isObject(step) ? [[step, index] as [JsonObject, number]] : []));

/** Where lists of steps stand in a step, with a name for each. */
export function nestedPaths(step: JsonObject): { path: Path; title: string }[] {
  const nested = findStepType(String(step.type))?.nested;
  if (!nested || step.type === 'ai_flow') return [];
  if (!nested.path) return [{ path: ['config', 'steps'], title: '' }];
  const around = ['config', ...nested.path(0).slice(0, -2)];
  return listAt(step, around).map((holder, position) => ({
    path: ['config', ...(nested.path?.(position) ?? [])],
    title: (isObject(holder) && (textOf(holder.name) ?? textOf(holder.id))) || `Branch ${position + 1}`,
  }));
}

function writtenIds(list: readonly Json[], found: Set<string>): Set<string> {
  for (const [step] of stepsIn(list)) {
    if (typeof step.id === 'string') found.add(step.id);
    for (const { path } of nestedPaths(step)) writtenIds(listAt(step, path), found);
  }
  return found;
}

const CONDITIONS: readonly string[] = ['success', 'failure', 'expression', 'otherwise', 'always'];

function writtenEdges({ id, step }: StepPlace): EdgePlace[] {
  const outputs = getIn(step, ['connections', 'outputs']);
  if (!Array.isArray(outputs)) return [];
  return outputs.flatMap((output, index) => {
    const target = isObject(output) ? textOf(output.targetStepId) : undefined;
    if (!isObject(output) || target === undefined) return [];
    const type = textOf(getIn(output, ['condition', 'type'])) ?? 'success';
    const expression = textOf(getIn(output, ['condition', 'expression']));
    const label = textOf(output.label);
    return [
      {
        id: `${id}#${index}`,
        source: id,
        target,
        type: (CONDITIONS.includes(type) ? type : 'success') as ConditionType,
        ...(expression !== undefined && { expression }),
        ...(label !== undefined && { label }),
        index,
      },
    ];
  });
}

const impliedEdges = (places: readonly StepPlace[]): EdgePlace[] =>
  places.flatMap(({ id }, position) => {
    const next = places[position + 1];
    return next ? [{ id: `${id}#0`, source: id, target: next.id, type: 'success' as const }] : [];
  });

class Reader {
  readonly lists: ListPlace[] = [];
  readonly steps = new Map<string, StepPlace>();
  readonly #definition: JsonObject;
  readonly #taken: Set<string>;

  constructor(definition: JsonObject) {
    this.#definition = definition;
    this.#taken = writtenIds(
      [...listAt(definition, ['steps']), ...listAt(definition, ['finally'])],
      new Set(),
    );
  }

  read(key: string, path: Path, title: string, holder?: StepPlace): ListPlace {
    const sources = stepsIn(listAt(this.#definition, path));
    const isImplicit = !sources.some(([{ connections }]) => connections !== undefined);
    const list: ListPlace = {
      key,
      path,
      title,
      places: [],
      edges: [],
      isImplicit,
      ...(holder && { holder }),
    };
    this.lists.push(list);
    for (const [step, index] of sources) list.places.push(this.#place(step, index, list));
    list.edges = isImplicit ? impliedEdges(list.places) : list.places.flatMap(writtenEdges);
    for (const place of list.places)
      for (const nested of nestedPaths(place.step)) {
        const at = `${place.id}/${nested.path.join('.')}`;
        place.lists.push(this.read(at, [...place.path, ...nested.path], nested.title, place));
      }
    return list;
  }

  #place(step: JsonObject, index: number, list: ListPlace): StepPlace {
    const name = textOf(step.name);
    const written = typeof step.id === 'string' ? step.id : undefined;
    const id = written ?? unused(snaked(name ?? textOf(step.type) ?? 'step'), this.#taken);
    const place: StepPlace = {
      id: this.#unique(id),
      name: name ?? id,
      type: textOf(step.type) ?? '',
      isDisabled: step.disabled === true,
      step,
      path: [...list.path, index],
      index,
      list,
      lists: [],
    };
    this.steps.set(place.id, place);
    return place;
  }

  #unique(id: string): string {
    let candidate = id;
    for (let number = 2; this.steps.has(candidate); number++) candidate = `${id}#${number}`;
    return candidate;
  }
}

const outlines = new WeakMap<JsonObject, Outline>();

/** The outline of a definition as it is written, valid or not; the same object for the same definition. */
export function outlineOf(definition: JsonObject): Outline {
  const known = outlines.get(definition);
  if (known) return known;
  const reader = new Reader(definition);
  reader.read('steps', ['steps'], '');
  reader.read('finally', ['finally'], 'Finally');
  const outline = { lists: reader.lists, steps: reader.steps };
  outlines.set(definition, outline);
  return outline;
}

/** The list with a key. Every definition has `steps` and `finally`. */
export function listOf(outline: Outline, key: string): ListPlace {
  const list = outline.lists.find((each) => each.key === key);
  if (!list) throw new Error(`There is no list ${key}.`);
  return list;
}

import type { Difference } from '#shared/definition/diff.ts';
import { isObject, type Json } from '#shared/json.ts';

/** One field that changed, in words. */
export interface FieldChange {
  label: string;
  before?: Json;
  after?: Json;
}

/** One step, edge, trigger, variable, setting or field of the workflow that differs. */
export interface Change {
  kind: Difference['kind'];
  id: string;
  /** What people call it, where that is not its id. */
  name?: string;
  /** What it is, of one that was added or removed: its action, or the condition of an edge. */
  detail?: string;
  fields: FieldChange[];
}

/** Changes of one sort under a heading. */
export interface ChangeGroup {
  title: string;
  changes: Change[];
}

/** What a step has become. */
export type StepMark = Difference['kind'];

/** What counts the places in a list, which later entries change without anybody having touched them. */
const ORDER: Partial<Record<Difference['what'], string>> = {
  step: 'order',
  edge: 'position',
  trigger: 'order',
  variable: 'order',
};

const objectOf = (value: Json | undefined) => (value !== undefined && isObject(value) ? value : {});

/** `a → b` leads from a to b, as `a → b (2)` does. */
const endsOf = (edge: string): string[] => edge.split(' → ').map((end) => end.split(' ')[0] ?? '');

const sourceOf = (id: string): string => endsOf(id)[0] ?? '';

/** Where entries of a sort came and went: of steps their list, of edges their source, of others all in one. */
function listOf({ what, id, before, after }: Difference): string {
  if (what === 'edge') return sourceOf(id);
  return what === 'step' ? String(objectOf(after ?? before).place) : '';
}

/** Whether a new place in a list is nothing but the consequence of what came and went before it. */
function isShifted({ what, before, after }: Difference, moved: readonly Difference[]): boolean {
  const key = ORDER[what] ?? '';
  const placeIn = (value: Json | undefined): number => Number(objectOf(value)[key]);
  const lists = new Set(moved.map(listOf));
  return [...lists].some((list) => {
    const here = moved.filter((difference) => listOf(difference) === list);
    const came = here.filter(({ kind, after: value }) => kind === 'added' && placeIn(value) < Number(after));
    const went = here.filter(
      ({ kind, before: value }) => kind === 'removed' && placeIn(value) < Number(before),
    );
    return Number(before) + came.length - went.length === Number(after);
  });
}

/** Only what somebody changed: without the places of entries that merely follow from others. */
function meant(differences: readonly Difference[]): Difference[] {
  return differences.filter((difference) => {
    const { what, field, kind, id } = difference;
    if (kind !== 'changed' || field !== ORDER[what]) return true;
    const moved = differences.filter(
      (other) =>
        other.what === what &&
        other.kind !== 'changed' &&
        (what !== 'edge' || sourceOf(other.id) === sourceOf(id)),
    );
    return !isShifted(difference, moved);
  });
}

const LABELS: Record<string, string> = {
  'action.type': 'action',
  'errorHandling.strategy': 'on error',
  'errorHandling.value': 'fallback value',
  'condition.type': 'condition',
  'condition.expression': 'expression',
  'retryPolicy.maximumAttempts': 'attempts',
  onFailure: 'on failure',
  place: 'stands in',
  order: 'place in its list',
  position: 'place',
};

const PREFIXES: [prefix: string, words: string][] = [
  ['action.parameters.', ''],
  ['config.', ''],
  ['errorHandling.undo.action.', 'undo: '],
  ['errorHandling.undo', 'undo'],
  ['retryPolicy.', 'retry: '],
];

/** `action.parameters.path` → `path`, `errorHandling.strategy` → `on error`. */
export function labelOf(field: string): string {
  const known = LABELS[field];
  if (known !== undefined) return known;
  const [prefix, words] = PREFIXES.find(([start]) => field.startsWith(start)) ?? ['', ''];
  return `${words}${field.slice(prefix.length)}`;
}

const isPosition = (field: string | undefined): boolean => field?.split('.')[0] === 'position';

function detailOf(what: Difference['what'], value: Json | undefined): string | undefined {
  const { action, type, condition } = objectOf(value);
  const found = what === 'edge' ? objectOf(condition).type : (objectOf(action).type ?? type);
  return typeof found === 'string' ? found : undefined;
}

function startOf({ kind, what, id, before, after, field }: Difference): Change {
  const whole = kind === 'changed' ? undefined : (after ?? before);
  const { name } = objectOf(whole);
  const detail = detailOf(what, whole);
  const isNamed = what === 'step' && typeof name === 'string' && name !== id;
  const isPlain = (what === 'setting' || what === 'field') && field === undefined;
  return {
    kind,
    id: isPlain ? labelOf(id) : id,
    fields: isPlain ? [{ label: '', ...values({ before, after }) }] : [],
    ...(isNamed && { name: name as string }),
    ...(detail !== undefined && what !== 'setting' && what !== 'field' && { detail }),
  };
}

const values = ({ before, after }: Pick<Difference, 'before' | 'after'>) => ({
  ...(before !== undefined && { before }),
  ...(after !== undefined && { after }),
});

/** Differences of one thing gathered; a step that was only moved on the canvas says so in one line. */
function gathered(differences: readonly Difference[]): Change[] {
  const found = new Map<string, Change>();
  for (const difference of differences) {
    const { id, kind, field, what } = difference;
    const change = found.get(id) ?? startOf(difference);
    found.set(id, change);
    if (kind !== 'changed' || field === undefined) continue;
    if (what !== 'step' || !isPosition(field))
      change.fields.push({ label: labelOf(field), ...values(difference) });
    else if (!change.fields.some(({ label }) => label === 'moved on the canvas'))
      change.fields.push({ label: 'moved on the canvas' });
  }
  return [...found.values()];
}

const TITLES: [title: string, what: Difference['what'], kind?: Difference['kind']][] = [
  ['Steps added', 'step', 'added'],
  ['Steps removed', 'step', 'removed'],
  ['Steps changed', 'step', 'changed'],
  ['Edges', 'edge'],
  ['Triggers', 'trigger'],
  ['Variables', 'variable'],
  ['Settings', 'setting'],
  ['Workflow', 'field'],
];

/** Differences as people read them: under headings, one entry for each thing; only headings that have some. */
export function groupsOf(differences: readonly Difference[]): ChangeGroup[] {
  const shown = meant(differences);
  return TITLES.flatMap(([title, what, kind]) => {
    const here = shown.filter((each) => each.what === what && (kind === undefined || each.kind === kind));
    return here.length === 0 ? [] : [{ title, changes: gathered(here) }];
  });
}

/** What differs in one step, and in the edges that lead to it and from it. */
export function changesAt(step: string, differences: readonly Difference[]): Difference[] {
  return meant(differences).filter(({ what, id }) =>
    what === 'edge' ? endsOf(id).includes(step) : what === 'step' && id === step,
  );
}

/** What each step has become; a step that only moved on the canvas has not changed. */
export function stepMarks(differences: readonly Difference[]): Map<string, StepMark> {
  const marks = new Map<string, StepMark>();
  for (const { what, id, kind, field } of meant(differences))
    if (what === 'step' && !isPosition(field)) marks.set(id, kind);
  return marks;
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `2 steps added, 1 step changed, 3 edges`; empty where nothing differs. */
export const summaryOf = (differences: readonly Difference[]): string =>
  groupsOf(differences)
    .map(({ title, changes }) => {
      const [word = '', ...rest] = title.toLowerCase().split(' ');
      const noun = word === 'workflow' ? 'field' : word.replace(/s$/, '');
      return [counted(changes.length, noun), ...rest].join(' ');
    })
    .join(', ');

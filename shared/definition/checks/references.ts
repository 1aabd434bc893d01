import { AppError } from '../../errors.ts';
import { condition, parseTemplate, type Reference, references } from '../../expression/index.ts';
import { referencesOf } from '../../expression/references.ts';
import { isObject } from '../../json.ts';
import { didYouMean } from '../../suggest.ts';
import { type Precedence, precedence } from '../graph.ts';
import { formatPath, type Problem } from '../problem.ts';
import { type ExpressionText, expressionTexts } from '../texts.ts';
import { allSteps, type ListPlace, nestedLists } from '../walk.ts';
import type { Step } from '../workflow.ts';
import type { Check, Subject } from './check.ts';

const ROOTS = ['trigger', 'variables', 'workflow', 'execution', 'steps', 'secrets'];
const STEP_FIELDS = ['output', 'status', 'error', 'startTime', 'endTime'];

/** What is known of the workflow's steps while its references are looked at. */
class Steps {
  readonly places = new Map<string, { step: Step; list: ListPlace }>();
  readonly #precedence = new Map<readonly Step[], Precedence>();
  readonly #root: readonly Step[];

  constructor(subject: Subject) {
    for (const { step, list } of allSteps(subject.workflow)) this.places.set(step.id, { step, list });
    this.#root = subject.workflow.steps;
  }

  #precedenceIn({ steps }: ListPlace): Precedence {
    const known = this.#precedence.get(steps) ?? precedence(steps);
    this.#precedence.set(steps, known);
    return known;
  }

  /** Whether a step can have ended before a text is read, is in reach but cannot have, or is out of reach. */
  standing(id: string, text: ExpressionText): 'ready' | 'early' | 'hidden' {
    const place = this.places.get(id);
    if (!place) return 'hidden';
    if (text.isAfter && id === text.step?.id) return 'ready';
    if (this.#seesAll(text) && place.list.steps === this.#root) return 'ready';
    if (text.seesInside && text.step === place.list.within?.step) return 'ready';
    for (const { list, inner } of around(text))
      if (list.steps === place.list.steps)
        return this.#precedenceIn(list).isBefore(id, inner.id) ? 'ready' : 'early';
    return 'hidden';
  }

  /** Ids of the steps that a text can refer to. */
  ready(text: ExpressionText): string[] {
    const own = text.step && text.isAfter ? [text.step.id] : [];
    const root = this.#seesAll(text) ? this.#root.map(({ id }) => id) : [];
    const inside = text.step && text.seesInside ? nestedLists(text.step).flatMap(({ steps }) => steps) : [];
    const before = [...around(text)].flatMap(({ list, inner }) => this.#precedenceIn(list).before(inner.id));
    return [...own, ...before, ...root, ...inside.map(({ id }) => id)];
  }

  /** The workflow's output and its finally list come after everything. */
  #seesAll({ list }: ExpressionText): boolean {
    return list === undefined || list.isFinally;
  }
}

/** The lists around a text, innermost first, each with the step that the text stands in or belongs to. */
function* around({ step, list }: ExpressionText): Generator<{ list: ListPlace; inner: Step }> {
  let inner = step;
  for (let place = list; place && inner; place = place.within?.list) {
    yield { list: place, inner };
    inner = place.within?.step;
  }
}

type Finding = Pick<Problem, 'code' | 'message' | 'fix'>;

function stepFinding(
  id: string,
  field: string | undefined,
  text: ExpressionText,
  steps: Steps,
): Finding | undefined {
  const standing = steps.standing(id, text);
  if (standing === 'ready') {
    if (field === undefined || STEP_FIELDS.includes(field)) return undefined;
    const fix =
      didYouMean(field, STEP_FIELDS) ??
      `A step has ${STEP_FIELDS.join(', ')}; what it returned is in output.`;
    return { code: 'reference.unknown_field', message: `A step has no "${field}".`, fix };
  }
  if (id === text.step?.id)
    return {
      code: 'reference.itself',
      message: `Step "${id}" refers to itself.`,
      fix: 'Only its edges, its undo and its fallback can see how it ended.',
    };
  if (standing === 'early')
    return {
      code: 'reference.not_before',
      message: `Step "${id}" cannot have run before ${text.step ? `step "${text.step.id}"` : 'this'}.`,
      fix: `Lead from "${id}" to it by an edge.`,
    };
  const place = steps.places.get(id);
  if (!place)
    return {
      code: 'reference.unknown_step',
      message: `There is no step "${id}".`,
      fix: didYouMean(id, steps.ready(text)) ?? 'Name the id of a step that comes before.',
    };
  const around = place.list.within?.step.id;
  const fix = around
    ? `Use the output of "${around}", which holds what its steps returned.`
    : 'Only the finally list comes after everything.';
  return {
    code: 'reference.not_visible',
    message: `Step "${id}" stands in another list of steps and cannot be seen from here.`,
    fix,
  };
}

function variableFinding(name: string, subject: Subject): Finding | undefined {
  const names = subject.workflow.variables.map((variable) => variable.name);
  if (names.includes(name)) return undefined;
  return {
    code: 'reference.unknown_variable',
    message: `There is no variable "${name}".`,
    fix: didYouMean(name, names) ?? `Declare it under variables: - { name: ${name} }.`,
  };
}

/** Fields whose text a model is given. */
const SAID_TO_MODELS = ['prompt', 'system', 'messages', 'context', 'goal'];

function secretFinding(name: string | undefined, { step, path }: ExpressionText): Finding | undefined {
  if (name === undefined)
    return {
      code: 'expression.whole_root',
      message: 'secrets can only be read one by one, by name.',
      fix: 'Write secrets.NAME.',
    };
  const isForModel = step?.type === 'ai_flow' || step?.action?.type.startsWith('ai.');
  const isSaid = path.some((key) => SAID_TO_MODELS.includes(String(key)));
  if (!isForModel || !isSaid) return undefined;
  return {
    code: 'reference.secret_in_prompt',
    message: `The secret "${name}" would be told to a model.`,
    fix: 'Leave it out; a tool or a later step can use it instead.',
  };
}

function findingOf(
  { path }: Reference,
  text: ExpressionText,
  subject: Subject,
  steps: Steps,
): Finding | undefined {
  const [root = '', first, second] = path;
  const names = [...ROOTS, ...text.extra, ...(text.list?.locals ?? [])];
  if (!names.includes(root))
    return {
      code: 'expression.unknown_name',
      message: `There is no "${root}" here.`,
      fix: didYouMean(root, names) ?? `There are ${names.join(', ')}.`,
    };
  if (root === 'secrets') return secretFinding(first, text);
  if (root === 'steps' && first !== undefined) return stepFinding(first, second, text, steps);
  if (root === 'variables' && first !== undefined) return variableFinding(first, subject);
  return undefined;
}

function atText(subject: Subject, { path }: ExpressionText, offset: number, finding: Finding): Problem {
  return { ...finding, path: formatPath(path), ...subject.source.locateText(path, offset) };
}

function syntaxFinding(text: ExpressionText, subject: Subject): Problem | undefined {
  try {
    if (text.isBare) condition(text.text);
    else parseTemplate(text.text);
    return undefined;
  } catch (thrown) {
    if (!AppError.is(thrown)) throw thrown;
    const { code, message, fix, details } = thrown;
    const offset = isObject(details) && typeof details.offset === 'number' ? details.offset : 0;
    return atText(subject, text, offset, { code, message, ...(fix === undefined ? {} : { fix }) });
  }
}

function referencesIn({ text, isBare }: ExpressionText): Reference[] {
  if (!isBare) return references(text);
  const { node, base } = condition(text);
  return referencesOf(node).map(({ path, offset }) => ({ path, offset: offset + base }));
}

/** Expressions can be read, and what they refer to exists and can have happened before. */
export const checkReferences: Check = function* (subject) {
  const steps = new Steps(subject);
  for (const text of expressionTexts(subject.workflow)) {
    const wrong = syntaxFinding(text, subject);
    if (wrong) {
      yield wrong;
      continue;
    }
    for (const reference of referencesIn(text)) {
      const finding = findingOf(reference, text, subject, steps);
      if (finding) yield atText(subject, text, reference.offset, finding);
    }
  }
};

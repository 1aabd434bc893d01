import { FUNCTIONS, METHOD_NAMES, parseExpression } from '#shared/expression/index.ts';
import { Run } from '#shared/expression/limits.ts';
import { CALLBACK_METHODS, methodOf } from '#shared/expression/methods.ts';
import type { Json } from '#shared/json.ts';
import { type Completion, completion } from './completion.ts';
import { type Known, typesOf } from './known.ts';

/** A call, with the caret between its brackets where it takes something. */
const call = (name: string, takesNothing: boolean): Pick<Completion, 'insert' | 'back'> =>
  takesNothing ? { insert: `${name}()` } : { insert: `${name}()`, back: 1 };

let functions: Completion[] | undefined;

/** Every function of the library, with its documentation. */
export function functionCompletions(): Completion[] {
  functions ??= [...FUNCTIONS.values()].map(({ name, args, doc, examples }) => {
    const [text, result] = examples[0] ?? [];
    const example = text === undefined ? '' : `\n${text} → ${JSON.stringify(result) ?? 'undefined'}`;
    const more = { detail: `(${args})`, info: `${doc}${example}`, ...call(name, args === '') };
    return completion('function', name, more);
  });
  return functions;
}

const SAMPLES: Record<string, Json> = { string: '', array: [], number: 0, boolean: true };

/** Which types have a method of that name: asked of the evaluator itself. */
function ownersOf(name: string): string[] {
  const run = new Run(parseExpression('null'), {});
  return Object.keys(SAMPLES).filter((type) => {
    try {
      return methodOf(name, SAMPLES[type], run) !== undefined;
    } catch {
      return false;
    }
  });
}

const TAKES_NOTHING = new Set([
  'toLowerCase',
  'toUpperCase',
  'toString',
  'trim',
  'trimStart',
  'trimEnd',
  'reverse',
]);
const WORDS: Record<string, string> = { string: 'text', array: 'list', number: 'number', boolean: 'boolean' };

let methods: { owners: string[]; completion: Completion }[] | undefined;

/** The methods a value has; those of every type where its type is not known. */
export function methodCompletions(known: Known | undefined): Completion[] {
  methods ??= [...METHOD_NAMES].map((name) => {
    const owners = ownersOf(name);
    const takes = CALLBACK_METHODS.has(name)
      ? { insert: `${name}(x => x)`, back: 1 }
      : call(name, TAKES_NOTHING.has(name));
    const detail = `method of a ${owners.map((owner) => WORDS[owner]).join(' or ')}`;
    return { owners, completion: completion('method', name, { detail, ...takes }) };
  });
  const types = known ? typesOf(known) : [];
  return methods
    .filter(({ owners }) => types.length === 0 || owners.some((owner) => types.includes(owner)))
    .map((method) => method.completion);
}

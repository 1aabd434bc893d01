import { isObject, type Json, type JsonObject } from '../json.ts';
import { didYouMean } from '../suggest.ts';
import type { Problem } from './problem.ts';
import type { Variable, VariableType } from './workflow.ts';

/** Whether a value is of a variable's type. */
export function isOfType(value: Json, type: VariableType): boolean {
  if (type === 'any') return true;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);

  return typeof value === type;
}

const unknown = (name: string, known: string[]): Problem => ({
  code: 'variable.unknown',
  message: `The workflow has no variable "${name}".`,
  path: `variables.${name}`,
  fix: didYouMean(name, known) ?? (known.length > 0 ? `It has ${known.join(', ')}.` : 'It declares none.'),
});

const missing = ({ name, type }: Variable): Problem => ({
  code: 'variable.missing',
  message: `The variable "${name}" is required.`,
  path: `variables.${name}`,
  fix: `Give it a value of type ${type}.`,
});

const mistyped = ({ name, type }: Variable, value: Json): Problem => ({
  code: 'variable.invalid',
  message: `The variable "${name}" is of type ${type}, not ${Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value}.`,
  path: `variables.${name}`,
  fix: `Give it a value of type ${type}.`,
});

/** The values a run starts with: those given, defaults for the rest, null where there is neither. */
export function fillVariables(
  declared: Variable[],
  given: JsonObject,
): { values: JsonObject; problems: Problem[] } {
  const names = declared.map(({ name }) => name);
  const problems = Object.keys(given)
    .filter((name) => !names.includes(name))
    .map((name) => unknown(name, names));
  const values: JsonObject = {};
  for (const variable of declared) {
    const value =
      (Object.hasOwn(given, variable.name) ? given[variable.name] : undefined) ?? variable.default;
    if (value === undefined) {
      if (variable.required) problems.push(missing(variable));
      values[variable.name] = null;
    } else {
      if (!isOfType(value, variable.type)) problems.push(mistyped(variable, value));
      values[variable.name] = value;
    }
  }
  return { values, problems };
}

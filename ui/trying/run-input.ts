import { isOfType } from '#shared/definition/variables.ts';
import type { Variable } from '#shared/definition/workflow.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { readJson } from '#ui/data/read-json.ts';

/** A trigger that an execution can be made to look started by. */
export interface TriggerChoice {
  id: string;
  type: string;
}

/** What was typed into a form: the text of each variable, and of the trigger's event. */
export interface Entered {
  variables: Record<string, string>;
  /** Id of the trigger; `manual` for none. */
  trigger: string;
  /** JSON of the event's fields. */
  event: string;
}

/** What an execution is started with, or what is wrong with a field, by its name; `event` for the event's. */
export interface RunInput {
  variables: JsonObject;
  trigger?: JsonObject;
  problems: Record<string, string>;
}

export const MANUAL = 'manual';

const TYPES = ['string', 'number', 'boolean', 'object', 'array', 'any'] as const;

const list = (value: Json | undefined): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The variables that a definition declares, as far as it can be read. */
export const variablesIn = ({ variables }: JsonObject): Variable[] =>
  list(variables).flatMap(({ name, type, default: otherwise, required, description }) => {
    if (typeof name !== 'string') return [];
    return [
      {
        name,
        type: TYPES.find((known) => known === type) ?? 'any',
        required: required === true,
        ...(otherwise !== undefined && { default: otherwise }),
        ...(typeof description === 'string' && { description }),
      },
    ];
  });

/** The triggers that a definition has, with the ids they are given where they have none. */
export const triggersIn = ({ triggers }: JsonObject): TriggerChoice[] =>
  list(triggers).flatMap(({ id, type }) =>
    typeof type === 'string' ? [{ id: typeof id === 'string' ? id : type, type }] : [],
  );

const EXPECTED: Record<Variable['type'], string> = {
  string: 'text',
  number: 'a number, such as 4.5',
  boolean: 'true or false',
  object: 'a JSON object, such as { "key": 1 }',
  array: 'a JSON list, such as [1, 2]',
  any: 'JSON or text',
};

function readValue({ type }: Variable, text: string): Json | undefined {
  if (type === 'string') return text;
  const value = readJson(text)?.value;
  if (type === 'any') return value ?? text;
  return value !== undefined && isOfType(value, type) ? value : undefined;
}

/** Reads a form. A field left empty is not sent: the variable's default is taken, which is empty text at the most. */
export function readInput(
  declared: readonly Variable[],
  triggers: readonly TriggerChoice[],
  { variables: texts, trigger: chosen, event }: Entered,
): RunInput {
  const variables: JsonObject = {};
  const problems: Record<string, string> = {};
  for (const variable of declared) {
    const text = texts[variable.name] ?? '';
    if (text.trim() === '') {
      if (variable.required && variable.default === undefined)
        problems[variable.name] = 'A value is required.';
      continue;
    }
    const value = readValue(variable, text);
    if (value === undefined) problems[variable.name] = `Write ${EXPECTED[variable.type]}.`;
    else variables[variable.name] = value;
  }
  const trigger = triggers.find(({ id }) => id === chosen);
  const fields = event.trim() === '' ? {} : readJson(event)?.value;
  if (fields === undefined || !isObject(fields)) {
    problems.event = 'Write a JSON object, such as { "filePath": "a.txt" }.';
    return { variables, problems };
  }
  if (!trigger && Object.keys(fields).length === 0) return { variables, problems };
  const { id, type } = trigger ?? { id: MANUAL, type: MANUAL };
  return { variables, problems, trigger: { id, type, ...fields } };
}

import type { Json, JsonObject } from '#shared/json.ts';
import type { FieldHints } from './form-context.ts';
import { valueHint, valueSchema } from './variables.ts';

/** A variable that a run can be given. */
export interface RunVariable {
  name: string;
  type?: string;
  default?: Json;
  required?: boolean;
  description?: string;
}

/** JSON Schema of what a run is given: one field for each variable. */
export function runSchema(variables: readonly RunVariable[]): JsonObject {
  const properties = variables.map(({ name, type = 'any', description, default: standard }) => [
    name,
    {
      ...valueSchema(type),
      ...(description !== undefined && { description }),
      ...(standard !== undefined && { default: standard }),
    },
  ]);
  return {
    type: 'object',
    properties: Object.fromEntries(properties) as JsonObject,
    required: variables
      .filter((one) => one.required === true && one.default === undefined)
      .map(({ name }) => name),
  };
}

/** The variables go by their own names; lists and objects are written as JSON. */
export const runHints = (variables: readonly RunVariable[]): FieldHints =>
  Object.fromEntries(variables.map(({ name, type = 'any' }) => [name, { ...valueHint(type), label: name }]));

/** Names of the variables that still need a value. */
export const stillNeeded = (variables: readonly RunVariable[], values: JsonObject): string[] =>
  variables
    .filter((one) => one.required === true && one.default === undefined && !Object.hasOwn(values, one.name))
    .map(({ name }) => name);

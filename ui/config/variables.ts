import type { JsonObject } from '#shared/json.ts';
import type { FieldHint, FieldHints } from './form-context.ts';

export const VARIABLE_TYPES = ['string', 'number', 'boolean', 'object', 'array', 'any'] as const;

const VALUES: Record<string, JsonObject> = {
  string: { type: 'string' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  array: { type: 'array', items: {} },
};

/** JSON Schema of a value of a variable's type. Objects are written as JSON. */
export const valueSchema = (type: string): JsonObject => VALUES[type] ?? {};

/** JSON Schema of a declaration whose default is of that type. */
export const variableSchema = (type: string): JsonObject => ({
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Letters, digits and _; expressions read it as variables.name' },
    type: { type: 'string', enum: [...VARIABLE_TYPES], default: 'any' },
    default: { ...valueSchema(type), description: 'Its value where an execution gives none' },
    required: { type: 'boolean', default: false, description: 'Whether an execution has to give it' },
    description: { type: 'string' },
  },
  required: ['name'],
});

/** How a value of a variable's type is edited, where its schema does not say. */
export const valueHint = (type: string): FieldHint =>
  type === 'object' || type === 'array' ? { as: 'json' } : {};

/** Hints for a declaration whose default is of that type. */
export const defaultHints = (type: string): FieldHints => ({
  default: valueHint(type),
  description: { as: 'text' },
});

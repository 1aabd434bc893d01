import { z } from 'zod';
import { type Catalog, type CatalogAction, catalogSchema } from '#shared/catalog/catalog.ts';
import { DEFAULT_TIMEOUT } from '#shared/catalog/facts.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type { Action } from './action.ts';
import type { Registry } from './registry.ts';

/** zod bounds every integer by what a number can hold, which tells a reader nothing. */
const isEmptyBound = (key: string, value: Json): boolean =>
  (key === 'maximum' || key === 'minimum') && Math.abs(Number(value)) === Number.MAX_SAFE_INTEGER;

function tidy(value: Json): Json {
  if (Array.isArray(value)) return value.map(tidy);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key, item]) => key !== '$schema' && !isEmptyBound(key, item));
  return Object.fromEntries(kept.map(([key, item]) => [key, tidy(item)]));
}

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): JsonObject =>
  tidy(z.toJSONSchema(schema, { io, reused: 'inline' }) as Json) as JsonObject;

const takesContext = ({ properties }: JsonObject): boolean =>
  isObject(properties) && ['context', 'includeContext'].every((name) => Object.hasOwn(properties, name));

function describe(action: Action): CatalogAction {
  const { type, title, description, icon, effect, idempotent, literal, defaults, examples } = action;
  const input = schemaOf(action.input, 'input');
  return {
    type,
    group: type.split('.')[0] ?? type,
    title,
    description,
    icon,
    input,
    output: schemaOf(action.output, 'output'),
    effect,
    idempotent: idempotent === true,
    ...(literal && { literal: [...literal] }),
    ...(takesContext(input) && { contextual: true }),
    timeout: defaults?.timeout ?? DEFAULT_TIMEOUT,
    retry: defaults?.retry ?? {},
    examples: examples.map(({ title, input, output }) => ({
      title,
      input,
      ...(output !== undefined && { output }),
    })),
  };
}

/** Everything the registry holds, as data. */
export const catalogOf = (registry: Registry): Catalog =>
  catalogSchema.parse({ actions: [...registry.values()].map(describe) });

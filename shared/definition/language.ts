import { z } from 'zod';
import type { SchemaKit } from '../machine/step-type.ts';
import { stepTypes } from '../steps/index.ts';
import { triggerTypes } from '../triggers/index.ts';

const schema = z.record(z.string(), z.json());

const kind = {
  type: z.string(),
  title: z.string(),
  description: z.string(),
  /** A lucide icon name. */
  icon: z.string(),
  /** JSON Schema of `config`; lists of steps in it are left open. */
  config: schema,
};

/** The step types and trigger types there are, for those who build definitions. */
export const languageSchema = z.object({
  steps: z.array(z.object({ ...kind, expressions: z.array(z.string()).optional() })),
  triggers: z.array(z.object({ ...kind, sample: schema })),
});

export type Language = z.infer<typeof languageSchema>;

/** Marks what an editor shows in a way of its own; JSON Schema lets others read past it. */
const marked = (type: z.ZodType, format: string, description: string): z.ZodType =>
  type.meta({ format, description });

const kit: SchemaKit = {
  z,
  duration: marked(
    z.union([z.number(), z.string()]),
    'duration',
    'Milliseconds, or a number with a unit: 500ms, 30s, 5m, 2h, 7d.',
  ),
  expression: marked(z.string(), 'expression', 'An expression, with or without {{ }}.'),
  value: marked(z.any(), 'value', 'Any value; {{ expressions }} in its strings are filled in.'),
  steps: marked(z.array(z.any()), 'steps', 'The steps inside.'),
};

const schemaOf = (type: z.ZodType): z.infer<typeof schema> => {
  const { $schema: _, ...rest } = z.toJSONSchema(type, { io: 'input' });
  return rest as z.infer<typeof schema>;
};

/** The language's parts, described as data. */
export function language(): Language {
  return {
    steps: stepTypes.map(({ type, title, description, icon, config, expressions }) => ({
      type,
      title,
      description,
      icon,
      config: schemaOf(config(kit)),
      ...(expressions && { expressions }),
    })),
    triggers: triggerTypes.map(({ type, title, description, icon, config, sample }) => ({
      type,
      title,
      description,
      icon,
      sample,
      config: schemaOf(config),
    })),
  };
}

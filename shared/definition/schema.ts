import { z } from 'zod';
import { durationOf } from '../duration.ts';
import type { SchemaKit, StepType } from '../machine/step-type.ts';
import { stepTypes } from '../steps/index.ts';
import { triggerTypes } from '../triggers/index.ts';
import type { TriggerType } from '../triggers/trigger-type.ts';

const id = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'An id starts with a letter and holds letters, digits, _ and - only.')
  .max(100);
const name = z.string().min(1).max(200);
const isDuration = (text: string | number): boolean => durationOf(text) !== undefined;
const notADuration =
  'This is no duration. Write milliseconds, or a number with a unit: 500ms, 30s, 5m, 2h, 7d.';
const duration = z
  .union([z.number(), z.string()])
  .refine(isDuration, notADuration)
  .meta({ description: 'Milliseconds, or a number with a unit: 500ms, 30s, 5m, 2h, 7d.' });
const durationOrTemplate = z
  .union([z.number(), z.string()])
  .refine((given) => isDuration(given) || String(given).includes('{{'), notADuration)
  .meta({ description: 'Milliseconds, or text such as 30s, or a template of either.' });
const value = z.json().meta({ description: 'Any value; {{ expressions }} in its strings are filled in.' });
const expression = z
  .string()
  .min(1)
  .max(10_000)
  .meta({ description: 'An expression, with or without {{ }}.' });

const action = z.strictObject({
  type: z.string().min(1).max(200).meta({ description: 'An action of the library, such as file.read.' }),
  provider: z.string().optional(),
  parameters: z.record(z.string(), value).optional(),
  parameterSchema: z.json().optional(),
});

const retryPolicy = z.strictObject({
  maximumAttempts: z.int().min(1).max(1_000).optional(),
  initialInterval: duration.optional(),
  backoffCoefficient: z.number().min(1).max(100).optional(),
  maximumInterval: duration.optional(),
  nonRetryableErrors: z.array(z.string()).max(100).optional(),
});

const connection = z
  .strictObject({
    targetStepId: z.string(),
    condition: z
      .strictObject({
        type: z.enum(['success', 'failure', 'expression', 'otherwise', 'always']),
        expression: expression.optional(),
      })
      .refine(({ type, expression: text }) => (type === 'expression') === (text !== undefined), {
        message: 'An edge has an expression if, and only if, its condition is of type expression.',
        path: ['expression'],
      })
      .optional(),
    label: z.string().max(200).optional(),
  })
  .meta({ title: 'Edge' });

const errorHandling = z
  .strictObject({
    strategy: z.enum(['fail', 'continue', 'park', 'fallback']).optional(),
    value: value.optional(),
    undo: z.strictObject({ action }).optional(),
  })
  .refine(({ strategy, value: stand }) => (strategy === 'fallback') === (stand !== undefined), {
    message: 'A value goes with the strategy fallback, and only with it.',
    path: ['value'],
  });

const common = {
  id: id.optional(),
  name: name.optional(),
  description: z.string().max(10_000).optional(),
  disabled: z.boolean().optional(),
  timeout: duration.optional(),
  errorHandling: errorHandling.optional(),
  join: z.enum(['all', 'any']).optional(),
  connections: z
    .strictObject({ inputs: z.array(z.string()).optional(), outputs: z.array(connection).optional() })
    .optional(),
  position: z.strictObject({ x: z.number(), y: z.number() }).optional(),
};

function stepSchema(type: StepType): z.ZodObject {
  const kit: SchemaKit = {
    z,
    duration: durationOrTemplate,
    expression,
    value,
    steps: z.lazy(() => steps.min(1)),
  };
  const config = type.config(kit);
  const particular =
    type.type === 'action'
      ? { action, config: config.optional(), retryPolicy: retryPolicy.optional() }
      : { config };
  return z
    .strictObject({ type: z.literal(type.type), ...common, ...particular })
    .meta({ title: type.title, description: type.description });
}

const [first, ...others] = stepTypes.map(stepSchema);
const step = z.discriminatedUnion('type', [first as z.ZodObject, ...others]);
const steps: z.ZodArray<typeof step> = z.array(step).max(10_000);

/** A trigger's config, which may be left out where nothing in it is needed. */
const configOf = ({ config }: TriggerType): z.ZodType =>
  config.safeParse({}).success ? config.optional() : config;

const trigger = z.discriminatedUnion(
  'type',
  triggerTypes.map((type) =>
    z
      .strictObject({
        id: id.optional(),
        type: z.literal(type.type),
        config: configOf(type),
        enabled: z.boolean().optional(),
      })
      .meta({ title: type.title, description: type.description }),
  ) as unknown as [z.ZodObject, ...z.ZodObject[]],
);

const variable = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'A variable is named with letters, digits and _ only.')
    .max(100)
    .refine((text) => !(text in {}), 'This name has a meaning of its own; choose another.'),
  type: z.enum(['string', 'number', 'boolean', 'object', 'array', 'any']).optional(),
  default: z.json().optional(),
  required: z.boolean().optional(),
  description: z.string().max(10_000).optional(),
});

const settings = z.strictObject({
  timeout: duration.optional(),
  retry: retryPolicy.optional(),
  onFailure: z.enum(['fail', 'park']).optional(),
});

/** A workflow as people write it: YAML or JSON. What the runner works with is its normal form, `Workflow`. */
export const workflowSchema = z
  .strictObject({
    id: id.optional(),
    name,
    description: z.string().max(10_000).optional(),
    version: z.union([z.string(), z.number()]).optional(),
    created: z.string().optional(),
    updated: z.string().optional(),
    author: z.string().max(200).optional(),
    enabled: z.boolean().optional(),
    metadata: z.looseObject({ tags: z.array(z.string().max(100)).max(50).optional() }).optional(),
    triggers: z.array(trigger).max(100).optional(),
    variables: z.array(variable).max(200).optional(),
    settings: settings.optional(),
    steps: steps.min(1),
    finally: steps.optional(),
    output: value.optional(),
  })
  .meta({ title: 'ACAS Runner workflow' });

export type WorkflowSource = z.infer<typeof workflowSchema>;
export type StepSource = z.infer<typeof step>;

/** The language as JSON Schema (draft 2020-12), for editors. */
export const workflowJsonSchema = (): unknown => z.toJSONSchema(workflowSchema, { io: 'input' });

/** Content of `workflow.schema.json`, which editors read; `npm run catalog` writes it. */
export const workflowJsonSchemaText = (): string => `${JSON.stringify(workflowJsonSchema(), null, 2)}\n`;

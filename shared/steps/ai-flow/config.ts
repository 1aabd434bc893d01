import type { SchemaKit } from '../../machine/step-type.ts';
import { toolName } from './tools.ts';

/** Schema of an agent's config. */
export function configSchema({ z, value }: SchemaKit) {
  const text = z.string().min(1).max(200);
  const common = {
    name: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'A tool is named with letters, digits, _ and - only, 64 at most.')
      .optional()
      .meta({ description: 'What the model calls it; made from what it is when absent.' }),
    description: z.string().max(4_000).optional(),
    approval: z.boolean().optional().meta({ description: 'A person has to agree to each call.' }),
  };
  const tool = z.union([
    z.strictObject({
      action: text.meta({ description: 'An action of the library.' }),
      parameters: z
        .record(z.string(), value)
        .optional()
        .meta({ description: 'Set here; the model neither sees nor changes them.' }),
      ...common,
    }),
    z.strictObject({ plugin: text, command: text, ...common }),
    z.strictObject({ workflow: text.meta({ description: 'Id of a workflow.' }), ...common }),
  ]);
  return z.strictObject({
    goal: z.string().min(1).meta({ description: 'What is to be done.' }),
    provider: z.enum(['claude', 'openai', 'gemini']),
    model: text.optional(),
    system: z.string().optional(),
    tools: z
      .array(tool)
      .max(64)
      .refine((tools) => new Set(tools.map(toolName as never)).size === tools.length, {
        message: 'Two tools have the same name; give one of them another with `name`.',
      })
      .optional(),
    limits: z
      .strictObject({
        turns: z
          .int()
          .min(1)
          .max(500)
          .optional()
          .meta({ description: 'Answers of the model; 20 by default.' }),
        tokens: z.int().min(1).optional().meta({ description: 'Tokens read and written in all.' }),
        cost: z.number().positive().optional().meta({ description: 'US dollars in all.' }),
      })
      .optional(),
    maxTokens: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ description: 'Of one answer; 4096 by default.' }),
    temperature: z.number().min(0).max(2).optional(),
    output: z
      .record(z.string(), z.json())
      .optional()
      .meta({ description: 'JSON Schema of the final answer, which is then in output.data.' }),
    apiKey: z.string().min(1).optional(),
    baseUrl: z.string().min(1).optional(),
  });
}

import { z } from 'zod';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { type Services, Terminal } from '../action.ts';
import type { ToolSpec } from '../ai/provider.ts';
import type { Registry } from '../registry.ts';

/** A tool as the definition lists it; what its arguments are is looked up here. */
export const toolReference = z.strictObject({
  name: z.string(),
  action: z.string().optional(),
  plugin: z.string().optional(),
  command: z.string().optional(),
  workflow: z.string().optional(),
  description: z.string().optional(),
  fixed: z.array(z.string()),
});

export type ToolReference = z.infer<typeof toolReference>;

interface Described {
  description: string;
  inputSchema: JsonObject;
}

/** A schema without the parameters that the definition sets. */
function without(schema: JsonObject, fixed: string[]): JsonObject {
  const { properties, required, ...rest } = schema;
  if (!isObject(properties)) return schema;
  const open = Object.entries(properties).filter(([name]) => !fixed.includes(name));
  const needed = Array.isArray(required) ? required.filter((name) => !fixed.includes(String(name))) : [];
  return { ...rest, properties: Object.fromEntries(open), ...(needed.length > 0 && { required: needed }) };
}

function actionTool(registry: Registry, type: string): Described {
  const action = registry.get(type);
  if (!action)
    throw new Terminal('ai_flow.unknown_tool', `There is no action "${type}" for the agent to call.`, {
      fix: 'Name an action that this worker has; GET /api/workflows/actions lists them.',
    });
  const { $schema, ...inputSchema } = z.toJSONSchema(action.input, {
    io: 'input',
    reused: 'inline',
  }) as JsonObject;
  return { description: action.description, inputSchema };
}

/** What workflows take when they are called as tools: their variables, whatever these are. */
const WORKFLOW_ARGUMENTS: JsonObject = {
  type: 'object',
  description: 'Variables of the workflow.',
  additionalProperties: true,
};

async function describe(tool: ToolReference, registry: Registry, { plugins }: Services): Promise<Described> {
  if (tool.action !== undefined) return actionTool(registry, tool.action);
  if (tool.plugin !== undefined) {
    const { description, inputSchema } = await plugins.describe(tool.plugin, tool.command ?? '');
    return { description: description ?? '', inputSchema: inputSchema as Json as JsonObject };
  }
  return {
    description: `Runs the workflow "${tool.workflow}" and gives its output.`,
    inputSchema: WORKFLOW_ARGUMENTS,
  };
}

/** The tools as a model is told of them. Throws Terminal `ai_flow.unknown_tool`. */
export async function toolSpecs(
  tools: ToolReference[],
  registry: Registry,
  services: Services,
): Promise<ToolSpec[]> {
  const specs: ToolSpec[] = [];
  for (const tool of tools) {
    const { description, inputSchema } = await describe(tool, registry, services);
    specs.push({
      name: tool.name,
      description: tool.description ?? description,
      inputSchema: without(inputSchema, tool.fixed),
    });
  }
  return specs;
}

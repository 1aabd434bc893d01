import type { Step } from '../../definition/workflow.ts';
import type { Json, JsonObject } from '../../json.ts';

/** A tool as a definition lists it: an action, a command of a plugin, or a workflow. */
export interface Tool {
  action?: string;
  plugin?: string;
  command?: string;
  workflow?: string;
  /** What the model calls it. */
  name?: string;
  description?: string;
  /** Parameters that are set here and that the model cannot see or change. */
  parameters?: JsonObject;
  /** Whether a person has to agree to each call. */
  approval?: boolean;
}

/** What a model turn is told of a tool, for it to look up the rest where actions are at hand. */
type ToolReference = Pick<Tool, 'action' | 'plugin' | 'command' | 'workflow' | 'description'> & {
  name: string;
  /** Names of parameters that are set already. */
  fixed: string[];
};

/** Letters, digits, `_` and `-`, at most 64: what every model takes. */
export const toolName = ({ name, action, plugin, command, workflow }: Tool): string =>
  (name ?? action ?? workflow ?? `${plugin}_${command}`).replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 64);

export const toolsOf = (config: JsonObject): Tool[] => (config.tools ?? []) as unknown as Tool[];

export const toolReferences = (config: JsonObject): Json =>
  toolsOf(config).map((tool) => {
    const { action, plugin, command, workflow, description, parameters = {} } = tool;
    const fixed = Object.keys(parameters);
    const reference: ToolReference = {
      name: toolName(tool),
      fixed,
      ...(action !== undefined && { action }),
      ...(plugin !== undefined && { plugin }),
      ...(command !== undefined && { command }),
      ...(workflow !== undefined && { workflow }),
      ...(description !== undefined && { description }),
    };
    return reference;
  });

/** The action that a call of a tool runs. `given` gives the model's arguments, under what is set already. */
export function actionOf(tool: Tool, given: string): NonNullable<Step['action']> {
  const { action, plugin = '', command = '', workflow, parameters = {} } = tool;
  if (action !== undefined) return { type: action, parameters, given };
  if (workflow !== undefined)
    return { type: 'workflow.run', parameters: { workflowId: workflow, variables: given } };
  return { type: 'plugin.execute', parameters: { pluginId: plugin, command, arguments: given } };
}

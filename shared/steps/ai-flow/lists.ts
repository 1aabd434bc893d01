import type { Step } from '../../definition/workflow.ts';
import type { Json, JsonObject } from '../../json.ts';
import { actionOf, type Tool, toolName, toolReferences, toolsOf } from './tools.ts';

/** The internal actions that an agent's turns are made of. */
export const TURN = 'ai.turn';
export const COMPACT = 'ai.compact';

/** Ids of the steps inside an agent's frames. */
export const MODEL = 'model';
export const APPROVAL = 'approval';
export const CALL = 'call';

/** How long a model may take over one answer, in milliseconds. */
const TURN_TIMEOUT = 600_000;

const step = (id: string, name: string, more: Partial<Step>): Step => ({
  id,
  name,
  type: 'action',
  disabled: false,
  config: {},
  errorHandling: { strategy: 'fail' },
  join: 'all',
  connections: { inputs: [], outputs: [] },
  ...more,
});

const PASSED_ON = ['provider', 'model', 'system', 'apiKey', 'baseUrl', 'maxTokens', 'temperature'] as const;

/** The settings of the model that are set; their templates are filled in when a turn begins. */
function settingsOf(config: JsonObject): JsonObject {
  const entries = PASSED_ON.flatMap((name) => {
    const value = config[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(entries) as JsonObject;
}

function turn(config: JsonObject, isFirst: boolean): Step[] {
  const { goal = '', output } = config;
  const parameters: JsonObject = {
    ...settingsOf(config),
    ...(isFirst && { goal }),
    ...(output !== undefined && { schema: output }),
    tools: toolReferences(config),
    conversation: '{{ conversation }}',
    results: '{{ results }}',
    note: '{{ note }}',
  };
  return [step(MODEL, 'Model', { action: { type: TURN, parameters }, timeout: TURN_TIMEOUT })];
}

function compaction(config: JsonObject): Step[] {
  const parameters: JsonObject = {
    ...settingsOf(config),
    conversation: '{{ conversation }}',
    results: '{{ results }}',
  };
  return [step(MODEL, 'Summary', { action: { type: COMPACT, parameters }, timeout: TURN_TIMEOUT })];
}

/** A call that a person has to agree to: rejected, it is skipped, and the model is told why. */
function approvedCall(tool: Tool): Step[] {
  const name = toolName(tool);
  const rejected: Json = { approved: false, reason: '{{ error.message }}' };
  const data = `{{ steps.${APPROVAL}.output.data }}`;
  return [
    step(APPROVAL, `Approve ${name}`, {
      type: 'approval',
      config: { message: `The agent asks to call ${name}.`, data: '{{ given }}' },
      errorHandling: { strategy: 'fallback', value: rejected },
      connections: {
        inputs: [],
        outputs: [
          { targetStepId: CALL, condition: { type: 'expression', expression: 'output.approved == true' } },
        ],
      },
    }),
    step(CALL, name, { action: actionOf(tool, data), errorHandling: { strategy: 'continue' } }),
  ];
}

function call(config: JsonObject, name: string): Step[] | undefined {
  const tool = toolsOf(config).find((candidate) => toolName(candidate) === name);
  if (!tool) return undefined;
  if (tool.approval) return approvedCall(tool);
  const action = actionOf(tool, '{{ given }}');
  return [step(CALL, name, { action, errorHandling: { strategy: 'continue' } })];
}

function build(config: JsonObject, key: string): Step[] | undefined {
  if (key === 'first' || key === 'later') return turn(config, key === 'first');
  return key === 'compact' ? compaction(config) : call(config, key.slice('call '.length));
}

const built = new WeakMap<JsonObject, Map<string, Step[] | undefined>>();

/**
 * The steps of one frame of an agent: `3` is its third turn, `3-compact` the summary made before it is tried
 * again, `3-2:file_read` the second call that turn asked for. Made once for each kind of frame.
 */
export function listOf(config: JsonObject, key: string): Step[] | undefined {
  const [, number, rest = ''] = /^(\d+)(?:-(compact|\d+:.+))?$/.exec(key) ?? [];
  if (number === undefined) return undefined;
  const plain = number === '1' ? 'first' : 'later';
  const kind = rest === '' ? plain : rest === 'compact' ? rest : `call ${rest.slice(rest.indexOf(':') + 1)}`;
  const known = built.get(config) ?? new Map<string, Step[] | undefined>();
  built.set(config, known);
  if (!known.has(kind)) known.set(kind, build(config, kind));
  return known.get(kind);
}

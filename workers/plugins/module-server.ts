import { randomUUID } from 'node:crypto';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  EmptyResultSchema,
  ErrorCode,
  ListResourcesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { z } from 'zod';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import type {
  CommandContext,
  CommandDefinition,
  PluginDefinition,
  TriggerContext,
  TriggerDefinition,
  WrittenSchema,
} from './define.ts';
import { EVENT, IDEMPOTENCY_KEY, listenRequest, MANIFEST_URI, type Manifest } from './manifest.ts';

/** How long a cancelled command may go on, in milliseconds. */
const CANCEL_GRACE = 2_000;

const isZod = (schema: z.ZodType | WrittenSchema): schema is z.ZodType => '_zod' in schema;

const written = (schema: z.ZodType | WrittenSchema, io: 'input' | 'output' = 'input'): JsonObject =>
  (isZod(schema) ? z.toJSONSchema(schema, { io }) : schema) as JsonObject;

function toolOf(
  name: string,
  { title, description, input, output, effect = 'write' }: CommandDefinition,
): Tool {
  return {
    name,
    ...(title !== undefined && { title }),
    description,
    inputSchema: { ...written(input), type: 'object' } as Tool['inputSchema'],
    ...(output && { outputSchema: { ...written(output, 'output'), type: 'object' } as Tool['outputSchema'] }),
    annotations: { readOnlyHint: effect === 'read' },
  };
}

function manifestOf({ triggers = {}, templates = {} }: PluginDefinition): Manifest {
  return {
    triggers: Object.entries(triggers).map(([type, { title, description, config, sample }]) => ({
      type,
      title,
      description,
      configSchema: written(config),
      ...(sample && { sample: sample as JsonObject }),
    })),
    templates: Object.entries(templates).map(([id, { title, description, definition }]) => ({
      id,
      title,
      description,
      definition: definition as JsonObject,
    })),
  };
}

function parsed(name: string, input: z.ZodType | WrittenSchema, given: unknown): unknown {
  const schema = isZod(input) ? input : z.fromJSONSchema(input as never);
  const result = schema.safeParse(given ?? {});
  if (result.success) return result.data;
  throw new McpError(
    ErrorCode.InvalidParams,
    `${name} does not accept its arguments. ${z.prettifyError(result.error)}`,
  );
}

function resultOf(answer: unknown): CallToolResult {
  if (typeof answer === 'string') return { content: [{ type: 'text', text: answer }] };
  const value = JSON.parse(JSON.stringify(answer ?? null)) as Json;
  const content = [{ type: 'text' as const, text: value === null ? '' : JSON.stringify(value) }];
  return isObject(value) ? { content, structuredContent: value } : { content };
}

/** Calls `giveUp` where the work goes on although it was called off. */
function supervised<T>(work: Promise<T>, signal: AbortSignal, giveUp: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  signal.addEventListener('abort', () => {
    timer = setTimeout(giveUp, CANCEL_GRACE);
  });
  return work.finally(() => clearTimeout(timer));
}

async function run(
  command: CommandDefinition,
  given: unknown,
  context: CommandContext,
  giveUp: () => void,
): Promise<CallToolResult> {
  try {
    const work = Promise.resolve().then(() => command.run(given as never, context));
    return resultOf(await supervised(work, context.signal, giveUp));
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    return { isError: true, content: [{ type: 'text', text }] };
  }
}

/** Resolves when the signal aborts. */
const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Runs a trigger until its signal aborts or it fails. */
async function listen(
  { start }: TriggerDefinition,
  config: unknown,
  context: TriggerContext,
  giveUp: () => void,
): Promise<void> {
  const started = Promise.resolve().then(() => start(config as never, context));
  const end = await supervised(started, context.signal, giveUp);
  await aborted(context.signal);
  if (typeof end === 'function') end();
}

/** An MCP server that offers what a module defines. `giveUp` ends the process of a command that cannot be stopped. */
export function createServer(plugin: PluginDefinition, giveUp: () => void): Server {
  const commands = new Map<string, CommandDefinition>(
    Object.entries({ ...plugin.actions, ...plugin.commands }),
  );
  const tools = [...commands].map(([name, command]) => toolOf(name, command));
  const manifest = JSON.stringify(manifestOf(plugin));
  const server = new Server(
    { name: 'acas-module', version: '1.0.0' },
    { capabilities: { tools: {}, resources: {} } },
  );
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
  server.setRequestHandler(ListResourcesRequestSchema, () => ({
    resources: [{ uri: MANIFEST_URI, name: 'Triggers and templates' }],
  }));
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => ({
    contents: uri === MANIFEST_URI ? [{ uri, mimeType: 'application/json', text: manifest }] : [],
  }));
  server.setRequestHandler(listenRequest, async ({ params }, { signal, sendRequest }) => {
    const { listener, trigger: type, config } = params;
    const trigger = plugin.triggers?.[type];
    if (!trigger) throw new McpError(ErrorCode.InvalidParams, `There is no trigger "${type}".`);
    const emit: TriggerContext['emit'] = async (fields, { key = randomUUID() } = {}) => {
      const event = { listener, key, fields: JSON.parse(JSON.stringify(fields)) as JsonObject };
      await sendRequest({ method: EVENT, params: event } as never, EmptyResultSchema, { signal });
    };
    await listen(trigger, parsed(type, trigger.config, config), { emit, signal }, giveUp);
    return {};
  });
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, { signal, sendNotification, _meta }) => {
    const command = commands.get(params.name);
    if (!command) throw new McpError(ErrorCode.InvalidParams, `There is no command "${params.name}".`);
    const progressToken = _meta?.progressToken;
    const progress: CommandContext['progress'] = (done, total, message) => {
      if (progressToken === undefined || signal.aborted) return;
      const facts = {
        progressToken,
        progress: done,
        ...(total !== undefined && { total }),
        ...(message !== undefined && { message }),
      };
      void sendNotification({ method: 'notifications/progress', params: facts });
    };
    const key = _meta?.[IDEMPOTENCY_KEY];
    const context = { signal, progress, idempotencyKey: typeof key === 'string' ? key : '' };
    return run(command, parsed(params.name, command.input, params.arguments), context, giveUp);
  });
  return server;
}

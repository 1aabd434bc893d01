import { randomUUID } from 'node:crypto';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  type CallToolResult,
  CallToolResultSchema,
  EmptyResultSchema,
  ErrorCode,
  McpError,
  type Tool,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import type { PluginCommand } from '#shared/catalog/plugin.ts';
import { loadData } from '#shared/definition/load.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import {
  eventRequest,
  IDEMPOTENCY_KEY,
  LISTEN,
  MANIFEST_URI,
  type Manifest,
  manifestSchema,
} from './manifest.ts';
import type { PluginListening } from './plugins.ts';

/** How long a plugin may take to answer its first questions, in milliseconds; `npx` may have to install it before. */
const START = 60_000;

/** How long a plugin may take to show that it is alive after a call was cancelled, in milliseconds. */
const SIGN_OF_LIFE = 3_000;

/** Longer than any attempt; the SDK has a limit of its own otherwise. In milliseconds. */
const NO_LIMIT = 2 ** 31 - 1;

/** What of a plugin is kept: it is foreign, and shown in every palette. */
const MOST_COMMANDS = 200;
const LONGEST_TEXT = 4_000;
const LARGEST_SCHEMA = 32_768;

const smallSchema = (schema: unknown): JsonObject =>
  JSON.stringify(schema).length > LARGEST_SCHEMA ? { type: 'object' } : (schema as JsonObject);

const commandOf = ({
  name,
  title,
  description = '',
  inputSchema,
  outputSchema,
  annotations,
}: Tool): PluginCommand => ({
  name,
  title: (title ?? annotations?.title ?? name).slice(0, LONGEST_TEXT),
  description: description.slice(0, LONGEST_TEXT),
  inputSchema: smallSchema(inputSchema),
  ...(outputSchema && { outputSchema: smallSchema(outputSchema) }),
  readOnly: annotations?.readOnlyHint === true,
});

/** One call over a link. */
export interface LinkCall {
  command: string;
  arguments: JsonObject;
  signal: AbortSignal;
  onProgress: ((progress: Json) => void) | undefined;
  idempotencyKey: string | undefined;
}

/** A connection to a plugin that has told what it offers. Ends with its process and is never used again. */
export class Link {
  readonly #client: Client;
  #commands: PluginCommand[] = [];
  #manifest: Manifest = { triggers: [], templates: [] };
  readonly #listeners = new Map<string, PluginListening['onEvent']>();
  #isOpen = true;
  readonly #kill: () => Promise<void>;
  readonly #onClose: () => void;

  private constructor(kill: () => Promise<void>, onClose: () => void) {
    this.#kill = kill;
    this.#onClose = onClose;
    this.#client = new Client({ name: 'acas-runner', version: '1.0.0' }, { capabilities: {} });
  }

  /**
   * Connects, and asks what there is. Rejects with whatever the SDK or the transport has against it; the transport is
   * closed then.
   */
  static async open(
    transport: Transport,
    { kill, onClose, hasManifest }: { kill(): Promise<void>; onClose(): void; hasManifest: boolean },
  ): Promise<Link> {
    const link = new Link(kill, onClose);
    try {
      await link.#open(transport, hasManifest);
      return link;
    } catch (thrown) {
      link.#isOpen = false;
      await transport.close();
      throw thrown;
    }
  }

  get commands(): readonly PluginCommand[] {
    return this.#commands;
  }

  get manifest(): Manifest {
    return this.#manifest;
  }

  /** False once the plugin has ended or {@link Link.close} was called. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Runs a command. When `signal` aborts, the plugin is told; one that shows no sign of life then is killed. */
  async call({
    command,
    arguments: given,
    signal,
    onProgress,
    idempotencyKey,
  }: LinkCall): Promise<CallToolResult> {
    const _meta = idempotencyKey === undefined ? undefined : { [IDEMPOTENCY_KEY]: idempotencyKey };
    const onprogress = ({
      progress,
      total,
      message,
    }: {
      progress: number;
      total?: number;
      message?: string;
    }) =>
      onProgress?.({
        progress,
        ...(total !== undefined && { total }),
        ...(message !== undefined && { message }),
      });
    try {
      return (await this.#client.request(
        { method: 'tools/call', params: { name: command, arguments: given, ...(_meta && { _meta }) } },
        CallToolResultSchema,
        { signal, timeout: NO_LIMIT, onprogress },
      )) as CallToolResult;
    } finally {
      if (signal.aborted) await this.#checkAlive();
    }
  }

  /** Starts a trigger and listens until it ends: when `signal` aborts, the plugin is told. */
  async listen({ trigger, config, signal, onEvent }: Omit<PluginListening, 'pluginId'>): Promise<void> {
    const listener = randomUUID();
    this.#listeners.set(listener, onEvent);
    try {
      const params = { listener, trigger, config };
      await this.#client.request({ method: LISTEN, params }, EmptyResultSchema, {
        signal,
        timeout: NO_LIMIT,
      });
    } finally {
      this.#listeners.delete(listener);
      if (signal.aborted) await this.#checkAlive();
    }
  }

  async close(): Promise<void> {
    this.#isOpen = false;
    await this.#client.close();
  }

  async #open(transport: Transport, hasManifest: boolean): Promise<void> {
    this.#client.onclose = () => {
      this.#isOpen = false;
      this.#onClose();
    };
    this.#client.setRequestHandler(eventRequest, async ({ params: { listener, key, fields } }) => {
      const take = this.#listeners.get(listener);
      if (!take) throw new McpError(ErrorCode.InvalidParams, 'Nobody listens to this trigger any more.');
      await take({ key, fields });
      return {};
    });
    await this.#client.connect(transport, { timeout: START });
    await this.#readCommands();
    if (hasManifest) await this.#readManifest();
    this.#client.setNotificationHandler(ToolListChangedNotificationSchema, () =>
      // A plugin that cannot answer this is either ending or keeps its old commands.
      this.#readCommands().catch(() => undefined),
    );
  }

  async #readCommands(): Promise<void> {
    if (!this.#client.getServerCapabilities()?.tools) return;
    const tools: Tool[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.#client.listTools(cursor === undefined ? {} : { cursor }, { timeout: START });
      tools.push(...page.tools);
      cursor = page.nextCursor;
    } while (cursor !== undefined && tools.length < MOST_COMMANDS);
    this.#commands = tools.slice(0, MOST_COMMANDS).map(commandOf);
  }

  async #readManifest(): Promise<void> {
    const { contents } = await this.#client.readResource({ uri: MANIFEST_URI }, { timeout: START });
    const [first] = contents;
    const manifest = manifestSchema.parse(JSON.parse(first && 'text' in first ? first.text : '{}'));
    for (const { id, definition } of manifest.templates) {
      const [problem] = loadData(definition as JsonObject).problems;
      if (problem)
        throw new Error(`The template "${id}" is no workflow: ${problem.path}: ${problem.message}`);
    }
    this.#manifest = manifest;
  }

  async #checkAlive(): Promise<void> {
    if (!this.#isOpen) return;
    try {
      await this.#client.ping({ timeout: SIGN_OF_LIFE });
    } catch {
      // The next call must not go to what is being killed.
      this.#isOpen = false;
      await this.#kill();
    }
  }
}

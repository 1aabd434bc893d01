import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import { Agent, type RequestInit as UndiciInit, fetch as undiciFetch } from 'undici';
import type { Network } from '../action.ts';
import { guardedConnector } from '../network/guard.ts';
import type { RemoteEntry } from './list.ts';
import { MOST_OUTPUT, type PluginTransport } from './transport.ts';

/** How long the last message of an answer may take from the wire to its reader, in milliseconds. */
const SETTLE = 200;

/** The request a message to the server is; undefined for what is not answered. */
function requestIn(body: unknown): RequestId | undefined {
  if (typeof body !== 'string') return undefined;
  const message = JSON.parse(body) as { id?: RequestId; method?: string };
  return message.method === undefined ? undefined : message.id;
}

/**
 * The connection to an MCP server over HTTP. Its addresses are checked as those of every request an action makes.
 * Its stream of messages that answer nothing is not opened: it would have to be kept open, and read without end.
 * An answer that breaks off ends the connection, for the SDK would wait for the rest for ever.
 */
export class RemoteTransport implements PluginTransport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly errors = '';
  wroteTooMuch = false;
  readonly #inner: StreamableHTTPClientTransport;
  readonly #dispatcher: Agent;
  readonly #waiting = new Set<RequestId>();
  #end: string | undefined;

  constructor({ url, headers }: RemoteEntry, network: Network) {
    this.#dispatcher = new Agent({ connect: guardedConnector(network), bodyTimeout: 0, headersTimeout: 0 });
    const fetch = (input: string | URL, init?: RequestInit) => this.#fetch(input, init);
    this.#inner = new StreamableHTTPClientTransport(url, { requestInit: { headers }, fetch });
    this.#inner.onclose = () => this.onclose?.();
    this.#inner.onerror = (error) => this.onerror?.(error);
    this.#inner.onmessage = (message) => {
      if ('id' in message && !('method' in message) && message.id !== undefined)
        this.#waiting.delete(message.id);
      this.onmessage?.(message);
    };
  }

  get end(): string | undefined {
    return this.#end;
  }

  get sessionId(): string | undefined {
    return this.#inner.sessionId;
  }

  setProtocolVersion(version: string): void {
    this.#inner.setProtocolVersion(version);
  }

  start(): Promise<void> {
    return this.#inner.start();
  }

  send(message: JSONRPCMessage): Promise<void> {
    return this.#inner.send(message);
  }

  async close(): Promise<void> {
    this.#end ??= 'its connection was closed';
    await this.#inner.close();
    await this.#dispatcher.destroy();
  }

  kill(): Promise<void> {
    return this.close();
  }

  async #fetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
    if ((init.method ?? 'GET') === 'GET') return new Response(null, { status: 405 });
    const id = requestIn(init.body);
    if (id !== undefined) this.#waiting.add(id);
    const response = await undiciFetch(input, { ...(init as UndiciInit), dispatcher: this.#dispatcher });
    const { status, statusText, headers } = response;
    const answer = { status, statusText, headers: headers as unknown as Headers };
    const source = response.body as unknown as ReadableStream<Uint8Array> | null;
    return new Response(source && this.#bounded(source, id), answer);
  }

  /** A body as it comes, up to the limit; then, or at its end, whoever still waits for an answer in it is told. */
  #bounded(source: ReadableStream<Uint8Array>, id: RequestId | undefined): ReadableStream<Uint8Array> {
    const reader = source.getReader();
    let bytes = 0;
    return new ReadableStream({
      pull: async (controller) => {
        try {
          const { done, value } = await reader.read();
          bytes += value?.byteLength ?? 0;
          this.wroteTooMuch ||= bytes > MOST_OUTPUT;
          if (this.wroteTooMuch) throw new Error('The answer is too large.');
          if (value) controller.enqueue(value);
          if (!done) return;
          controller.close();
        } catch (thrown) {
          controller.error(thrown);
          await reader.cancel().catch(() => undefined);
        }
        this.#answered(id);
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }

  /** The body is over: an answer that is not in it never comes. */
  #answered(id: RequestId | undefined): void {
    const check = () => {
      if (id === undefined || !this.#waiting.has(id)) return;
      this.#end ??= 'its answer broke off';
      this.close().catch((thrown) => this.onerror?.(thrown));
    };
    setTimeout(check, SETTLE).unref();
  }
}

import { createHash } from 'node:crypto';
import { Agent, fetch as guardedFetch } from 'undici';
import { Terminal } from '../action.ts';
import { guardedConnector } from '../network/guard.ts';
import type { Endpoint } from './endpoint.ts';
import type { Ask } from './provider.ts';

/** Most bytes of one answer that are read; a token takes some hundred on the wire. */
const LONGEST_ANSWER = 64_000_000;

/** Most bytes of one line of it: the SDKs join pieces of a line anew with each that comes. */
const LONGEST_LINE = 4_000_000;

/** Most bytes of an error's answer that are read. */
const LONGEST_ERROR = 64_000;

/** Headers of the SDKs that are sent on; the rest, such as what variables of the environment add, is not. */
const PASSED = ['accept', 'content-type', 'user-agent', 'anthropic-version', 'x-goog-api-client'];

/** What happened on the wire, for the error that comes of it. */
export interface Seen {
  /** What broke below HTTP. */
  thrown?: unknown;
  /** Whether an answer began. */
  answered: boolean;
  /** The answer, where its status says failure. */
  failure?: { status: number; headers: Headers; body: string };
}

export interface Wire {
  fetch: typeof globalThis.fetch;
  seen: Seen;
  close(): Promise<void>;
}

/** The value of the header `Idempotency-Key`; hashed, for keys hold names that are no header text. */
export const keyHeader = (idempotencyKey: string): string =>
  createHash('sha256').update(idempotencyKey).digest('hex');

function headersFor(given: Headers, { provider, apiKey }: Endpoint, ask: Ask): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const name of PASSED) {
    const value = given.get(name);
    if (value !== null) headers[name] = value;
  }
  headers['idempotency-key'] = keyHeader(ask.idempotencyKey);
  if (apiKey !== undefined && provider === 'gemini') headers['x-goog-api-key'] = apiKey;
  else if (apiKey !== undefined) headers.authorization = `Bearer ${apiKey}`;
  return headers;
}

/** Passes bytes on up to a limit for all and one for each line; `onExceeded` gets the error that the reader gets. */
export function limited(
  limit: number,
  lineLimit: number,
  onExceeded: (error: Terminal) => void,
): TransformStream<Uint8Array, Uint8Array> {
  let size = 0;
  let line = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.byteLength;
      const newline = chunk.lastIndexOf(10);
      line = newline < 0 ? line + chunk.byteLength : chunk.byteLength - newline - 1;
      if (size <= limit && line <= lineLimit) return controller.enqueue(chunk);
      const what =
        size > limit ? `The answer is larger than ${limit}` : `The answer has a line of over ${lineLimit}`;
      const error = new Terminal('ai.answer_too_large', `${what} bytes.`, {
        fix: 'Lower maxTokens, or check what the base URL leads to.',
      });
      onExceeded(error);
      controller.error(error);
    },
  });
}

async function start(body: AsyncIterable<Uint8Array> | null, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size >= limit) break;
  }
  return Buffer.concat(chunks).subarray(0, limit).toString();
}

/**
 * A `fetch` for one question: its connections pass the address guard, it follows no redirect (that would carry the
 * key elsewhere), waits as long as the signal allows, and remembers what an SDK's error no longer tells.
 */
export function openWire(endpoint: Endpoint, ask: Ask): Wire {
  const seen: Seen = { answered: false };
  const dispatcher = new Agent({
    connect: guardedConnector(endpoint.network),
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const send = async (url: string, init: RequestInit): Promise<Response> => {
    const response = await guardedFetch(url, {
      method: init.method ?? 'POST',
      headers: headersFor(new Headers(init.headers), endpoint, ask),
      body: init.body as string,
      redirect: 'manual',
      signal: ask.signal,
      dispatcher,
    });
    seen.answered = true;
    const { status } = response;
    const type = response.headers.get('content-type');
    const headers: Record<string, string> = type === null ? {} : { 'content-type': type };
    const body = response.body as ReadableStream<Uint8Array> | null;
    if (response.ok) {
      const limits = limited(LONGEST_ANSWER, LONGEST_LINE, (error) => {
        seen.thrown = error;
      });
      return new Response(body?.pipeThrough(limits), { headers });
    }
    const text = await start(body as AsyncIterable<Uint8Array> | null, LONGEST_ERROR);
    seen.failure = { status, headers: new Headers([...response.headers]), body: text };
    return new Response(text, { status, headers });
  };
  const fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    try {
      return await send(String(url), init);
    } catch (thrown) {
      seen.thrown ??= thrown;
      throw thrown;
    }
  };
  return { fetch: fetch as typeof globalThis.fetch, seen, close: () => dispatcher.destroy() };
}

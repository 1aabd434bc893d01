import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { Agent, type Dispatcher, request } from 'undici';
import { AppError } from '#shared/errors.ts';
import { type Network, Retryable, Terminal } from '../../action.ts';
import { guardedConnector } from '../../network/guard.ts';
import { webUrl } from '../../network/web-url.ts';

export interface Ask {
  method: Dispatcher.HttpMethod;
  url: URL;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string | undefined;
}

export interface Answer {
  status: number;
  /** Names in lower case; several of one name are joined. */
  headers: Record<string, string>;
  body: Buffer;
  /** Where the answer came from, after redirects. */
  url: string;
}

export interface Limits {
  maxRedirects: number;
  maxBytes: number;
}

const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Headers that are meant for one server only. */
const PERSONAL = ['authorization', 'cookie', 'proxy-authorization', 'idempotency-key', 'x-api-key'];

const DECODERS: Record<string, () => NodeJS.ReadWriteStream> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

const tooLarge = (limit: number): Terminal =>
  new Terminal('http.too_large', `The answer is larger than ${limit} bytes.`, {
    fix: 'Raise maxBytes, or ask for less.',
  });

/** Reads a body, unpacked, up to a limit: a small packed one may be huge. */
async function readBody(body: Readable, encoding: string | undefined, limit: number): Promise<Buffer> {
  const decoder = DECODERS[encoding?.trim().toLowerCase() ?? '']?.();
  const source = decoder
    ? body.on('error', (thrown) => (decoder as unknown as Readable).destroy(thrown)).pipe(decoder)
    : body;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) throw tooLarge(limit);
      chunks.push(chunk);
    }
  } finally {
    body.destroy();
  }
  return Buffer.concat(chunks);
}

const plainHeaders = (headers: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value ?? []].flat().join(', ')]));

/** What to ask after a redirect: as browsers do it, without what was meant for the first server only. */
export function redirected(ask: Ask, status: number, location: string): Ask {
  const url = webUrl(location, ask.url);
  const becomesGet =
    status === 303 ? ask.method !== 'HEAD' : (status === 301 || status === 302) && ask.method === 'POST';
  const dropped = [
    ...(url.origin === ask.url.origin ? [] : [...PERSONAL, 'host']),
    ...(becomesGet ? ['content-type', 'content-encoding', 'idempotency-key'] : []),
  ];
  const headers = Object.fromEntries(Object.entries(ask.headers).filter(([name]) => !dropped.includes(name)));
  return { url, headers, method: becomesGet ? 'GET' : ask.method, body: becomesGet ? undefined : ask.body };
}

async function follow(
  first: Ask,
  { maxRedirects, maxBytes }: Limits,
  dispatcher: Agent,
  signal: AbortSignal,
): Promise<Answer> {
  let ask = first;
  for (let hop = 0; ; hop++) {
    const { url, method, headers, body = null } = ask;
    const response = await request(url, { method, headers, body, dispatcher, signal });
    const { location } = response.headers;
    if (maxRedirects === 0 || !REDIRECTS.has(response.statusCode) || typeof location !== 'string') {
      const encoding = method === 'HEAD' ? undefined : response.headers['content-encoding'];
      const bytes = await readBody(response.body, [encoding ?? []].flat()[0], maxBytes);
      return {
        status: response.statusCode,
        headers: plainHeaders(response.headers),
        body: bytes,
        url: url.href,
      };
    }
    response.body.on('error', () => undefined).destroy();
    if (hop >= maxRedirects)
      throw new Terminal(
        'http.too_many_redirects',
        `${first.url.href} redirects more than ${maxRedirects} times.`,
        {
          fix: 'Use the URL it should end at.',
        },
      );
    ask = redirected(ask, response.statusCode, location);
  }
}

/** What an error of the connection means for the step. */
function meaning(thrown: unknown, { url }: Ask): unknown {
  if (AppError.is(thrown)) return thrown;
  const { code = '', message } = thrown as NodeJS.ErrnoException;
  if (code === 'UND_ERR_INVALID_ARG' || code === 'UND_ERR_NOT_SUPPORTED')
    return new Terminal('http.bad_request', `The request cannot be sent: ${message}.`, {
      fix: 'Correct its headers or its method.',
      cause: thrown,
    });
  if (/^(Z_|ERR__?ERROR_FORMAT|ERR_BROTLI)/.test(code))
    return new Terminal('http.bad_response', `The answer of ${url.host} cannot be unpacked: ${message}.`, {
      cause: thrown,
    });
  return new Retryable('http.network', `${url.host} could not be reached: ${message || code}.`, {
    fix: 'Check the URL, and that the worker reaches the network.',
    details: { code },
    cause: thrown,
  });
}

/**
 * Sends a request and follows redirects; every connection is checked against `network`.
 * @throws Terminal `http.address_refused`, `http.bad_url`, `http.bad_request`, `http.bad_response`, `http.too_large`,
 * `http.too_many_redirects`; Retryable `http.network`; the signal's reason
 */
export async function exchange(
  ask: Ask,
  limits: Limits,
  network: Network,
  signal: AbortSignal,
): Promise<Answer> {
  signal.throwIfAborted();
  const dispatcher = new Agent({
    connect: guardedConnector(network),
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: 64 * 1024,
  });
  try {
    return await follow(ask, limits, dispatcher, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    throw meaning(thrown, ask);
  } finally {
    await dispatcher.destroy();
  }
}

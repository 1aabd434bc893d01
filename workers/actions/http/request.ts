import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Json } from '#shared/json.ts';
import { defineAction, Retryable, Terminal } from '../../action.ts';
import { retryAfter } from '../../network/retry-after.ts';
import { webUrl } from '../../network/web-url.ts';
import { type Answer, type Ask, exchange } from './_exchange.ts';

/** Characters of an answer that an error shows. */
const EXCERPT = 2_000;

const scalar = z.union([z.string(), z.number(), z.boolean()]);

const input = z.strictObject({
  url: z.string().min(1).describe('Address, with http:// or https://'),
  method: z
    .enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
    .default('GET')
    .describe('What to do with it'),
  headers: z.record(z.string(), scalar).default({}).describe('Headers to send'),
  query: z
    .record(z.string(), z.union([scalar, z.array(scalar)]))
    .default({})
    .describe('Parameters added to the address; a list is added once for each item'),
  body: z.json().optional().describe('What to send: a text as it is, anything else as JSON'),
  followRedirects: z.boolean().default(true).describe('Whether redirects are followed, up to five'),
  maxBytes: z
    .int()
    .min(1)
    .max(100_000_000)
    .default(10_000_000)
    .describe('Largest answer that is taken, in bytes, unpacked'),
  expectStatus: z
    .array(z.int().min(100).max(599))
    .min(1)
    .optional()
    .describe('Statuses that count as success; 200 to 299 when absent'),
  responseType: z
    .enum(['auto', 'json', 'text', 'base64'])
    .default('auto')
    .describe('How the answer is given; auto goes by its content type'),
});

type Input = z.infer<typeof input>;

const output = z.object({
  status: z.number().describe('Status of the answer'),
  headers: z.record(z.string(), z.string()).describe('Its headers, names in lower case'),
  body: z.json().describe('The answer: JSON, text, or bytes as base64'),
  url: z.string().describe('Where it came from, after redirects'),
  duration: z.number().describe('Milliseconds it took'),
});

const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS']);
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

function askOf({ url, method, headers, query, body }: Input, key: string): Ask {
  const target = webUrl(url);
  for (const [name, value] of Object.entries(query))
    for (const item of [value].flat()) target.searchParams.append(name, String(item));
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return {
    method,
    url: target,
    headers: {
      accept: '*/*',
      'accept-encoding': 'gzip, deflate, br',
      'user-agent': 'acas-runner',
      ...(body !== undefined && { 'content-type': type }),
      // Servers that know it act once, however often the step is tried. Hashed: names of steps are no header text.
      ...(!READING.has(method) && { 'idempotency-key': createHash('sha256').update(key).digest('hex') }),
      ...Object.fromEntries(
        Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  };
}

function parseJson(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (thrown) {
    throw new Terminal('http.not_json', 'The answer is not JSON.', {
      fix: 'Set responseType to text to take it as it is.',
      details: { body: text.slice(0, EXCERPT) },
      cause: thrown,
    });
  }
}

function bodyOf({ body, headers }: Answer, responseType: Input['responseType']): Json {
  const type = headers['content-type'] ?? '';
  if (responseType === 'base64') return body.toString('base64');
  if (responseType === 'text') return body.toString();
  if (responseType === 'json') return parseJson(body.toString());
  if (/[/+]json\b/i.test(type)) return body.length === 0 ? null : parseJson(body.toString());
  const isText = type === '' || /^text\/|xml|javascript|urlencoded|charset=/i.test(type);
  return body.toString(isText ? 'utf8' : 'base64');
}

function checkStatus(
  { status, headers, body, url }: Answer,
  expected: number[] | undefined,
  followed: boolean,
): void {
  const isRedirect = !followed && status >= 300 && status < 400;
  if (expected ? expected.includes(status) : (status >= 200 && status < 300) || isRedirect) return;
  const message = `${new URL(url).host} answered with status ${status}.`;
  const facts = {
    fix: 'Read its answer in the details; add the status to expectStatus if it is no failure.',
    details: { status, body: body.toString('utf8', 0, EXCERPT) },
  };
  const after = retryAfter(headers['retry-after'], Date.now());
  if (status >= 500 || [408, 425, 429].includes(status))
    throw new Retryable('http.status', message, { ...facts, ...(after !== undefined && { after }) });
  throw new Terminal('http.status', message, facts);
}

/** Errors that come before anything is sent. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A request that must not be sent twice and got no answer may have had its effect. Cancelling stays as it is. */
function unanswered(thrown: unknown, { method }: Input): unknown {
  if (REPEATABLE.has(method)) return thrown;
  const { name, message, cause } = thrown as Error & { cause?: NodeJS.ErrnoException };
  const isLost =
    thrown instanceof Retryable && thrown.code === 'http.network' && !UNSENT.has(cause?.code ?? '');
  if (!isLost && name !== 'TimeoutError') return thrown;
  return new Terminal('action.outcome_unknown', `${method} was sent and got no answer: ${message}`, {
    fix: 'Check whether it took effect; then retry from this step, or go on after it.',
    cause: thrown,
  });
}

export default defineAction({
  type: 'http.request',
  title: 'Send an HTTP request',
  description:
    'Sends a request to a server on the public internet, or to one that ACAS_HTTP_ALLOW lists, and gives its answer.',
  icon: 'globe',
  input,
  output,
  effect: 'write',
  idempotent: ({ method }) => REPEATABLE.has(method),
  examples: [
    {
      title: 'Tell another system about a build',
      input: {
        url: 'https://example.org/builds',
        method: 'POST',
        headers: { authorization: 'Bearer …' },
        body: { status: 'green' },
      },
      needsNetwork: true,
    },
  ],
  dryRun: ({ method, url }) => `Send ${method} to ${url}.`,
  async run({ input, signal, network, idempotencyKey }) {
    const start = performance.now();
    const limits = { maxRedirects: input.followRedirects ? 5 : 0, maxBytes: input.maxBytes };
    const answer = await exchange(askOf(input, idempotencyKey), limits, network, signal).catch((thrown) => {
      throw unanswered(thrown, input);
    });
    checkStatus(answer, input.expectStatus, input.followRedirects);
    const { status, headers, url } = answer;
    return {
      status,
      headers,
      url,
      body: bodyOf(answer, input.responseType),
      duration: Math.round(performance.now() - start),
    };
  },
});

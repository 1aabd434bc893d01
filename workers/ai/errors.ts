import { AppError } from '#shared/errors.ts';
import { isObject, type Json } from '#shared/json.ts';
import { Retryable, Terminal } from '../action.ts';
import { retryAfter } from '../network/retry-after.ts';
import type { Endpoint } from './endpoint.ts';
import type { Seen } from './wire.ts';

/** Characters of a provider's words that a message shows. */
const EXCERPT = 500;

/** What a provider said went wrong. */
interface Fault {
  /** 0 where it said none. */
  status: number;
  words: string;
  /** Its own names for the error: type, code, status. */
  names: string[];
  after: number | undefined;
}

/** Statuses of errors that come in the middle of a stream, where there is none. */
const STATUS_OF: Record<string, number> = {
  overloaded_error: 529,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  insufficient_quota: 429,
  api_error: 500,
  server_error: 500,
  timeout_error: 504,
  invalid_request_error: 400,
  context_length_exceeded: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
};

const TOO_LONG =
  /context.?(length|window)|maximum context|prompt is too long|input token count|exceed\w* context|too many input tokens/i;

const NO_QUOTA = new Set(['insufficient_quota', 'billing_error', 'billing_hard_limit_reached']);

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Not every server answers errors with JSON; the text itself is then what it says.
    return text;
  }
}

/** Google's way to say how long to wait: `{"@type": "…RetryInfo", "retryDelay": "34s"}`. */
function delayIn(details: Json | undefined): number | undefined {
  for (const detail of Array.isArray(details) ? details : []) {
    const delay = isObject(detail) ? detail.retryDelay : undefined;
    const seconds = typeof delay === 'string' ? Number.parseFloat(delay) : Number.NaN;
    if (seconds >= 0) return retryAfter(String(Math.ceil(seconds)), 0);
  }
  return undefined;
}

function afterOf(headers: Headers, details: Json | undefined): number | undefined {
  const milliseconds = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (milliseconds >= 0) return Math.min(Math.ceil(milliseconds), 3_600_000);
  return retryAfter(headers.get('retry-after') ?? undefined, Date.now()) ?? delayIn(details);
}

/** Reads what all three say: `{error: {message, type | code | status}}`, sometimes in a list. */
function faultOf(body: Json, status: number, headers: Headers): Fault {
  const outer = Array.isArray(body) ? body[0] : body;
  const inner = isObject(outer) && 'error' in outer ? outer.error : outer;
  const error = isObject(inner) ? inner : {};
  const names = [error.type, error.code, error.status].filter((name) => typeof name === 'string');
  const words =
    typeof error.message === 'string'
      ? error.message
      : typeof inner === 'string'
        ? inner
        : JSON.stringify(inner);
  const given = status || Number(error.code) || Number(error.status) || 0;
  const known = given || names.map((name) => STATUS_OF[name] ?? 0).find((found) => found > 0) || 0;
  return { status: known, words, names, after: afterOf(headers, error.details) };
}

/** The fault that an SDK found in the middle of a stream, if it is one. */
function streamFault(thrown: unknown): Fault | undefined {
  const { name, status, error, message } = thrown as { [key: string]: unknown };
  if (isObject(error)) return faultOf(error, Number(status) || 0, new Headers());
  if (name !== 'ApiError' || typeof message !== 'string') return undefined;
  return faultOf(parsed(message.slice(message.indexOf('{'))), Number(status) || 0, new Headers());
}

/** Bounded, on one line, and never with the key, which some servers repeat. */
function shown(words: string, { apiKey }: Endpoint): string {
  const safe = apiKey ? words.replaceAll(apiKey, '[key]') : words;
  const line = safe.replace(/\s+/g, ' ').trim();
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT)}…` : line;
}

const RETRYABLE = new Set([408, 409, 425, 429]);

function errorOf({ status, words, names, after }: Fault, endpoint: Endpoint, model: string): AppError {
  const { provider } = endpoint;
  const said = shown(words, endpoint);
  const how = status === 0 ? 'failed' : `answered with status ${status}`;
  const message = `${provider} ${how} for model ${model}${said === '' ? '.' : `: ${said}`}`;
  const details = { provider, model, status, names };
  const terminal = (code: string, fix: string) => new Terminal(code, message, { fix, details });
  if (status === 402 || names.some((name) => NO_QUOTA.has(name)) || /credit balance is too low/i.test(words))
    return terminal('ai.quota_exhausted', `Add credit or raise the limit of the ${provider} account.`);
  if (status === 0 || status >= 500 || RETRYABLE.has(status))
    return new Retryable(status === 429 ? 'ai.rate_limited' : 'ai.unavailable', message, {
      details,
      ...(after !== undefined && { after }),
    });
  if (status === 401 || status === 403)
    return terminal('ai.key_refused', 'Check the API key, and that it may use this model.');
  if (names.includes('context_length_exceeded') || TOO_LONG.test(words))
    return terminal('ai.context_too_long', 'Send less, or choose a model with a larger context.');
  return terminal(
    'ai.request_refused',
    'Correct what it names; check the model, the base URL and the parameters.',
  );
}

const causes = function* (thrown: unknown): Generator<unknown> {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 8; error = error.cause, depth++)
    yield error;
};

/** What an error thrown while asking means for the step. The SDK's own error is left behind: it may hold the key. */
export function meaning(thrown: unknown, seen: Seen, endpoint: Endpoint, model: string): unknown {
  for (const error of [...causes(thrown), ...causes(seen.thrown)]) if (AppError.is(error)) return error;
  if (seen.failure) {
    const { status, headers, body } = seen.failure;
    return errorOf(faultOf(parsed(body), status, headers), endpoint, model);
  }
  const fault = streamFault(thrown);
  if (fault) return errorOf(fault, endpoint, model);
  const [deepest] = [...causes(seen.thrown ?? thrown)].reverse();
  const { message, code } = (deepest ?? {}) as { message?: string; code?: string };
  const what = shown(message || code || String(thrown), endpoint);
  const details = { provider: endpoint.provider, model };
  if (!seen.answered)
    return new Retryable('ai.unreachable', `${endpoint.provider} could not be reached: ${what}`, {
      fix: 'Check the base URL, and that the worker reaches the network.',
      details,
    });
  return new Retryable(
    'ai.bad_answer',
    `The answer of ${endpoint.provider} for model ${model} was cut off or is not in its format: ${what}`,
    { fix: 'Where it stays, check that the base URL speaks the format of this provider.', details },
  );
}

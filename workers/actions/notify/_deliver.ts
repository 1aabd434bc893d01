import { createHash } from 'node:crypto';
import { AppError } from '#shared/errors.ts';
import type { Json } from '#shared/json.ts';
import { type Attempt, type Network, Retryable, Terminal } from '../../action.ts';
import { retryAfter } from '../../network/retry-after.ts';
import { type Answer, exchange } from '../http/_exchange.ts';

/** Characters of an answer that an error shows. */
const EXCERPT = 500;

/** Errors that come before anything is sent. */
const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** A text that is the same for every attempt of a step, and for nothing else; fit for headers. */
export const stableId = (idempotencyKey: string): string =>
  createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32);

/** The same as a UUID. */
export const stableUuid = (idempotencyKey: string): string => {
  const id = stableId(idempotencyKey);
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-5${id.slice(13, 16)}-a${id.slice(17, 20)}-${id.slice(20)}`;
};

export const errors = {
  refused: (who: string, why: string, details: Json) =>
    new Terminal('notify.refused', `${who} does not take the message: ${why}.`, {
      fix: 'Read the answer in the details, and correct the message or where it goes.',
      details,
    }),
  authentication: (who: string, why: string) =>
    new Terminal('notify.authentication', `${who} does not accept the credentials: ${why}.`, {
      fix: 'Check the token or password and what it may do.',
    }),
  notConfigured: (what: string, variable: string) =>
    new Terminal('notify.not_configured', `There is no ${what}.`, {
      fix: `Set ${variable} and restart the worker.`,
    }),
  unavailable: (who: string, why: string) =>
    new Retryable('notify.unavailable', `${who} could not be reached or cannot work now: ${why}.`, {
      fix: 'Wait, or check its address.',
    }),
  limited: (who: string, after: number | undefined) =>
    new Retryable('notify.rate_limited', `${who} wants fewer messages.`, {
      fix: 'Wait; send less often.',
      ...(after !== undefined && { after }),
    }),
  unknown: (who: string, why: string) =>
    new Terminal('action.outcome_unknown', `The message was sent and ${who} did not confirm it: ${why}.`, {
      fix: 'Check whether it arrived; then retry from this step, or go on after it.',
    }),
  badUrl: (why: string) =>
    new Terminal('notify.bad_url', `The webhook's URL ${why}.`, {
      fix: 'Give the full https URL, from a secret.',
    }),
};

/** Whether a lost connection came before anything was sent. */
export const isUnsent = (thrown: unknown): boolean => {
  const { cause } = thrown as { cause?: NodeJS.ErrnoException };
  return UNSENT.has(cause?.code ?? '');
};

/**
 * A webhook's URL; what it holds is a secret, so that no error shows it.
 * @throws Terminal `notify.bad_url`
 */
export function secretUrl(text: string, { allow }: Network): URL {
  if (!URL.canParse(text)) throw errors.badUrl('is not a URL');
  const url = new URL(text);
  if (url.username || url.password) throw errors.badUrl('holds a user name or password');
  if (url.protocol === 'https:') return url;
  const isAllowed = allow.includes('*') || allow.includes(`${url.hostname}:${url.port || 80}`);
  if (url.protocol !== 'http:' || !isAllowed) throw errors.badUrl('does not begin with https://');
  return url;
}

/** The beginning of an answer, without what is secret in the URL. */
function excerpt(body: Buffer, url: URL): string {
  const secrets = [
    url.href,
    url.pathname + url.search,
    ...url.pathname.split('/').filter((part) => part.length > 5),
  ];
  return secrets
    .reduce((text, secret) => text.replaceAll(secret, '…'), body.toString('utf8', 0, 10_000))
    .slice(0, EXCERPT);
}

export interface Message {
  /** Who gets it, for errors. */
  who: string;
  url: URL;
  headers?: Record<string, string>;
  body: string;
  /** Whether the receiver takes a message that comes twice as one. */
  repeatable?: boolean;
}

function lost(thrown: unknown, { who, repeatable = false }: Message): unknown {
  if (!AppError.is(thrown)) return thrown;
  if (['http.bad_response', 'http.too_large'].includes(thrown.code))
    return errors.unknown(who, 'its answer cannot be read');
  if (thrown.code !== 'http.network') return thrown;
  const { code = 'the connection broke' } = (thrown.cause ?? {}) as NodeJS.ErrnoException;
  return repeatable || isUnsent(thrown) ? errors.unavailable(who, code) : errors.unknown(who, code);
}

/**
 * Posts JSON to a webhook.
 * @throws Terminal `notify.refused`, `action.outcome_unknown`, `http.address_refused`; Retryable `notify.rate_limited`,
 * `notify.unavailable`; the signal's reason
 */
export async function deliver(
  message: Message,
  { network, signal }: Pick<Attempt<unknown>, 'network' | 'signal'>,
): Promise<Answer> {
  const { who, url, body } = message;
  const headers = { 'content-type': 'application/json', 'user-agent': 'acas-runner', ...message.headers };
  const limits = { maxRedirects: 0, maxBytes: 1_000_000 };
  const answer = await exchange({ method: 'POST', url, headers, body }, limits, network, signal).catch(
    (thrown) => {
      throw lost(thrown, message);
    },
  );
  const { status } = answer;
  if (status >= 200 && status < 300) return answer;
  const why = `status ${status}`;
  if (status === 429) throw errors.limited(who, retryAfter(answer.headers['retry-after'], Date.now()));
  if (status >= 500 || status === 408 || status === 425) throw errors.unavailable(who, why);
  throw errors.refused(who, why, { status, body: excerpt(answer.body, url) });
}

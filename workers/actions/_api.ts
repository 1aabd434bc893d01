import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '#shared/errors.ts';
import { isObject, type Json, type JsonObject } from '#shared/json.ts';
import { Retryable, Terminal } from '../action.ts';

/** Longest wait for one answer, in milliseconds. */
const PATIENCE = 30_000;

/** How long the API may be away before the attempt fails, in milliseconds: a restart must not end a step. */
const LONGEST_ABSENCE = 60_000;

/** Shortest and longest pause between two questions, in milliseconds. */
export const FIRST_PAUSE = 100;
export const LONGEST_PAUSE = 2_000;

/** Statuses that another attempt may mend. */
const PASSING = new Set([408, 425, 429]);

export interface ApiCall {
  /** Where the API is. */
  apiUrl: string;
  method: 'GET' | 'POST';
  /** Below `/api`, encoded. */
  path: string;
  body?: JsonObject;
  signal: AbortSignal;
  /** Codes of the errors: where nothing answers, and where the answer is no. */
  codes: { unreachable: string; refused: string };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Whatever stands there instead of the API says so in words of its own.
    return text.slice(0, 2_000);
  }
}

function failure({ codes, apiUrl }: ApiCall, status: number, answer: Json): Retryable | Terminal {
  const { code = null, detail = null, fix } = isObject(answer) ? answer : {};
  if (status >= 500 || PASSING.has(status))
    return new Retryable(codes.unreachable, `The API at ${apiUrl} answered with status ${status}.`, {
      fix: 'Look whether it runs: npm start starts it with the worker.',
      details: { status, code, detail },
    });
  return new Terminal(codes.refused, `The API refused it: ${detail ?? `status ${status}`}`, {
    fix: typeof fix === 'string' ? fix : 'Check that ACAS_API_URL leads to the API of this runner.',
    details: { status, code },
  });
}

/**
 * Asks the runner's own API. Its address is the operator's configuration, so that the address guard does not apply.
 * @throws Retryable with the code for unreachable; Terminal with the code for refused; the signal's reason
 */
export async function askApi(call: ApiCall): Promise<JsonObject> {
  const { apiUrl, method, path, body, signal, codes } = call;
  const patience = AbortSignal.timeout(PATIENCE);
  try {
    const response = await fetch(`${apiUrl.replace(/\/+$/, '')}/api${path}`, {
      method,
      redirect: 'error',
      signal: AbortSignal.any([signal, patience]),
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const answer = parsed(await response.text());
    if (response.ok && isObject(answer)) return answer;
    throw failure(call, response.ok ? 502 : response.status, answer);
  } catch (thrown) {
    if (thrown instanceof Retryable || thrown instanceof Terminal || signal.aborted) throw thrown;
    const { cause } = thrown as Error;
    throw new Retryable(
      codes.unreachable,
      `The API at ${apiUrl} does not answer: ${messageOf(cause ?? thrown)}`,
      {
        fix: 'Start it, or set ACAS_API_URL to where the worker reaches it.',
        cause: thrown,
      },
    );
  }
}

/**
 * Asks until the API answers, for up to a minute, and not again once `until` has aborted. Throws what {@link askApi}
 * throws.
 */
export async function insistOnApi(call: ApiCall, until = call.signal): Promise<JsonObject> {
  const deadline = Date.now() + LONGEST_ABSENCE;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await askApi(call);
    } catch (thrown) {
      if (!(thrown instanceof Retryable) || until.aborted || Date.now() > deadline) throw thrown;
      await sleep(pause, undefined, { signal: until });
    }
  }
}

/** Where the API has an execution. */
export const executionPath = (id: string): string => `/executions/${encodeURIComponent(id)}`;

/** The execution that an attempt belongs to, by its idempotency key: `<execution>/<path of the step>`. */
export const executionOf = (idempotencyKey: string): string =>
  idempotencyKey.slice(0, idempotencyKey.lastIndexOf('/'));

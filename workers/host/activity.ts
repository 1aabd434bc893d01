import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import type { Logger } from 'pino';
import { AppError, messageOf } from '#shared/errors.ts';
import type { AttemptPolicy } from '#shared/execution/protocol.ts';
import type { Json, JsonObject } from '#shared/json.ts';
import type { SecretReader } from '#shared/node/secrets/secrets.ts';
import { type Action, Retryable, type Services } from '../action.ts';
import { failureOf } from './failures.ts';
import { Mask } from './mask.ts';
import { ownSecrets } from './own-secrets.ts';
import { parseInput, parseOutput } from './parameters.ts';
import { finishParameters, storeLarge } from './stored.ts';
import { type History, history, INTERRUPTED, outcomeUnknown } from './tries.ts';

/** How often a running attempt says that it is alive, in milliseconds; the answer is how it learns of a cancel. */
const HEARTBEAT_EVERY = 1_000;

export interface Host extends Services {
  secrets: SecretReader;
  log: Logger;
}

/** Timers longer than this fire at once. In milliseconds. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Limit {
  signal: AbortSignal;
  /** Whether it was the attempt's timeout that aborted the signal. */
  timedOut(): boolean;
  stop(): void;
}

/** One attempt's signal: aborted by Temporal's cancel, by the worker's shutdown, or by the attempt's timeout. */
function limitedSignal(timeout: number): Limit {
  const { cancellationSignal } = Context.current();
  const timer = new AbortController();
  const handle = setTimeout(
    () => timer.abort(new DOMException('The attempt timed out.', 'TimeoutError')),
    Math.min(timeout, LONGEST_TIMER),
  );
  return {
    signal: AbortSignal.any([cancellationSignal, timer.signal]),
    timedOut: () => timer.signal.aborted && !cancellationSignal.aborted,
    stop: () => clearTimeout(handle),
  };
}

/** How long an aborted action may take to clean up after itself, in milliseconds. */
const ABORT_GRACE = 4_000;

/** Keeps a promise that ignores its signal from holding the attempt: the signal's abort ends the wait. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    let grace: NodeJS.Timeout | undefined;
    const abort = () => {
      grace = setTimeout(() => reject(signal.reason), ABORT_GRACE);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => {
      clearTimeout(grace);
      signal.removeEventListener('abort', abort);
    });
  });
}

function startHeartbeats(
  before: History,
  attempt: number,
  mask: Mask,
): { report(progress: Json): void; stop(): void } {
  const { heartbeat } = Context.current();
  let progress: Json = before.progress ?? null;
  const send = () => heartbeat({ tries: before.tries, progress });
  const timer = setInterval(send, HEARTBEAT_EVERY);
  // At once, so that the count of tries outlives an attempt that is killed in its first seconds.
  if (attempt > 1) send();
  return {
    report(next) {
      progress = mask.json(next);
      send();
    },
    stop: () => clearInterval(timer),
  };
}

/** What an attempt of an action runs with. */
interface Job {
  action: Action;
  host: Host;
  parameters: JsonObject;
  policy: AttemptPolicy;
  before: History;
  /** Takes the secrets out of what leaves the attempt. */
  mask: Mask;
}

const timeoutError = (type: string, timeout: number, cause: unknown): Retryable =>
  new Retryable('action.timeout', `"${type}" took longer than its timeout of ${timeout} ms.`, {
    fix: 'Raise the timeout of the step, or let it do less at a time.',
    cause,
  });

/** The input of an attempt. Throws where the attempt before was cut off and must not be repeated. */
async function inputOf({ action, host, parameters, policy, before, mask }: Job): Promise<unknown> {
  const { idempotent, type } = action;
  const finishing = { ...host, mask, others: policy.secrets ?? [] };
  const read = async () => parseInput(action, await finishParameters(parameters, finishing));
  if (!before.wasCutOff || idempotent === true) return read();
  if (idempotent === false) throw outcomeUnknown(type);
  // Whatever goes wrong here must not count as the end of the attempt that was cut off.
  const input = await read().catch((cause) => {
    throw outcomeUnknown(type, cause);
  });
  if (idempotent(input)) return input;
  throw outcomeUnknown(type);
}

async function attempt(job: Job): Promise<Json> {
  const { action, host, before, mask, policy } = job;
  const { timeout } = policy;
  const { info } = Context.current();
  const limit = limitedSignal(timeout);
  const beats = startHeartbeats(before, info.attempt, mask);
  const idempotencyKey = `${info.workflowExecution?.workflowId}/${info.activityId}`;
  try {
    const { log, secrets, ...services } = host;
    const input = await inputOf(job);
    const { signal } = limit;
    const work = action.run({
      ...services,
      input,
      signal,
      idempotencyKey,
      attempt: info.attempt,
      progress: before.progress,
      report: beats.report,
    });
    return await storeLarge(mask.json(parseOutput(action, await orAborted(work, signal))), host.blobs);
  } catch (thrown) {
    // An action that has a verdict of its own on being stopped knows better than the clock.
    if (limit.timedOut() && !AppError.is(thrown)) throw timeoutError(action.type, timeout, thrown);
    throw thrown;
  } finally {
    limit.stop();
    beats.stop();
  }
}

/** Whether the running attempt is being called off, and if so whether by the run or by the worker's own end. */
function calledOff(): 'cancel' | 'interruption' | undefined {
  const { cancellationSignal } = Context.current();
  if (!cancellationSignal.aborted) return undefined;
  const { reason } = cancellationSignal;
  return reason instanceof Error && reason.message === 'CANCELLED' ? 'cancel' : 'interruption';
}

function asFailure(
  thrown: unknown,
  { policy, before, mask }: Pick<Job, 'policy' | 'before' | 'mask'>,
): Error {
  const off = calledOff();
  if (off === 'cancel') return new CancelledFailure('The step was cancelled.');
  if (off === 'interruption')
    return ApplicationFailure.create({
      type: INTERRUPTED,
      message: 'The worker shut down.',
      details: [{ tries: before.tries }],
    });
  const error = AppError.is(thrown) ? thrown : failureOf(thrown);
  const tries = before.tries + 1;
  const isLast = tries >= policy.maximumAttempts || policy.nonRetryableErrors.includes(error.code);
  const after = error instanceof Retryable ? error.after : undefined;
  const { code, fix, details, cause } = error;
  return ApplicationFailure.create({
    type: code,
    message: clip(mask.error(error.message)),
    nonRetryable: !(error instanceof Retryable) || isLast,
    details: [
      {
        tries,
        ...(fix !== undefined && { fix: mask.error(fix) }),
        ...(details !== undefined && { details: clipped(mask.details(details)) }),
      },
    ],
    ...(after !== undefined && { nextRetryDelay: after }),
    ...(cause instanceof Error && { cause: new Error(clip(mask.error(messageOf(cause)))) }),
  });
}

/** A failure travels in the history, which refuses what is too large, and then the step would never end. */
const LONGEST_MESSAGE = 4_000;
const LONGEST_DETAILS = 32_000;

const clip = (text: string): string =>
  text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text;

function clipped(details: Json): Json {
  const text = JSON.stringify(details);
  return text.length > LONGEST_DETAILS ? `${text.slice(0, LONGEST_DETAILS)}…` : details;
}

/** The Temporal activity that runs an action: parameters in, output or a well-formed failure out. */
export function activityOf(
  action: Action,
  host: Host,
): (parameters: JsonObject, policy: AttemptPolicy) => Promise<Json> {
  const own = ownSecrets(host.settings);
  return async (parameters, policy) => {
    const before = await history(Context.current());
    const mask = new Mask(own);
    try {
      return await attempt({ action, host, parameters, policy, before, mask });
    } catch (thrown) {
      host.log.debug({ action: action.type, error: mask.error(messageOf(thrown)) }, 'attempt failed');
      throw asFailure(thrown, { policy, before, mask });
    }
  };
}

import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, type JsonObject } from '#shared/json.ts';
import { closedStatuses } from '#shared/machine/status.ts';
import { type Attempt, Retryable, Terminal } from '../../action.ts';
import { askApi, executionOf } from '../_api.ts';

const codes = { unreachable: 'workflow.unreachable', refused: 'workflow.refused' };

/** Workflows that may have started each other, one the next. */
const DEEPEST = 10;

/** Shortest and longest pause between two looks at the child, in milliseconds. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;

/** How long the API may be away before the attempt fails, in milliseconds: a restart must not end a step. */
const LONGEST_ABSENCE = 60_000;

/** Time that is left to find out about the child once the step is cancelled, in milliseconds. */
const LAST_CALL = 2_000;

export interface Child {
  executionId: string;
  status: string;
  output: JsonObject[string];
  error: JsonObject | null;
}

type Caller = Pick<Attempt<unknown>, 'settings' | 'idempotencyKey' | 'signal'>;

const executionPath = (id: string): string => `/executions/${encodeURIComponent(id)}`;

const isEnded = (status: string): boolean => (closedStatuses as readonly string[]).includes(status);

/** Asks until the API answers, for up to a minute. Throws what a refusal throws, and the signal's reason. */
async function insist(ask: () => Promise<JsonObject>, signal: AbortSignal): Promise<JsonObject> {
  const deadline = Date.now() + LONGEST_ABSENCE;
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await ask();
    } catch (thrown) {
      if (!(thrown instanceof Retryable) || signal.aborted || Date.now() > deadline) throw thrown;
      await sleep(pause, undefined, { signal });
    }
  }
}

/** How many workflows stand above the child, this one included. Throws Terminal `workflow.too_deep`. */
async function depthOf({ settings: { apiUrl }, idempotencyKey, signal }: Caller): Promise<number> {
  const path = executionPath(executionOf(idempotencyKey));
  const { triggeredBy } = await insist(() => askApi({ apiUrl, method: 'GET', path, signal, codes }), signal);
  const depth = (isObject(triggeredBy) ? Number(triggeredBy.depth) || 0 : 0) + 1;
  if (depth <= DEEPEST) return depth;
  throw new Terminal('workflow.too_deep', `More than ${DEEPEST} workflows have started each other.`, {
    fix: 'Look for a workflow that runs itself, directly or through others.',
  });
}

/** A signal that aborts some time after another one, so that what is under way can still be brought to an end. */
function lasting(signal: AbortSignal, milliseconds: number): AbortSignal {
  const later = new AbortController();
  const start = (): void => void setTimeout(() => later.abort(signal.reason), milliseconds).unref();
  if (signal.aborted) start();
  else signal.addEventListener('abort', start, { once: true });
  return later.signal;
}

/** Starts the child, or finds the one that an earlier attempt has started. Gives its id. */
export async function startChild(caller: Caller, workflowId: string, variables: JsonObject): Promise<string> {
  const { apiUrl } = caller.settings;
  const depth = await depthOf(caller);
  const body = {
    variables,
    trigger: { id: 'workflow', type: 'workflow', by: executionOf(caller.idempotencyKey), depth },
    idempotencyKey: createHash('sha256').update(caller.idempotencyKey).digest('hex'),
  };
  const path = `/workflows/${encodeURIComponent(workflowId)}/execute`;
  // A start that is under way must be heard of, or a cancel would leave the child running.
  const signal = lasting(caller.signal, LAST_CALL);
  const ask = () => askApi({ apiUrl, method: 'POST', path, body, signal, codes });
  return String((await insist(ask, caller.signal)).executionId);
}

const childOf = (view: JsonObject): Child => ({
  executionId: String(view.executionId),
  status: String(view.status),
  output: view.output ?? null,
  error: isObject(view.error) ? view.error : null,
});

/** Looks at the child until it has ended, telling each change of its status. */
export async function follow(
  { settings: { apiUrl }, signal }: Caller,
  executionId: string,
  tell: (status: string) => void,
): Promise<Child> {
  const path = executionPath(executionId);
  let last = '';
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 1.5, LONGEST_PAUSE)) {
    const child = childOf(await insist(() => askApi({ apiUrl, method: 'GET', path, signal, codes }), signal));
    if (child.status !== last) tell(child.status);
    last = child.status;
    if (isEnded(child.status)) return child;
    await sleep(pause, undefined, { signal });
  }
}

/** Cancels the child. One that has ended meanwhile refuses, which is as well. */
export async function cancelChild({ settings: { apiUrl } }: Caller, executionId: string): Promise<void> {
  const signal = AbortSignal.timeout(LAST_CALL);
  const path = `${executionPath(executionId)}/cancel`;
  try {
    await askApi({ apiUrl, method: 'POST', path, body: {}, signal, codes });
  } catch (thrown) {
    if (!(thrown instanceof Terminal)) throw thrown;
  }
}

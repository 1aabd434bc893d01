import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { isObject, type JsonObject } from '#shared/json.ts';
import { closedStatuses } from '#shared/machine/status.ts';
import { Terminal } from '../../action.ts';
import { askApi, executionOf, executionPath, FIRST_PAUSE, insistOnApi, LONGEST_PAUSE } from '../_api.ts';
import { type Caller, depthOf } from '../_depth.ts';

const codes = { unreachable: 'workflow.unreachable', refused: 'workflow.refused' };

/** Time that is left to find out about the child once the step is cancelled, in milliseconds. */
const LAST_CALL = 2_000;

export interface Child {
  executionId: string;
  status: string;
  output: JsonObject[string];
  error: JsonObject | null;
}

const isEnded = (status: string): boolean => (closedStatuses as readonly string[]).includes(status);

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
  const depth = await depthOf(caller, codes);
  const body = {
    variables,
    trigger: { id: 'workflow', type: 'workflow', by: executionOf(caller.idempotencyKey), depth },
    idempotencyKey: createHash('sha256').update(caller.idempotencyKey).digest('hex'),
  };
  const path = `/workflows/${encodeURIComponent(workflowId)}/execute`;
  // A start that is under way must be heard of, or a cancel would leave the child running.
  const signal = lasting(caller.signal, LAST_CALL);
  const started = await insistOnApi({ apiUrl, method: 'POST', path, body, signal, codes }, caller.signal);
  return String(started.executionId);
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
    const child = childOf(await insistOnApi({ apiUrl, method: 'GET', path, signal, codes }));
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

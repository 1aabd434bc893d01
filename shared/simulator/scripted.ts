import { isObject } from '../json.ts';
import type { Facts, RunCommand } from '../machine/protocol.ts';
import type { SimulatedEnd } from './simulate.ts';

/** What a scripted action does, written in its own parameters, so that any driver can play the same script. */
export interface Script {
  /** What it returns; null by default. */
  output?: unknown;
  /** Milliseconds an attempt takes; 1 by default. */
  after?: number;
  /** Code of the error it fails with. */
  error?: string;
  /** How many attempts fail; all of them by default. */
  times?: number;
  /** Whether the error may be retried; it may by default. */
  retryable?: boolean;
  /** The attempts that fail are cut off instead. */
  cutOff?: boolean;
}

/** Acts on the world; cut off, nobody knows whether it did. */
export const SCRIPTED_WRITE = 'test.write';

/** May be run twice. */
export const SCRIPTED_READ = 'test.read';

const facts = (idempotent: boolean): Facts[string] => ({
  timeout: 60_000,
  retry: { initialInterval: 1_000 },
  idempotent,
});

export const SCRIPTED_FACTS: Facts = { [SCRIPTED_WRITE]: facts(false), [SCRIPTED_READ]: facts(true) };

/** The end of one attempt of a scripted action. */
export function scripted({ parameters, path }: RunCommand, attempt: number): SimulatedEnd {
  const { output = null, after, error, times, retryable = true, cutOff } = parameters as Script;
  const time = after === undefined ? {} : { after };
  if ((error === undefined && !cutOff) || attempt > (times ?? Number.POSITIVE_INFINITY))
    return { ...time, output: (isObject(output) ? { ...output } : output) as never };
  if (cutOff) return { ...time, cutOff: true };
  return { ...time, error: { code: error ?? 'failed', message: `Script of "${path}" says so.` }, retryable };
}

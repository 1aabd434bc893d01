import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '#shared/errors.ts';
import type { Logger } from '#shared/node/log.ts';

/** A process that was started and is ready for work. */
export interface Running {
  /** Resolves when it has ended, with the reason. */
  exited: Promise<string>;
  /** Ends it orderly, within its own time of grace. */
  stop(): Promise<void>;
}

export interface KeeperOptions<R extends Running> {
  name: string;
  /** Starts it and resolves when it is ready. Must end what it started when `signal` fires. */
  launch(signal: AbortSignal): Promise<R>;
  log: Logger;
  /** Hears each time it is ready, the first time included. */
  onReady?(running: R): void;
  /** Milliseconds before the first restart, doubled up to the last. Default 200 and 5,000. */
  backoff?: { first: number; last: number };
}

/** Something that is kept running. */
export interface Keeper<R extends Running> {
  /** Resolves with the first process that got ready. Rejects only when stopped before. */
  ready: Promise<R>;
  /** Ends the process for a new one, as after a death, without waiting. */
  restart(): Promise<void>;
  /** Ends it for good. */
  stop(): Promise<void>;
}

/** A process that was up this long had no part in an earlier trouble: the next wait is the first again. */
const steady = 10_000;

const deferred = <T>() => {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
};

/** Keeps a process running: starts it anew, with growing waits, whenever it dies or does not get ready. */
export function keep<R extends Running>(options: KeeperOptions<R>): Keeper<R> {
  const { name, log, backoff = { first: 200, last: 5_000 } } = options;
  const stopping = new AbortController();
  const first = deferred<R>();
  let current: R | null = null;
  let wait = backoff.first;

  const once = async (): Promise<string> => {
    const running = await options.launch(stopping.signal);
    current = running;
    const since = Date.now();
    first.resolve(running);
    if (stopping.signal.aborted) await running.stop();
    else options.onReady?.(running);
    const why = await running.exited;
    current = null;
    if (Date.now() - since > steady) wait = backoff.first;
    return why;
  };

  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const why = await once().catch((thrown) => messageOf(thrown));
      if (stopping.signal.aborted) break;
      log.warn(`${name} ended (${why}); starting it again in ${wait / 1000} s`);
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => undefined);
      wait = Math.min(wait * 2, backoff.last);
    }
    first.reject(new Error(`${name} was stopped before it was ready`));
  };

  first.promise.catch(() => undefined); // Nobody has to wait for the first one.
  const ended = loop();
  return {
    ready: first.promise,
    restart: async () => current?.stop(),
    stop: async () => {
      stopping.abort(new Error(`${name} is being stopped`));
      await current?.stop();
      await ended;
    },
  };
}

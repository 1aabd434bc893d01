import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '#shared/errors.ts';
import { serverArguments, type TemporalPorts } from './flags.ts';
import { temporalReady } from './readiness.ts';

export interface ServerOptions {
  /** The temporal executable. */
  binary: string;
  /** The database file, or null to keep everything in memory. */
  database: string | null;
  ports: TemporalPorts;
  /** Default true. False starts it as it comes, for comparison. */
  isTuned?: boolean | undefined;
  /** Takes what the server says. Default: dropped. */
  output?: Writable | undefined;
  /** Hears the process id at once, before the server is ready. */
  onSpawn?: ((pid: number) => void) | undefined;
}

/** A Temporal server process that is ready for work. */
export interface TemporalServer {
  /** host:port of the frontend. */
  address: string;
  uiUrl: string | null;
  pid: number;
  /** Resolves when the process has ended, with the reason. */
  exited: Promise<string>;
  /** Ends it orderly; by force after `grace` milliseconds (default 10,000). */
  stop(grace?: number): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
}

const lastWords = (child: ChildProcess, output?: Writable): (() => string) => {
  let tail = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      tail = (tail + chunk).slice(-2000);
      output?.write(chunk);
    });
  }
  return () =>
    tail
      .split('\n')
      .filter((line) => /^error|level=(ERROR|FATAL)|address already in use/i.test(line))
      .at(-1) ?? '';
};

const endOf = async (child: ChildProcess, words: () => string): Promise<string> => {
  const [code, signal] = await once(child, 'close');
  return [signal ?? `exit code ${code}`, words()].filter(Boolean).join(': ');
};

/** Ends a process: SIGTERM, and SIGKILL when `grace` milliseconds were not enough. */
const end = async (child: ChildProcess, exited: Promise<unknown>, grace: number): Promise<void> => {
  child.kill('SIGTERM');
  const timer = new AbortController();
  const forced = sleep(grace, undefined, { signal: timer.signal }).then(
    () => child.kill('SIGKILL'),
    () => false, // The process ended in time.
  );
  await exited;
  timer.abort();
  await forced;
};

/**
 * Starts a Temporal server and waits until it is ready.
 * @throws AppError `temporal.start_failed` with the server's own last words.
 */
export async function startTemporal(options: ServerOptions): Promise<TemporalServer> {
  // In a process group of its own, a Ctrl-C on the terminal reaches only the supervisor, which knows the order.
  const child = spawn(options.binary, serverArguments(options.ports, options.database, options.isTuned), {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const failedSpawn = once(child, 'error').then(([error]: Error[]) => `${error?.message}`);
  const exited = Promise.race([endOf(child, lastWords(child, options.output)), failedSpawn]);
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  const address = `127.0.0.1:${options.ports.grpc}`;
  const gone = new AbortController();
  void exited.then((why) => gone.abort(startFailed(why)));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await exited;
  };
  try {
    await temporalReady(address, { signal: gone.signal });
  } catch (thrown) {
    await kill();
    throw thrown;
  }
  return {
    address,
    uiUrl: options.ports.ui === null ? null : `http://127.0.0.1:${options.ports.ui}`,
    pid: child.pid ?? 0,
    exited,
    stop: (grace = 10_000) => end(child, exited, grace),
    kill,
  };
}

const startFailed = (why: string): AppError =>
  new AppError('temporal.start_failed', `The Temporal server ended during its start: ${why}.`, {
    fix: 'Look into temporal/server.log in the data directory.',
    details: { portTaken: /address already in use|can't set (\w+ )?port/i.test(why) },
  });

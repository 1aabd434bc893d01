import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { ReadyMessage } from '#shared/node/exit-with-parent.ts';
import type { Running } from './keeper.ts';

export interface NodeChildOptions {
  /** The TypeScript file to run. */
  main: string;
  env: Record<string, string | undefined>;
  /** Hears the process id at once. */
  onSpawn?(pid: number): void;
  /** Fires when the child must end even before it is ready. */
  signal: AbortSignal;
  /** Milliseconds a child has to end after SIGTERM. Default 10,000. */
  grace?: number;
}

/** A process of ours that has said it is ready. */
export interface NodeChild extends Running {
  pid: number;
  /** Where it listens, when it does. */
  url: string | undefined;
}

const loader = import.meta.resolve('tsx');

const isReady = (message: unknown): message is ReadyMessage =>
  typeof message === 'object' && message !== null && (message as { ready?: unknown }).ready === true;

/** The last line of an uncaught error's text that names the error. */
const errorLine = (text: string): string =>
  text.split('\n').findLast((line) => /^(\w*Error|\w+ \[\w+\])\b.*:/.test(line)) ?? '';

const watch = (child: ChildProcess): Promise<string> => {
  let tail = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    tail = (tail + chunk).slice(-4000);
  });
  return once(child, 'close').then(([code, signal]) =>
    [signal ?? `exit code ${code}`, errorLine(tail)].filter(Boolean).join(': '),
  );
};

const firstReady = (child: ChildProcess, exited: Promise<string>): Promise<ReadyMessage> =>
  new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (isReady(message)) resolve(message);
    });
    void exited.then((why) => reject(new Error(why)));
  });

/**
 * Runs one of our own programs as a child and waits until it reports that it is ready. The channel between the
 * two tells the child of our death, whatever the cause.
 */
export async function startNodeChild(options: NodeChildOptions): Promise<NodeChild> {
  const { main, env, grace = 10_000 } = options;
  // In a process group of its own, a Ctrl-C on the terminal reaches only the supervisor, which knows the order.
  const child = spawn(process.execPath, ['--import', loader, main], {
    env,
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
    detached: true,
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  const exited = watch(child);
  if (child.pid !== undefined) options.onSpawn?.(child.pid);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), grace);
    await exited;
    clearTimeout(force);
  };
  const cancel = (): void => void stop();
  options.signal.addEventListener('abort', cancel, { once: true });
  try {
    const { url } = await firstReady(child, exited);
    return { pid: child.pid ?? 0, url, exited, stop };
  } finally {
    options.signal.removeEventListener('abort', cancel);
  }
}

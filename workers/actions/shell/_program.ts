import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { Tail } from './_tail.ts';

/** How long a program that is asked to end may take before it is killed, in milliseconds. */
const TERM_GRACE = 2_000;

/** How often the ends of the outputs are reported while a program runs, in milliseconds. */
const REPORT_EVERY = 1_000;

/** Bytes of each output that are reported. */
const REPORTED = 2_000;

/** How long the system may take to clear a killed process away, in milliseconds. */
const DEATH = 500;

export interface Outputs {
  stdout: string;
  stderr: string;
  [name: string]: string;
}

export interface Program {
  command: string;
  args: string[];
  /** An absolute path. */
  cwd: string;
  env: Record<string, string>;
  stdin: string | undefined;
  /** Bytes kept of each output. */
  maxOutput: number;
}

export interface Ended {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: Tail;
  stderr: Tail;
}

/** Sends a signal to all processes of a program's group; 0 only asks. False when there are none. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(-pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
    return false;
  }
}

/** Resolves when the group is gone, or after so many milliseconds. */
async function groupGone(child: ChildProcess, patience: number): Promise<void> {
  const deadline = Date.now() + patience;
  while (signalGroup(child, 0) && Date.now() < deadline) await sleep(20);
}

/** Ends a program's whole group: asks first, kills what is left then. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (!signalGroup(child, 'SIGTERM')) return;
  await groupGone(child, TERM_GRACE);
  if (signalGroup(child, 'SIGKILL')) await groupGone(child, DEATH);
}

function feed(child: ChildProcess, text: string | undefined): void {
  // A program may end without reading all of it.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(text ?? '');
}

/** Collects an output; `changed` tells whether there is more than when it was last asked. */
function collect(child: ChildProcess, limit: number): { stdout: Tail; stderr: Tail; changed(): boolean } {
  const [stdout, stderr] = [new Tail(limit), new Tail(limit)];
  let isNew = false;
  for (const [stream, tail] of [
    [child.stdout, stdout],
    [child.stderr, stderr],
  ] as const) {
    stream?.on('data', (chunk: Buffer) => {
      isNew = true;
      tail.add(chunk);
    });
  }
  return {
    stdout,
    stderr,
    changed: () => {
      const before = isNew;
      isNew = false;
      return before;
    },
  };
}

/** Resolves when a program has ended, its whole group with it, and its outputs are read. */
async function ended(
  child: ChildProcess,
  signal: AbortSignal,
): Promise<[number | null, NodeJS.Signals | null]> {
  const closed = once(child, 'close');
  // Without a listener of its own its rejection would be reported besides that of `exit`.
  closed.catch(() => undefined);
  const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  let ending: Promise<void> | undefined;
  const end = () => {
    ending ??= endGroup(child);
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const result = await exit;
    end();
    await ending;
    // A process that left the group may hold on to the outputs for ever.
    const letGo = setTimeout(() => [child.stdout, child.stderr].map((stream) => stream?.destroy()), DEATH);
    await closed;
    clearTimeout(letGo);
    return result;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/**
 * Runs a program in a process group of its own, without a shell. When it ends or `signal` aborts, the whole group is
 * ended. Rejects with the signal's reason, or with the system's error of starting it.
 */
export async function runProgram(
  program: Program,
  signal: AbortSignal,
  report: (progress: Outputs) => void,
): Promise<Ended> {
  signal.throwIfAborted();
  const { command, args, cwd, env, stdin, maxOutput } = program;
  const child = spawn(command, args, {
    cwd,
    env,
    shell: false,
    detached: true,
    stdio: 'pipe',
    windowsHide: true,
  });
  const { stdout, stderr, changed } = collect(child, maxOutput);
  const timer = setInterval(() => {
    if (changed()) report({ stdout: stdout.text(REPORTED), stderr: stderr.text(REPORTED) });
  }, REPORT_EVERY);
  try {
    feed(child, stdin);
    const [exitCode, by] = await ended(child, signal);
    signal.throwIfAborted();
    return { exitCode, signal: by, stdout, stderr };
  } finally {
    clearInterval(timer);
  }
}

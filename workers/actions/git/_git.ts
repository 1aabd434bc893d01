import { randomUUID } from 'node:crypto';
import { simpleGit } from 'simple-git';
import type { Attempt } from '../../action.ts';
import { gitEnvironment, gitVariablesOf } from './_environment.ts';
import { failures } from './_failures.ts';
import { endProcesses } from './_processes.ts';

/** Largest output of git that is held in memory, in bytes. */
const LARGEST_OUTPUT = 32_000_000;

/** What an attempt knows that every call of git needs. */
export type Caller = Pick<Attempt<unknown>, 'workspace' | 'home' | 'environment' | 'network' | 'signal'>;

export interface CallOptions {
  /** Text for its standard input. */
  input?: string;
  /** Bytes of output after which git is ended and what came is kept. An error past 32 MB when absent. */
  keep?: number;
  /** Ways that git may reach a remote; none when absent. */
  protocols?: readonly string[];
  config?: Readonly<Record<string, string>>;
  variables?: Readonly<Record<string, string>>;
}

export interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Whether there was more output than was kept. */
  truncated: boolean;
}

/** Options of simple-git that guard against unsafe values, off where `_environment.ts` sets safe ones itself. */
const OURS = {
  allowUnsafeAskPass: true,
  allowUnsafeConfigEnvCount: true,
  allowUnsafeConfigPaths: true,
  allowUnsafeCredentialHelper: true,
  allowUnsafeEditor: true,
  allowUnsafeFsMonitor: true,
  allowUnsafeHooksPath: true,
  allowUnsafePager: true,
  allowUnsafeProtocolOverride: true,
  allowUnsafeSshCommand: true,
};

/** Collects the beginning of a stream, and says when there is more. */
class Head {
  readonly #chunks: Buffer[] = [];
  #size = 0;
  isFull = false;
  readonly #limit: number;
  readonly #full: () => void;

  constructor(limit: number, full: () => void) {
    this.#limit = limit;
    this.#full = full;
  }

  take(chunk: Buffer): void {
    if (this.isFull) return;
    this.#chunks.push(chunk.subarray(0, this.#limit - this.#size));
    this.#size += chunk.length;
    if (this.#size <= this.#limit) return;
    this.isFull = true;
    this.#full();
  }

  text(): string {
    return Buffer.concat(this.#chunks).toString();
  }
}

/**
 * Runs git in `cwd` and waits until it and all it started have ended, also when the signal aborts. What it ended with
 * is for the caller to judge.
 * @throws Terminal `git.not_installed`, `git.too_large`; the signal's reason
 */
export async function callGit(
  caller: Caller,
  cwd: string,
  args: string[],
  options: CallOptions = {},
): Promise<Ended> {
  const { signal } = caller;
  signal.throwIfAborted();
  const mark = randomUUID();
  const env = gitEnvironment({
    ...options,
    base: caller.environment,
    workspace: caller.workspace.root,
    mark,
  });
  const enough = new AbortController();
  const stdout = new Head(options.keep ?? LARGEST_OUTPUT, () => enough.abort());
  const stderr = new Head(100_000, () => undefined);
  const stop = AbortSignal.any([signal, enough.signal]);
  let exitCode: number | undefined;
  const git = simpleGit({
    baseDir: cwd,
    abort: stop,
    unsafe: OURS,
    allowEnvironment: gitVariablesOf(env),
    ...(options.input !== undefined && { input: () => options.input }),
    // What git ended with is judged by its code; simple-git would go by whether anything was said.
    errors: (_thrown, result) => {
      exitCode = result.exitCode;
      return undefined;
    },
  })
    .env(env)
    .outputHandler((_command, out, err) => {
      out.on('data', (chunk: Buffer) => stdout.take(chunk));
      err.on('data', (chunk: Buffer) => stderr.take(chunk));
    });
  // simple-git asks the one process it knows to end; a hanging child of it would go on.
  let ending: Promise<void> | undefined;
  const end = () => {
    ending = endProcesses(mark);
  };
  stop.addEventListener('abort', end);
  const thrown = await git.raw(args).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  stop.removeEventListener('abort', end);
  await ending;
  signal.throwIfAborted();
  if (stdout.isFull && options.keep === undefined) throw failures.tooLarge(LARGEST_OUTPUT);
  if (!stdout.isFull && exitCode === undefined) throw thrown ?? new Error('git ended without a code');
  const ended = { stdout: stdout.text(), stderr: stderr.text(), truncated: stdout.isFull };
  if (ended.stderr.includes('ENOENT') && exitCode !== undefined && exitCode < 0)
    throw failures.notInstalled();
  return { ...ended, exitCode: stdout.isFull ? 0 : (exitCode ?? 0) };
}

/**
 * As {@link callGit}, for a call that must succeed.
 * @throws besides, what `failures.of` makes of its error output
 */
export async function git(
  caller: Caller,
  cwd: string,
  args: string[],
  options: CallOptions = {},
): Promise<Ended> {
  const ended = await callGit(caller, cwd, args, options);
  if (ended.exitCode === 0) return ended;
  throw failures.of(args[0] ?? '', ended);
}

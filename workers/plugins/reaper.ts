import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Remembers the process groups of the last line it read. Its input ends with its owner, even one killed with SIGKILL;
 * then it gives them a second to notice that theirs did too, and kills what is left.
 */
const SCRIPT =
  'while read -r line; do groups=$line; done; [ -n "$groups" ] && sleep 1; for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done';

/** Kills plugins that outlive this process: a hanging one does not notice that its input has ended. */
export class Reaper {
  readonly #groups = new Set<number>();
  #shell: ChildProcess | undefined;

  /** From now on this process group does not outlive this process. */
  watch(group: number): void {
    this.#groups.add(group);
    this.#tell();
  }

  /** The group has ended; its number may become another's. */
  forget(group: number): void {
    this.#groups.delete(group);
    this.#tell();
  }

  /** Ends the watch. */
  close(): void {
    this.#groups.clear();
    this.#tell();
    this.#shell?.stdin?.end();
  }

  #tell(): void {
    const stdin = this.#running().stdin;
    stdin?.write(`${[...this.#groups].join(' ')}\n`);
  }

  #running(): ChildProcess {
    if (this.#shell) return this.#shell;
    const shell = spawn('/bin/sh', ['-c', SCRIPT], {
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    const gone = () => {
      if (this.#shell === shell) this.#shell = undefined;
    };
    shell.once('exit', gone);
    shell.once('error', gone);
    shell.stdin?.on('error', () => undefined);
    shell.unref();
    (shell.stdin as unknown as { unref?(): void } | null)?.unref?.();
    this.#shell = shell;
    return shell;
  }
}

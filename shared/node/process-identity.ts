import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

export const processIdentity = z.object({
  pid: z.number().int().positive(),
  /** When the process started, as the system tells it: tells a process from a later one with its number. */
  started: z.string(),
});

/** One process for all time: its number and its start. */
export type ProcessIdentity = z.infer<typeof processIdentity>;

const linuxStart = (pid: number): string | null => {
  try {
    // The command name stands in parentheses and may itself hold spaces and parentheses.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\)\s/s, '')
      .split(' ');
    if (fields[0] === 'Z') return null;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields[19]}`;
  } catch {
    return null; // Gone between two looks.
  }
};

const otherStart = (pid: number): string | null => {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? null : line.replace(/^\S+\s+/, '');
  } catch {
    return null; // `ps` exits with 1 for a process that is gone.
  }
};

/** The identity of a live process, or null when no process has this number. */
export function identify(pid: number): ProcessIdentity | null {
  const started = process.platform === 'linux' ? linuxStart(pid) : otherStart(pid);
  return started === null ? null : { pid, started };
}

/** True while exactly this process lives: a later process with the same number does not count. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { MARK } from './_environment.ts';

/** How long git may take to clean up after itself before it is killed, in milliseconds. */
const GRACE = 2_000;

/** How long the system may take to clear killed processes away, in milliseconds. */
const DEATH = 1_000;

const environmentOf = (pid: string): string => {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    // It has ended meanwhile, or belongs to someone else.
    return '';
  }
};

/** The processes that carry a mark in their environment. Empty where the system has no `/proc`. */
export function processesOf(mark: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(`${MARK}=${mark}\0`))
    .map(Number);
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}

async function gone(mark: string, patience: number): Promise<boolean> {
  const deadline = Date.now() + patience;
  while (processesOf(mark).length > 0) {
    if (Date.now() > deadline) return false;
    await sleep(20);
  }
  return true;
}

/**
 * Ends all processes of one call of git, also those that it started for a remote: asks first, so that git removes its
 * locks, kills what is left then.
 */
export async function endProcesses(mark: string): Promise<void> {
  for (const pid of processesOf(mark)) send(pid, 'SIGTERM');
  if (await gone(mark, GRACE)) return;
  for (const pid of processesOf(mark)) send(pid, 'SIGKILL');
  await gone(mark, DEATH);
}

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { writeFileAtomically } from '#shared/node/atomic-file.ts';
import { identify, isAlive, type ProcessIdentity, processIdentity } from '#shared/node/process-identity.ts';

const recordFile = z.record(z.string(), processIdentity);
type Processes = z.infer<typeof recordFile>;

const fileOf = (home: string): string => join(home, 'processes.json');

/** The processes of a data directory by name (`supervisor`, `temporal`, `api`, `worker`), as last written down. */
export function readProcesses(home: string): Processes {
  try {
    return recordFile.parse(JSON.parse(readFileSync(fileOf(home), 'utf8')));
  } catch {
    return {}; // The first start.
  }
}

/** Writes a process down (null: it has ended), at once, so that a supervisor started later finds it. */
export function recordProcess(home: string, name: string, pid: number | null): void {
  const { [name]: _, ...others } = readProcesses(home);
  const identity = pid === null ? null : identify(pid);
  writeFileAtomically(
    fileOf(home),
    JSON.stringify(identity === null ? others : { ...others, [name]: identity }, null, 2),
  );
}

/** Linux only: live processes that were started with `argument`, found even when they were never written down. */
const startedWith = (argument: string): ProcessIdentity[] => {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && argumentsOf(name).includes(argument))
    .flatMap((name) => identify(Number(name)) ?? []);
};

const argumentsOf = (pid: string): string[] => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // Ended between two looks.
  }
};

const endProcess = async (identity: ProcessIdentity, grace: number): Promise<void> => {
  const deadline = Date.now() + grace;
  const signal = (name: NodeJS.Signals): void => {
    // Asked again each time: a number may have passed to a stranger in between.
    if (isAlive(identity)) process.kill(identity.pid, name);
  };
  signal('SIGTERM');
  while (isAlive(identity)) {
    if (Date.now() > deadline) signal('SIGKILL');
    await sleep(20);
  }
};

/** Ends every child that is written down at once and by force; each of them is made to survive that. */
export function killRecorded(home: string): void {
  const { supervisor: _, ...children } = readProcesses(home);
  for (const child of Object.values(children)) {
    if (isAlive(child)) process.kill(child.pid, 'SIGKILL');
  }
}

/**
 * Ends what an earlier supervisor left running when it was killed. A process counts as left behind when its
 * number and its start are those written down, or when its arguments name `database`.
 * The caller holds the data directory, so no supervisor of it lives.
 * @returns the process ids that were ended.
 */
export async function endOrphans(home: string, database: string, grace = 5_000): Promise<number[]> {
  const { supervisor: _, ...children } = readProcesses(home);
  const orphans = new Map(
    [...Object.values(children), ...startedWith(database)].map((one) => [one.pid, one]),
  );
  const alive = [...orphans.values()].filter((one) => one.pid !== process.pid && isAlive(one));
  await Promise.all(alive.map((one) => endProcess(one, grace)));
  writeFileAtomically(fileOf(home), '{}');
  return alive.map((one) => one.pid);
}

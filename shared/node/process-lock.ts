import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { AppError, messageOf } from '#shared/errors.ts';
import { writeFileAtomically } from './atomic-file.ts';
import { identify, type ProcessIdentity, processIdentity } from './process-identity.ts';

/** A held data directory. The system gives it up by itself when the process ends, however it ends. */
export interface ProcessLock {
  release(): void;
}

const readOwner = (path: string): ProcessIdentity | null => {
  try {
    return processIdentity.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return null; // The owner has the lock but has not yet written its name.
  }
};

// A database that nobody refers to is closed by the garbage collector, and its lock is lost with it.
const held = new Set<Database.Database>();

/**
 * Takes the data directory `home` for this process; creates it when absent.
 *
 * The lock is SQLite's lock on `lock.db`, which the system drops with its holder, so that no stale lock can
 * exist; `lock.json` beside it names the owner for people.
 * @throws AppError `home.in_use` when another process (or another part of this one) holds it.
 */
export function lockHome(home: string): ProcessLock {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const ownerFile = join(home, 'lock.json');
  const database = new Database(join(home, 'lock.db'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (thrown) {
    database.close();
    throw refusal(home, readOwner(ownerFile), thrown);
  }
  writeFileAtomically(ownerFile, JSON.stringify(identify(process.pid)));
  held.add(database);
  return {
    release: () => {
      held.delete(database);
      database.close();
    },
  };
}

const refusal = (home: string, owner: ProcessIdentity | null, thrown: unknown): AppError => {
  const busy = (thrown as { code?: unknown }).code === 'SQLITE_BUSY';
  if (!busy) {
    return new AppError(
      'home.unusable',
      `The data directory ${home} cannot be locked: ${messageOf(thrown)}.`,
      {
        fix: 'Make the directory writable, or set ACAS_HOME to another one.',
        cause: thrown,
      },
    );
  }
  const who = owner === null ? 'another process' : `process ${owner.pid}`;
  return new AppError('home.in_use', `The data directory ${home} is in use by ${who}.`, {
    fix: `Stop ${who}, or set ACAS_HOME to another directory (and PORT to another port) for a second instance.`,
    details: { home, pid: owner?.pid ?? null },
  });
};

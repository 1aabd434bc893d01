import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { syncToDisk } from '#shared/node/atomic-file.ts';
import { type ServerOptions, startTemporal } from './server.ts';

const prefix = 'first-start-';

/** Brings the write-ahead log into the file itself, so that one rename moves everything. */
const closeCleanly = (path: string): void => {
  const database = new Database(path);
  try {
    database.pragma('wal_checkpoint(TRUNCATE)');
    if (database.pragma('quick_check', { simple: true }) !== 'ok') throw new Error(`${path} is damaged`);
  } finally {
    database.close();
  }
  syncToDisk(path);
};

/**
 * Makes the database file when there is none. A server that is killed while it makes its own file leaves one
 * that can never be opened again; so the first start happens in a folder aside, and its finished file is
 * renamed into place. What killed first starts left behind is removed.
 * The caller holds the data directory, so no first start of another process is under way.
 */
export async function ensureDatabase(
  database: string,
  options: Omit<ServerOptions, 'database'>,
): Promise<void> {
  const folder = dirname(database);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) {
    if (name.startsWith(prefix)) rmSync(join(folder, name), { recursive: true, force: true });
  }
  if (existsSync(database)) return;
  const aside = mkdtempSync(join(folder, prefix));
  const unfinished = join(aside, 'temporal.db');
  try {
    const server = await startTemporal({ ...options, database: unfinished });
    await server.stop();
    closeCleanly(unfinished);
    renameSync(unfinished, database);
    syncToDisk(folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

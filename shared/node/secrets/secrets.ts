import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import pg from 'pg';
import { SECRET_NAME } from '../../contract/secret.ts';
import { AppError } from '../../errors.ts';
import { readKey } from './key.ts';
import { unseal } from './seal.ts';

/** Secrets as actions get them. */
export interface SecretReader {
  /**
   * The value of a secret.
   * @throws AppError `secret.unknown`, `secret.no_key`, `secret.wrong_key`, `secret.damaged`
   */
  get(name: string): Promise<string>;
  close(): Promise<void>;
}

export interface SecretPlaces {
  /** The data directory. */
  home: string;
  /** `DATABASE_URL`, where it is set. */
  databaseUrl?: string | undefined;
  /** In base64; without one the key file in the data directory. */
  key?: string | undefined;
  /** A folder with a file for each secret. */
  folder?: string | undefined;
  /** Secrets that the environment holds, by name. */
  environment: Readonly<Record<string, string>>;
}

interface SealedReader {
  sealed(name: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const QUERY = 'select sealed from secrets where name = ';

function sqliteReader(path: string): SealedReader {
  return {
    async sealed(name) {
      if (!existsSync(path)) return undefined;
      const file = new Database(path, { readonly: true, timeout: 5_000 });
      try {
        const row = file.prepare<[string], { sealed: string }>(`${QUERY}?`).get(name);
        return row?.sealed;
      } finally {
        file.close();
      }
    },
    close: async () => undefined,
  };
}

function postgresReader(url: string): SealedReader {
  const pool = new pg.Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 5_000 });
  // Without a listener the loss of an idle connection ends the process; the next query reports what lasts.
  pool.on('error', () => undefined);
  return {
    sealed: async (name) => (await pool.query<{ sealed: string }>(`${QUERY}$1`, [name])).rows[0]?.sealed,
    close: () => pool.end(),
  };
}

function fromFile(folder: string | undefined, name: string): string | undefined {
  if (folder === undefined) return undefined;
  try {
    return readFileSync(join(folder, name), 'utf8').replace(/\r?\n$/, '');
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

const unknown = (name: string): AppError =>
  new AppError('secret.unknown', `There is no secret "${name}".`, {
    fix: `Create it: POST /api/secrets { "name": "${name}", "value": … }; or set ACAS_SECRET_${name}.`,
  });

/**
 * Reads secrets where they are: those created through the API first, then files, then the environment. Nothing is
 * kept in memory, so that a secret that was changed is new to the next attempt.
 */
export function openSecrets(places: SecretPlaces): SecretReader {
  const { home, databaseUrl, folder, environment } = places;
  const reader =
    databaseUrl === undefined ? sqliteReader(join(home, 'acas.db')) : postgresReader(databaseUrl);
  return {
    async get(name) {
      if (!SECRET_NAME.test(name)) throw unknown(name);
      const sealed = await reader.sealed(name);
      if (sealed !== undefined) {
        const key = readKey(places);
        if (key) return unseal(key, name, sealed);
        throw new AppError('secret.no_key', `There is no key to open the secret "${name}" with.`, {
          fix: 'Set ACAS_SECRETS_KEY to the key that the API has, for api and workers alike.',
        });
      }
      const value =
        fromFile(folder, name) ?? (Object.hasOwn(environment, name) ? environment[name] : undefined);
      if (value === undefined) throw unknown(name);
      return value;
    },
    close: () => reader.close(),
  };
}

import { join } from 'node:path';
import pg from 'pg';
import type { Blobs } from './blobs.ts';
import { fileBlobs } from './file-blobs.ts';
import { postgresBlobs } from './postgres-blobs.ts';

export interface OpenBlobs extends Blobs {
  /** Lets go of connections; the blobs stay. */
  close(): Promise<void>;
}

export interface BlobsAddress {
  /** The data directory. */
  home: string;
  /** `DATABASE_URL`, where it is set. */
  databaseUrl?: string | undefined;
}

/** Blobs where the other data is: in Postgres where that is configured, else as files in `<home>/blobs`. */
export function openBlobs({ home, databaseUrl }: BlobsAddress): OpenBlobs {
  if (databaseUrl === undefined || !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    return { ...fileBlobs(join(home, 'blobs')), close: async () => undefined };
  }
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 4, connectionTimeoutMillis: 5000 });
  // Without a listener the loss of an idle connection ends the process; the next query reports what lasts.
  pool.on('error', () => undefined);
  return { ...postgresBlobs(pool), close: () => pool.end() };
}

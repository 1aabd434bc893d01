import type { Pool } from 'pg';
import { type Blobs, digitsOf, missing, refOf, verified } from './blobs.ts';

const place = 'the database';

/** Blobs in the table `blobs`, which the store's migrations make. The pool stays the caller's. */
export const postgresBlobs = (pool: Pick<Pool, 'query'>): Blobs => ({
  put: async (bytes) => {
    const ref = refOf(bytes);
    await pool.query(
      'insert into blobs (ref, bytes, size, created_at) values ($1, $2, $3, now()) on conflict (ref) do nothing',
      // A view: pg would bind a plain Uint8Array of a larger buffer as that whole buffer.
      [ref, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes.byteLength],
    );
    return ref;
  },
  get: async (ref) => {
    digitsOf(ref);
    const { rows } = await pool.query<{ bytes: Buffer }>('select bytes from blobs where ref = $1', [ref]);
    const row = rows[0];
    if (row === undefined) throw missing(ref, place);
    return verified(ref, row.bytes, place);
  },
});

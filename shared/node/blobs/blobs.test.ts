import { randomBytes } from 'node:crypto';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { type RunningPostgres, startPostgres } from '../../../test/support/postgres.ts';
import { type Blobs, refOf } from './blobs.ts';
import { fileBlobs } from './file-blobs.ts';
import { type OpenBlobs, openBlobs } from './open-blobs.ts';

const home = mkdtempSync(join(tmpdir(), 'acas-blobs-'));
const hello = 'sha256-2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824';
const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

let server: RunningPostgres | undefined;
let onPostgres: OpenBlobs | undefined;
const postgres = (): Blobs => {
  if (onPostgres === undefined) throw new Error('Only inside a test.');
  return onPostgres;
};

async function query(statement: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client(server?.url);
  await client.connect();
  const { rows } = await client.query(statement, values);
  await client.end();
  return rows;
}

beforeAll(async () => {
  server = await startPostgres();
  await query(
    'create table blobs (ref text primary key, bytes bytea not null, size bigint not null, created_at timestamptz(3) not null)',
  );
  onPostgres = openBlobs({ home, databaseUrl: server.url });
}, 60_000);

afterAll(async () => {
  await onPostgres?.close();
  await server?.stop();
  rmSync(home, { recursive: true, force: true });
});

function blobsConformance(name: string, blobs: () => Blobs): void {
  describe(`blobs in ${name}`, () => {
    it('keep bytes under the hash of their content', async () => {
      expect(await blobs().put(Buffer.from('hello'))).toBe(hello);
      expect(Buffer.from(await blobs().get(hello)).toString()).toBe('hello');
    });

    it('return any bytes as they were put', async () => {
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
          expect(hexOf(await blobs().get(await blobs().put(bytes)))).toBe(hexOf(bytes));
        }),
        { numRuns: 25 },
      );
    });

    it('keep of a view only what it shows', async () => {
      const view = new Uint8Array(Buffer.from('before hello after')).subarray(7, 12);
      expect(await blobs().put(view)).toBe(hello);
      expect(Buffer.from(await blobs().get(hello)).toString()).toBe('hello');
    });

    it('take the same content any number of times, at the same time too', async () => {
      const bytes = randomBytes(5000);
      const refs = await Promise.all(Array.from({ length: 8 }, () => blobs().put(bytes)));
      expect(new Set([...refs, await blobs().put(bytes)])).toEqual(new Set([refOf(bytes)]));
      expect(hexOf(await blobs().get(refOf(bytes)))).toBe(hexOf(bytes));
    });

    it('take several megabytes', async () => {
      const bytes = randomBytes(6_000_000);
      expect(Buffer.compare(await blobs().get(await blobs().put(bytes)), bytes)).toBe(0);
    });

    it('say which blob is missing', async () => {
      const ref = refOf(randomBytes(20));
      await expect(blobs().get(ref)).rejects.toMatchObject({
        name: 'AppError',
        code: 'blob.missing',
        message: expect.stringContaining(ref),
      });
    });

    it.each([
      '',
      'sha256-',
      `sha256-${'A'.repeat(64)}`,
      `sha256-${'a'.repeat(63)}`,
      `${hello}\n`,
      `sha256-../../../../etc/passwd`,
      `' or 1=1 --`,
    ])('refuse the reference %j', async (ref) => {
      await expect(blobs().get(ref)).rejects.toMatchObject({ code: 'blob.bad_ref' });
    });
  });
}

blobsConformance('files', () => fileBlobs(join(home, 'files')));
blobsConformance('Postgres', postgres);

describe('blobs in files alone', () => {
  const directory = join(home, 'alone');
  const blobs = fileBlobs(directory);
  const put = async () => {
    const bytes = randomBytes(100);
    const digits = (await blobs.put(bytes)).slice('sha256-'.length);
    return { bytes, ref: `sha256-${digits}`, path: join(directory, digits.slice(0, 2), digits.slice(2)) };
  };

  it('lie under the first two digits of their hash, readable by the owner alone', async () => {
    const { bytes, path } = await put();
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('leave an existing file alone and no temporary file behind', async () => {
    const { bytes, path } = await put();
    const { ino, mtimeMs } = statSync(path);
    await blobs.put(bytes);
    expect(statSync(path)).toMatchObject({ ino, mtimeMs });
    expect(
      readdirSync(directory, { recursive: true }).filter((name) => String(name).endsWith('.tmp')),
    ).toEqual([]);
  });

  it('report content that changed, and mend a file cut short at the next put', async () => {
    const { bytes, ref, path } = await put();
    const changed = Buffer.from(bytes);
    changed[0] = (changed[0] ?? 0) ^ 1;
    writeFileSync(path, changed);
    await expect(blobs.get(ref)).rejects.toMatchObject({
      code: 'blob.corrupt',
      message: expect.stringContaining(ref),
    });
    truncateSync(path, 10);
    await expect(blobs.get(ref)).rejects.toMatchObject({ code: 'blob.corrupt' });
    await blobs.put(bytes);
    expect(hexOf(await blobs.get(ref))).toBe(hexOf(bytes));
  });
});

describe('blobs in Postgres alone', () => {
  it('report content that changed', async () => {
    const ref = await postgres().put(randomBytes(50));
    await query('update blobs set bytes = $2 where ref = $1', [ref, randomBytes(50)]);
    await expect(postgres().get(ref)).rejects.toMatchObject({ code: 'blob.corrupt' });
  });
});

describe('opening blobs', () => {
  it.each([undefined, '/data/acas.db'])(
    'uses files in the data directory with DATABASE_URL %j',
    async (databaseUrl) => {
      const blobs = openBlobs({ home, databaseUrl });
      await blobs.put(Buffer.from('hello'));
      expect(readFileSync(join(home, 'blobs', '2c', hello.slice('sha256-2c'.length)), 'utf8')).toBe('hello');
      await blobs.close();
    },
  );

  it('uses Postgres where DATABASE_URL names one', async () => {
    const ref = await postgres().put(Buffer.from('in the table'));
    expect(await query('select ref, size from blobs where ref = $1', [ref])).toEqual([{ ref, size: '12' }]);
  });
});

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { openBlobs } from '#shared/node/blobs/open-blobs.ts';
import { type RunningPostgres, startPostgres } from '../../test/support/postgres.ts';
import { engineOf } from './engine.ts';
import { storeConformance } from './store.conformance.ts';
import { openStore } from './store.ts';
import { runSql } from './tests/support.ts';

const folder = mkdtempSync(join(tmpdir(), 'acas-store-'));
let count = 0;
const freshFile = async () => join(folder, `${count++}`, 'acas.db');

let server: RunningPostgres | undefined;
const serverUrl = () => server?.url ?? '';
async function freshDatabase(): Promise<string> {
  const name = `test_${count++}`;
  await runSql(serverUrl(), `create database ${name}`);
  return serverUrl().replace(/[^/]+$/, name);
}

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);

afterAll(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

storeConformance('SQLite', freshFile);
storeConformance('Postgres', freshDatabase);

describe('the store on SQLite alone', () => {
  it('syncs every commit, waits for locks and checks references, on the first open and on each after', async () => {
    const url = await freshFile();
    await (await openStore({ url })).close();
    const db = new Kysely<unknown>({ dialect: engineOf(url).dialect });
    const pragma = async (name: string) =>
      Object.values((await sql`pragma ${sql.raw(name)}`.execute(db)).rows[0] ?? {});
    expect(await pragma('journal_mode')).toEqual(['wal']);
    expect(await pragma('synchronous')).toEqual([2]);
    expect(await pragma('busy_timeout')).toEqual([5000]);
    expect(await pragma('foreign_keys')).toEqual([1]);
    await db.destroy();
  });

  it('takes the write lock when a transaction begins, so that none fails for what was written meanwhile', async () => {
    const url = await freshFile();
    await (await openStore({ url })).close();
    const db = new Kysely<unknown>({ dialect: engineOf(url).dialect });
    const other = new Database(url, { timeout: 0 });
    await db.transaction().execute(async () => {
      expect(() => other.exec('begin immediate')).toThrow(/locked/);
    });
    other.close();
    await db.destroy();
  });

  it('says so when the path is a directory or another kind of file', async () => {
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'These are notes and no database. '.repeat(100));
    for (const url of [folder, text, join(text, 'acas.db')]) {
      await expect(openStore({ url })).rejects.toMatchObject({
        code: 'store.unreachable',
        message: expect.stringContaining(url),
        fix: expect.stringContaining('path'),
      });
    }
  });
});

describe('the store on Postgres alone', () => {
  const secret = 'hunter2-secret';

  it.each([
    ['nothing listens there', () => `postgres://acas:${secret}@127.0.0.1:1/acas`],
    ['the password is wrong', () => serverUrl().replace('acas:acas', `acas:${secret}`)],
    ['there is no such database', () => `${serverUrl()}_absent?application_name=${secret}`],
    ['the address cannot be read', () => `postgres://acas:${secret}@[127.0.0.1:nowhere/acas`],
  ])('says where and what to do when %s, without the password', async (_, url) => {
    const failure = await openStore({ url: url() }).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(failure).toMatchObject({
      code: 'store.unreachable',
      fix: expect.stringContaining('DATABASE_URL'),
    });
    expect((failure as Error).message).toMatch(/127\.0\.0\.1:\d+\/|DATABASE_URL/);
    expect((failure as Error).message).not.toContain(secret);
  });

  it('goes on by itself after the server has ended its connections', async () => {
    const url = await freshDatabase();
    const store = await openStore({ url });
    await store.watermarks.set('a', '1');
    await runSql(
      serverUrl(),
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${new URL(url).pathname.slice(1)}'`,
    );
    const deadline = Date.now() + 5000;
    let answer: string | undefined;
    while (answer === undefined && Date.now() < deadline) {
      answer = await store.watermarks.get('a').catch((reason) => {
        expect(reason).toMatchObject({ code: 'store.unreachable' });
        return undefined;
      });
    }
    expect(answer).toBe('1');
    await store.close();
  });

  it('has the table that blobs are kept in', async () => {
    const databaseUrl = await freshDatabase();
    const store = await openStore({ url: databaseUrl });
    const blobs = openBlobs({ home: folder, databaseUrl });
    const ref = await blobs.put(Buffer.from('kept'));
    expect(Buffer.from(await blobs.get(ref)).toString()).toBe('kept');
    await blobs.close();
    await store.close();
  });
});

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import {
  type ColumnDataType,
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  type SqlBool,
  SqliteAdapter,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import pg from 'pg';
import { isBusy } from './failures.ts';
import { jsonToText } from './text.ts';
import { wired } from './wire.ts';

/** Milliseconds one process waits for another's write to a SQLite file. */
const busyTimeout = 5000;

type ColumnType = ColumnDataType | RawBuilder<unknown>;

/** All in which the two engines differ. */
export interface Engine {
  name: 'sqlite' | 'postgres';
  dialect: Dialect;
  columns: {
    /** Text compared by code points, so that paging orders alike on both engines. */
    id: ColumnType;
    json: ColumnType;
    time: ColumnType;
    bytes: ColumnType;
    flag: ColumnType;
    /** 64 bits: a run of 25 days has more milliseconds than 32 bits hold. */
    integer: ColumnType;
    /** Numbers itself, in the order of insertion. */
    serial: ColumnType;
  };
  /** True where the text column has `needle` somewhere in it; no wildcards. */
  contains(column: string, needle: string): RawBuilder<SqlBool>;
  /** True where the json column's `tags` list has `tag`. */
  hasTag(column: string, tag: string): RawBuilder<SqlBool>;
}

/** The engine for a database's address. Opens nothing yet. */
export const engineOf = (url: string): Engine =>
  /^postgres(ql)?:\/\//.test(url) ? postgres(url) : sqlite(url);

/** `begin` alone starts as a reader, and turning writer later fails at once when another process wrote meanwhile. */
class ImmediateSqliteDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
}

/** SQLite can roll back schema changes, so a migration cut off leaves nothing; Kysely does not make use of it. */
class TransactionalSqliteAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

function openFile(path: string): Database.Database {
  if (path !== ':memory:') mkdirSync(dirname(path), { recursive: true });
  const file = new Database(path, { timeout: busyTimeout });
  try {
    file.pragma(`busy_timeout = ${busyTimeout}`);
    file.pragma('journal_mode = WAL');
    // Not kept in the file: a reopened WAL database runs with NORMAL, which can lose commits at a power cut.
    file.pragma('synchronous = FULL');
    file.pragma('foreign_keys = ON');
    return file;
  } catch (problem) {
    file.close();
    throw problem;
  }
}

/**
 * Opens the file, again while it is busy: turning a new file to WAL needs it alone, and when several processes do so
 * at once SQLite refuses all but one without waiting.
 */
async function openSharedFile(path: string, deadline = Date.now() + busyTimeout): Promise<Database.Database> {
  try {
    return openFile(path);
  } catch (problem) {
    if (!isBusy(problem) || Date.now() > deadline) throw problem;
    await setTimeout(20);
    return openSharedFile(path, deadline);
  }
}

const sqlite = (path: string): Engine => ({
  name: 'sqlite',
  dialect: {
    createDriver: () =>
      wired(new ImmediateSqliteDriver({ database: () => openSharedFile(path) }), path, (value) =>
        typeof value === 'boolean' ? Number(value) : value,
      ),
    createAdapter: () => new TransactionalSqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  },
  columns: {
    id: 'text',
    json: 'text',
    time: 'text',
    bytes: 'blob',
    flag: 'integer',
    integer: 'integer',
    serial: 'integer',
  },
  contains: (column, needle) => sql<SqlBool>`instr(${sql.ref(column)}, ${needle}) > 0`,
  hasTag: (column, tag) => sql<SqlBool>`exists (
    select 1 from json_each(${sql.ref(column)}, '$.tags') as tag where tag.value = json_extract(${jsonToText([tag])}, '$[0]'))`,
});

/** Makes Postgres's rows read as SQLite's: json as text, times as ISO strings, whole numbers as numbers. */
const postgresTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    const { INT8, NUMERIC, TIMESTAMPTZ, JSONB } = pg.types.builtins;
    if (oid === JSONB) return (text: string) => text;
    if (oid === INT8 || oid === NUMERIC) return Number;
    if (oid !== TIMESTAMPTZ) return pg.types.getTypeParser(oid, format ?? 'text');
    const parse = pg.types.getTypeParser(oid, 'text') as (text: string) => Date;
    return (text: string) => parse(text).toISOString();
  },
};

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    types: postgresTypes,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    application_name: 'acas-runner',
  });
  // Without a listener the loss of an idle connection ends the process. The pool replaces it by itself, and
  // if the server is gone the next query says so.
  pool.on('error', () => undefined);
  return pool;
}

const postgres = (url: string): Engine => ({
  name: 'postgres',
  dialect: {
    createDriver: () => wired(new PostgresDriver({ pool: async () => openPool(url) }), url),
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  },
  columns: {
    id: sql`text collate "C"`,
    json: 'jsonb',
    time: sql`timestamptz(3)`,
    bytes: 'bytea',
    flag: 'boolean',
    integer: 'bigint',
    serial: sql`bigint generated always as identity`,
  },
  contains: (column, needle) => sql<SqlBool>`strpos(${sql.ref(column)}, ${needle}) > 0`,
  hasTag: (column, tag) => sql<SqlBool>`${sql.ref(column)} -> 'tags' @> ${jsonToText([tag])}::jsonb`,
});
